"""The bridge between the event loop and the model.

    Engine.open(request) -> Speech    feed(text), finish(), async for samples, cancel()

All state is in the event loop, in one scheduler task; only calls into the Synthesizer
run in the worker, one at a time. So nothing is shared between threads. A turn reads the
text of one speech and computes one piece of its audio; then the most urgent speech has
the next turn (order.py), so that no client waits for the whole answer of another. A
speech with a slow client is paused: its iterator waits until there is room.

Limits: open speeches (Busy), the wait for the first turn (Busy), text (TextTooLong),
computing time of a sentence (SynthesisTimeout), buffered audio. If a call does not
return even after cancellation, the engine is lost: ``wait_lost`` returns, and the
program should exit, because a thread cannot be killed.

The model can be switched at run time. A speech stays with the model it started with.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wyoming_cosyvoice.config import SoundConfig
from wyoming_cosyvoice.engine.job import Job
from wyoming_cosyvoice.engine.languages import LastLanguages
from wyoming_cosyvoice.engine.speech import Speech, SpeechRequest
from wyoming_cosyvoice.engine.switches import Switches, load_model
from wyoming_cosyvoice.engine.worker import Worker
from wyoming_cosyvoice.errors import Busy, CosyVoiceError, EngineLost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wyoming_cosyvoice.config import Limits, SpeechConfig
    from wyoming_cosyvoice.engine.switches import Load
    from wyoming_cosyvoice.synth.interface import Synthesizer
    from wyoming_cosyvoice.voices import Voice

__all__ = ["Engine", "Speech", "SpeechRequest"]

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Engine:
    """Schedule speech requests for a model that runs in a separate thread.

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
        """Prepare; ``voices`` are announced until ``load`` has returned.

        ``sound`` is the audio processing, None the default. ``on_ended`` is called once
        for each finished speech.
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
        self._switches = Switches()
        self._has_work = asyncio.Event()
        self._ready = asyncio.Event()
        self._is_lost = asyncio.Event()
        self._lost: CosyVoiceError | None = None
        self._worker: Worker | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Voices of the current model."""
        if self._synthesizer is None:
            return self._voices
        return self._synthesizer.voices

    @property
    def abilities(self) -> tuple[str, ...]:
        """What the model can do, in words of ``synth.abilities``; () while it loads."""
        return () if self._synthesizer is None else self._synthesizer.abilities

    @property
    def is_ready(self) -> bool:
        """Whether a model is loaded."""
        return self._ready.is_set()

    @property
    def lost(self) -> CosyVoiceError | None:
        """The error of a lost engine; None while it works."""
        return self._lost

    @property
    def open_speeches(self) -> int:
        """Number of requests that are queued or being spoken."""
        return sum(not speech.is_ended for speech in self._jobs)

    @property
    def idle_streams(self) -> int:
        """Number of open streams that are waiting for text."""
        return sum(job.is_idle for job in self._jobs.values())

    async def start(self) -> None:
        """Start to load the model; returns at once."""
        self._loop = asyncio.get_running_loop()
        self._worker = Worker("model")
        self._task = asyncio.create_task(self._run(self._worker), name="engine")

    async def wait_ready(self) -> None:
        """Wait until a model is loaded."""
        await self._ready.wait()

    async def wait_lost(self) -> CosyVoiceError:
        """Wait until the engine is lost, and return the error."""
        await self._is_lost.wait()
        return self._lost or EngineLost("The engine stopped.")

    async def stop(self, wait_s: float = 0.0) -> bool:
        """End all speeches; return whether the worker stopped in time."""
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
        """Load another model between two turns and use it for new speeches.

        Raises: errors of ``load``; the current model then stays in use.
        """
        if self._lost is not None:
            raise self._lost
        done = self._switches.add(load)
        self._has_work.set()
        await done

    def switch_from_thread(self, load: Load) -> None:
        """Do the same from another thread, and wait until it is done.

        Raises: what ``switch`` raises; EngineLost if the engine is not running.
        """
        if self._loop is None or self._loop.is_closed():
            raise EngineLost("The engine is not running.")
        asyncio.run_coroutine_threadsafe(self.switch(load), self._loop).result()

    async def run(self, call: Callable[[Synthesizer], _Result]) -> _Result:
        """Run a call in the worker with the current model, once it is loaded.

        Raises: errors of ``call``; the error of a lost engine.
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

        Streams that are waiting for text have a separate limit.
        Raises: Busy if too many are open; the error of a lost engine.
        """
        if self._lost is not None:
            raise self._lost
        if self._worker is None:
            raise RuntimeError("The engine was not started.")
        most = 1 + self._limits.waiting
        idle = self.idle_streams
        if self.open_speeches - idle >= most:
            raise Busy(f"All {most} requests are active.", remedy="Try again soon.")
        if idle >= self._limits.idle_streams:
            raise Busy(
                f"{idle} open streams are waiting for text.",
                remedy="Open a stream when there is text for it.",
            )
        speech = Speech(request, self._limits, self._wake)
        job = Job(
            speech,
            self._worker,
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
            synthesizer = await load_model(worker, self._load)
            while True:
                self._synthesizer = synthesizer
                self._ready.set()
                await self._schedule(synthesizer)
                synthesizer = await self._switches.next_model(worker, synthesizer)
        except CosyVoiceError as lost:
            error = lost
        # A bug here would block all clients; report it to them instead.
        except Exception:
            _LOGGER.exception("The engine failed")
            error = EngineLost("The engine failed.", remedy="Restart the program.")
        self._fail_all(error)

    async def _schedule(self, synthesizer: Synthesizer) -> None:
        """Schedule turns until a switch is requested."""
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
        """Return the runnable jobs, most urgent first.

        Jobs that only need to be closed come first; ties are resolved by age.
        """
        waiting = [job for job in self._jobs.values() if job.is_waiting]
        return sorted(waiting, key=lambda job: (not job.speech.is_ended, job.due))

    async def _prepare_another(
        self, waiting: Sequence[Job], synthesizer: Synthesizer
    ) -> None:
        """Let one more sentence join the decoding batch of the next turn.

        One per turn: processing its prompt delays the audio that is due.
        """
        job = waiting[0]
        if synthesizer.max_batch == 1 or job.speech.is_ended:
            return
        for other in waiting:
            if other is job and job.speech.audio_until is None:
                continue
            if await other.prepare(synthesizer):
                return

    def _fail_all(self, error: CosyVoiceError) -> None:
        if self._lost is None:
            self._lost = error
        self._is_lost.set()
        for job in tuple(self._jobs.values()):
            job.speech.end(error)
            self._forget(job)
        self._switches.fail_all(error)

    def _forget(self, job: Job) -> None:
        """Drop a job whose speech has ended."""
        job.close()
        if self._jobs.pop(job.speech, None) is not None:
            self._on_ended(job.speech)
