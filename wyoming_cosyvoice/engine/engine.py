"""The bridge between the event loop and the model.

    Engine.open(request) -> Speech    feed(text), finish(), async for samples, cancel()

All bookkeeping is in the event loop, in one task that gives turns; only the calls into
the Synthesizer run in the worker, one at a time. So nothing is shared between threads.

A turn reads the text of one speech and makes one piece of its sound; then the speech
that needs it most has the next turn (order.py), so that nobody waits for the whole of
another's answer. A speech whose listener is slow is parked: its iterator stays where it
is until there is room.

What bounds it: speeches that are open (Busy), the wait for the first turn (Busy), text
(TextTooLong), computing time of a sentence (SynthesisTimeout), sound made ahead. A call
that does not return even when it is told to stop loses the engine: ``wait_lost`` says
so, and the program should exit, because a thread cannot be ended from outside.

Models may be switched while it runs. A speech stays with the model it began with.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wyoming_cosyvoice.config import SoundConfig
from wyoming_cosyvoice.engine.job import Job
from wyoming_cosyvoice.engine.languages import LastLanguages
from wyoming_cosyvoice.engine.speech import Speech, SpeechRequest
from wyoming_cosyvoice.engine.worker import Worker
from wyoming_cosyvoice.errors import Busy, CosyVoiceError, EngineLost, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wyoming_cosyvoice.config import Limits, SpeechConfig
    from wyoming_cosyvoice.synth.interface import Synthesizer
    from wyoming_cosyvoice.voices import Voice

    Load = Callable[[], Synthesizer]

__all__ = ["Engine", "Speech", "SpeechRequest"]

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Engine:
    """Speak requests in turn with a model that runs in a thread of its own.

    Used from one event loop, from ``start`` to ``stop``.
    """

    def __init__(
        self,
        load: Load,
        voices: tuple[Voice, ...],
        *,
        limits: Limits,
        defaults: SpeechConfig,
        sound: SoundConfig | None = None,
        on_ended: Callable[[Speech], None] = lambda _: None,
    ) -> None:
        """Prepare; ``voices`` are what is announced until ``load`` has returned.

        ``sound`` says what is done to all samples; None is the usual. ``on_ended`` is
        called once for each speech when no more work is done for it.
        """
        self._load = load
        self._voices = voices
        self._limits = limits
        self._defaults = defaults
        self._sound = sound or SoundConfig()
        self._on_ended = on_ended
        self._languages = LastLanguages()
        self._synthesizer: Synthesizer | None = None
        self._jobs: dict[Speech, Job] = {}
        self._switches: deque[tuple[Load, asyncio.Future[None]]] = deque()
        self._has_work = asyncio.Event()
        self._ready = asyncio.Event()
        self._is_lost = asyncio.Event()
        self._lost: CosyVoiceError | None = None
        self._worker: Worker | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Voices of the model that new speeches get."""
        if self._synthesizer is None:
            return self._voices
        return self._synthesizer.voices

    @property
    def is_ready(self) -> bool:
        """Whether a model is loaded."""
        return self._ready.is_set()

    @property
    def lost(self) -> CosyVoiceError | None:
        """Why the engine cannot speak any more; None while it can."""
        return self._lost

    @property
    def open_speeches(self) -> int:
        """Requests that are waiting or being spoken."""
        return sum(not speech.is_ended for speech in self._jobs)

    @property
    def idle_streams(self) -> int:
        """Requests that are open and have nothing to speak yet."""
        return sum(job.is_idle for job in self._jobs.values())

    async def start(self) -> None:
        """Begin to load the model; returns at once."""
        self._loop = asyncio.get_running_loop()
        self._worker = Worker("model")
        self._task = asyncio.create_task(self._run(self._worker), name="engine")

    async def wait_ready(self) -> None:
        """Wait until a model is loaded."""
        await self._ready.wait()

    async def wait_lost(self) -> CosyVoiceError:
        """Wait until the engine cannot speak any more, and return why."""
        await self._is_lost.wait()
        return self._lost or EngineLost("The engine stopped.")

    async def stop(self, wait_s: float = 0.0) -> bool:
        """End every speech; return whether the worker came to rest in time."""
        self._fail_all(Busy("The server is stopping."))
        worker, self._worker = self._worker, None
        if self._task is None or worker is None:
            return True
        self._task.cancel()
        await asyncio.wait((self._task,))
        at_rest = worker.run(lambda: None)
        worker.stop()
        done, _ = await asyncio.wait((at_rest,), timeout=wait_s)
        return bool(done)

    async def switch(self, load: Load) -> None:
        """Load another model between two turns; new speeches are spoken with it.

        Raises: ModelError or what else of ours ``load`` raises; the model in use stays.
        """
        if self._lost is not None:
            raise self._lost
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._switches.append((load, done))
        self._has_work.set()
        await done

    def switch_from_thread(self, load: Load) -> None:
        """Do the same from another thread, and wait until it is done.

        Raises: what ``switch`` raises; EngineLost if the engine is not running.
        """
        if self._loop is None or self._loop.is_closed():
            raise EngineLost("The engine does not run.")
        asyncio.run_coroutine_threadsafe(self.switch(load), self._loop).result()

    async def run(self, call: Callable[[Synthesizer], _Result]) -> _Result:
        """Run a call in the worker with the model in use, once there is one.

        Raises: what ``call`` raises; what ended the engine, if it is lost.
        """
        ready = asyncio.ensure_future(self._ready.wait())
        lost = asyncio.ensure_future(self._is_lost.wait())
        try:
            await asyncio.wait((ready, lost), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
            lost.cancel()
        if self._lost is not None or self._synthesizer is None or self._worker is None:
            raise self._lost or EngineLost("The engine stopped.")
        return await self._worker.run(partial(call, self._synthesizer))

    def open(self, request: SpeechRequest) -> Speech:
        """Accept a request.

        A stream whose text is still to come takes no place of those who speak.
        Raises: Busy if too many are open; what ended the engine, if it is lost.
        """
        if self._lost is not None:
            raise self._lost
        if self._worker is None:
            raise RuntimeError("The engine was not started.")
        most = 1 + self._limits.waiting
        idle = self.idle_streams
        if self.open_speeches - idle >= most:
            raise Busy(f"All {most} places are taken.", remedy="Try again soon.")
        if idle >= self._limits.idle_streams:
            raise Busy(
                f"{idle} streams are open and wait for text.",
                remedy="Open a stream when there is text for it.",
            )
        speech = Speech(request, self._limits, self._wake)
        job = Job(
            speech,
            self._worker,
            self._limits,
            self._defaults,
            self._sound,
            self._languages,
        )
        if self._synthesizer is not None:
            job.bind(self._synthesizer)
        self._jobs[speech] = job
        return speech

    def _wake(self, speech: Speech) -> None:
        """Wake the scheduler for ``speech``."""
        job = self._jobs.get(speech)
        if job is None:
            return
        if speech.is_ended and not job.holds_segment:
            self._forget(job)
            return
        job.note_input()
        self._has_work.set()

    async def _run(self, worker: Worker) -> None:
        try:
            synthesizer = await _load_model(worker, self._load)
            while True:
                self._synthesizer = synthesizer
                self._ready.set()
                await self._schedule(synthesizer)
                synthesizer = await self._switched(worker, synthesizer)
        except CosyVoiceError as lost:
            error = lost
        # A bug here would leave every client waiting; let them know instead.
        except Exception:
            _LOGGER.exception("The engine failed")
            error = EngineLost("The engine failed.", remedy="Restart the program.")
        self._fail_all(error)

    async def _schedule(self, synthesizer: Synthesizer) -> None:
        """Give turns until a switch is asked for."""
        while not self._switches:
            self._has_work.clear()
            waiting = self._waiting_jobs()
            if not waiting:
                await self._has_work.wait()
                continue
            job = waiting[0]
            await self._prepare_another(waiting, synthesizer)
            await job.turn(synthesizer)
            if job.speech.is_ended:
                self._forget(job)

    def _waiting_jobs(self) -> list[Job]:
        """Return the jobs with something to do, the most urgent first.

        Before all others those that only have to be closed; among those due at the same
        moment, the one that was opened first.
        """
        waiting = [job for job in self._jobs.values() if job.is_waiting]
        return sorted(waiting, key=lambda job: (not job.speech.is_ended, job.due))

    async def _prepare_another(
        self, waiting: Sequence[Job], synthesizer: Synthesizer
    ) -> None:
        """Have one more sentence join those that the first job's turn will decode.

        One in each turn: reading its prompt delays the sound that is due.
        """
        job = waiting[0]
        if synthesizer.most_together == 1 or job.speech.is_ended:
            return
        for other in waiting:
            if other is job and job.speech.heard_until is None:
                continue
            if await other.prepare(synthesizer):
                return

    async def _switched(self, worker: Worker, used: Synthesizer) -> Synthesizer:
        """Return the model that was asked for, or ``used`` if it cannot be loaded."""
        load, done = self._switches.popleft()
        try:
            loaded = await _load_model(worker, load)
        except CosyVoiceError as error:
            if not done.done():
                done.set_exception(error)
            return used
        if not done.done():
            done.set_result(None)
        return loaded

    def _fail_all(self, error: CosyVoiceError) -> None:
        if self._lost is None:
            self._lost = error
        self._is_lost.set()
        for job in tuple(self._jobs.values()):
            job.speech.end(error)
            self._forget(job)
        for _, done in self._switches:
            if not done.done():
                done.set_exception(error)
        self._switches.clear()

    def _forget(self, job: Job) -> None:
        """Drop a job whose speech has ended."""
        job.close()
        if self._jobs.pop(job.speech, None) is not None:
            self._on_ended(job.speech)


async def _load_model(worker: Worker, load: Load) -> Synthesizer:
    try:
        return await worker.run(load)
    except CosyVoiceError:
        raise
    except Exception as cause:
        _LOGGER.exception("Loading the model failed")
        raise ModelError(
            "The model could not be loaded.", remedy="See the log for details."
        ) from cause
