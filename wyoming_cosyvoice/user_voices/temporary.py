"""Temporary voices: made from the recording of a single request."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import OrderedDict
from operator import methodcaller
from typing import TYPE_CHECKING

from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.machine.memory import trim_heap
from wyoming_cosyvoice.voices import Voice, base_language

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.synth.interface import Synthesizer

_MAX_VOICES = 8


class TemporaryVoices:
    """The most recent temporary voices, not listed. Lives in the event loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._users: OrderedDict[str, int] = OrderedDict()
        """Voice -> requests that use it, least recently used first."""

    @contextlib.asynccontextmanager
    async def voice(
        self, content: bytes, transcript: str, language: str | None
    ) -> AsyncGenerator[Voice]:
        """Yield a voice made from a recording.

        A few are cached for the next request with the same recording.
        Raises: BadRecording, ModelUnsupported, SynthesisError.
        """
        digest = hashlib.sha256(f"{transcript}\0{language}\0".encode() + content)
        voice_id = f"~{digest.hexdigest()[:24]}"
        voice = Voice(voice_id, voice_id, voice_id, voice_id, ())
        if voice_id not in self._users:
            recording = await asyncio.to_thread(load_recording, content)
            base = base_language(language) if language else None

            def add(synthesizer: Synthesizer) -> None:
                features = {"neutral": synthesizer.listen(recording, transcript)}
                synthesizer.add_voice(voice, features, language=base, is_listed=False)

            await self._engine.run(add)
            del recording
        del content
        # Return the memory that decoding and extraction have freed.
        await asyncio.to_thread(trim_heap)
        self._users[voice_id] = self._users.get(voice_id, 0) + 1
        self._users.move_to_end(voice_id)
        try:
            await self._drop_idle()
            yield voice
        finally:
            # A new model does not have it; running requests stay with the old model.
            if voice_id in self._users:
                self._users[voice_id] -= 1

    def clear(self) -> None:
        """Drop all voices after a model switch."""
        self._users.clear()

    async def _drop_idle(self) -> None:
        """Drop the oldest voices that are not in use."""
        idle = [voice_id for voice_id, users in self._users.items() if not users]
        for voice_id in idle[: max(0, len(self._users) - _MAX_VOICES)]:
            del self._users[voice_id]
            await self._engine.run(methodcaller("remove_voice", voice_id))
