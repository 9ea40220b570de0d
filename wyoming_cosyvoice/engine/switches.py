"""Models in the worker: the first one, and requested switches to others."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import CosyVoiceError, ModelError

if TYPE_CHECKING:
    from wyoming_cosyvoice.engine.worker import Worker
    from wyoming_cosyvoice.synth.interface import Synthesizer

_LOGGER = logging.getLogger(__name__)

Load = Callable[[], "Synthesizer"]
"""Opens a model; runs in the worker."""


class Switches:
    """The switches that are requested and not done yet; lives in the event loop."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Load, asyncio.Future[None]]] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, load: Load) -> asyncio.Future[None]:
        """Request a switch; the future is done with it, or has the error of ``load``.

        The current model then stays in use.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((load, done))
        return done

    async def next_model(self, worker: Worker, current: Synthesizer) -> Synthesizer:
        """Return the model of the first switch, or ``current`` if it does not load."""
        load, done = self._waiting.popleft()
        try:
            loaded = await load_model(worker, load)
        except CosyVoiceError as error:
            if not done.done():
                done.set_exception(error)
            return current
        if not done.done():
            done.set_result(None)
        return loaded

    def fail_all(self, error: CosyVoiceError) -> None:
        """End all requests."""
        for _, done in self._waiting:
            if not done.done():
                done.set_exception(error)
        self._waiting.clear()


async def load_model(worker: Worker, load: Load) -> Synthesizer:
    """Return the model that ``load`` opens.

    Raises: CosyVoiceError.
    """
    try:
        return await worker.run(load)
    except CosyVoiceError:
        raise
    except Exception as cause:
        _LOGGER.exception("Loading the model failed")
        raise ModelError(
            "The model could not be loaded.", remedy="See the log for details."
        ) from cause
