"""Calls into the worker that share the time limit of a sentence."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from wyoming_cosyvoice.errors import EngineLost, SynthesisTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.engine.worker import Worker

_Result = TypeVar("_Result")


class TimedCalls:
    """Runs calls for one Speech, which ends if they take too long.

    The engine is lost if a call does not return even then.
    """

    def __init__(self, speech: Speech, worker: Worker) -> None:
        self._speech = speech
        self._worker = worker
        self._limits = speech.limits
        self._left_s = speech.limits.sentence_s

    def allow(self, audio_s: float = 0.0) -> None:
        """Start the time limit of a sentence of ``audio_s``, or of reading text."""
        needed_s = self._limits.sentence_per_audio * audio_s
        self._left_s = max(self._limits.sentence_s, needed_s)

    async def run(self, call: Callable[[], _Result]) -> _Result:
        """Run a call in the worker, within the rest of the time limit.

        Raises: EngineLost, and what the call raises.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        future = self._worker.run(call)
        done, _ = await asyncio.wait((future,), timeout=max(0.0, self._left_s))
        if not done:
            self._speech.end(
                SynthesisTimeout("A sentence took too long and was cancelled.")
            )
            done, _ = await asyncio.wait((future,), timeout=self._limits.stuck_s)
        took_s = loop.time() - began
        self._left_s -= took_s
        self._speech.stats.computing_s += took_s
        if not done:
            raise EngineLost(
                f"The model did not stop within {self._limits.stuck_s:g} s.",
                remedy="Restart the program.",
            )
        return future.result()
