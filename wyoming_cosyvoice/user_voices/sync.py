"""Synchronize the folder of user voices with the loaded model.

A task scans the folder every two seconds. Features of new voices are extracted in the
engine's worker, then the voices are added to the model; deleted voices are removed.
After a model switch all voices are added again, from cached features.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import CosyVoiceError
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY
from wyoming_cosyvoice.user_voices.loader import VoiceLoader
from wyoming_cosyvoice.user_voices.store import VoiceStore, sample
from wyoming_cosyvoice.user_voices.temporary import TemporaryVoices

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

_SCAN_S = 2.0


@dataclass(frozen=True, slots=True)
class UserVoice:
    """Snapshot of a user voice."""

    voice: Voice
    state: str
    """State: waiting, listening, ready, failed or unusable."""

    notices: tuple[str, ...] = ()
    """Advice on the recordings, or why the voice cannot be used."""


@dataclass(frozen=True, slots=True)
class Cloning:
    """Whether the model can clone voices now."""

    is_possible: bool
    reason: str = ""
    remedy: str | None = None


class UserVoices:
    """The user's voices, in the folder and in the model. Lives in the event loop."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._store = VoiceStore(folder)
        self._loader = VoiceLoader(engine)
        self._temporary = TemporaryVoices(engine)
        # Held while files are changed, but not during feature extraction: that takes
        # seconds, and a voice can be deleted meanwhile.
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to watch the folder."""
        self._task = asyncio.create_task(self._watch(), name="user voices")

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def has(self, voice_id: str) -> bool:
        """Whether a voice is a user voice."""
        return voice_id in self._loader.entries

    def notices(self, voice_id: str) -> list[str]:
        """Return the advice on the recordings of a voice."""
        entry = self._loader.entries.get(voice_id)
        return [] if entry is None else list(entry.notices)

    def emotion_by(self, voice_id: str) -> str:
        """Return how a voice shows emotion: instruction, recordings or prosody."""
        if self._loader.synthesizer is None:
            return "prosody"
        return self._loader.synthesizer.emotion_by(voice_id)

    def cloning(self) -> Cloning:
        """Return whether the model can clone voices, and if not, what to do."""
        if self._loader.synthesizer is None:
            return Cloning(is_possible=False, reason="The model is being loaded.")
        if self._loader.synthesizer.cloning_key is None:
            return Cloning(
                is_possible=False, reason=CANNOT_CLONE, remedy=CLONING_REMEDY
            )
        return Cloning(is_possible=True)

    def unfinished(self) -> list[UserVoice]:
        """Return the voices that cannot be used, or not yet, and why.

        A voice whose features are extracted again is not included: it is still usable.
        """
        usable = {voice.id for voice in self._engine.voices}
        return [
            UserVoice(
                entry.stored.voice,
                # The model was switched, and the voice is not added yet.
                "waiting" if entry.state == "ready" else entry.state,
                (*([entry.reason] if entry.reason else []), *entry.stored.problems),
            )
            for voice_id, entry in self._loader.entries.items()
            if voice_id not in usable
        ]

    async def create(
        self,
        name: str,
        content: bytes,
        *,
        transcript: str = "",
        languages: tuple[str, ...] = (),
        emotion: str = "neutral",
    ) -> UserVoice:
        """Create a voice from a recording.

        Raises: BadRecording, BadParameter, ModelUnsupported, CosyVoiceError.
        """
        await self._check_model()
        self._loader.check_can_clone()
        recording = await asyncio.to_thread(load_recording, content)
        add = partial(
            self._store.add,
            name,
            content,
            transcript=transcript,
            languages=languages,
            emotion=emotion,
            taken=self._built_in(),
        )
        async with self._writing:
            voice = await self._loader.with_files(add)
            entry = self._loader.update(voice)
        with contextlib.suppress(OSError):  # deleted or replaced meanwhile
            await self._loader.add(entry)
        if self._loader.entries.get(voice.id) is not entry:
            entry.state, entry.reason = "failed", "The voice was deleted meanwhile."
        notices = dict.fromkeys((*recording.notices, *entry.notices))
        if entry.reason:
            notices[entry.reason] = None
        return UserVoice(voice.voice, entry.state, tuple(notices))

    async def delete(self, voice_id: str) -> None:
        """Delete a voice with its recordings.

        Raises: VoiceNotFound, CosyVoiceError.
        """
        async with self._writing:
            await self._loader.with_files(self._store.delete, voice_id)
            entry = self._loader.entries.pop(voice_id, None)
        if entry is not None:
            await self._loader.remove(entry)

    async def sample(self, voice_id: str) -> tuple[bytes, str]:
        """Return a recording of a voice and its content type.

        Raises: VoiceNotFound.
        """
        voice = await self._loader.with_files(self._store.get, voice_id)
        return await self._loader.with_files(sample, voice)

    @contextlib.asynccontextmanager
    async def temporary(
        self, content: bytes, transcript: str, language: str | None
    ) -> AsyncGenerator[Voice]:
        """Yield a voice made from a recording, for one request.

        Raises: BadRecording, ModelUnsupported, SynthesisError.
        """
        await self._check_model()
        self._loader.check_can_clone()
        temporary = self._temporary.voice(content, transcript, language)
        del content  # many megabytes, and the request may take long
        async with temporary as voice:
            yield voice

    async def scan(self) -> None:
        """Scan the folder once and apply all changes."""
        await self._check_model()
        async with self._writing:
            await self._loader.with_files(self._store.import_dropped, self._built_in())
            voices = {
                v.id: v for v in await self._loader.with_files(self._store.voices)
            }
            gone = [
                self._loader.entries.pop(key)
                for key in {*self._loader.entries} - {*voices}
            ]
            entries = [self._loader.update(voice) for voice in voices.values()]
        for entry in gone:
            await self._loader.remove(entry)
        for entry in entries:
            with contextlib.suppress(OSError):  # deleted concurrently
                stamp = await self._loader.with_files(
                    partial(getattr, entry.stored, "stamp")
                )
                if entry.stamp != stamp:
                    await self._loader.add(entry)

    async def _watch(self) -> None:
        reported = ""
        while True:
            try:
                await self.scan()
                reported = ""
            except (CosyVoiceError, OSError) as error:
                if self._engine.lost is not None:
                    return
                if str(error) != reported:
                    reported = str(error)
                    _LOGGER.warning("Cannot update the user voices: %s", reported)
            # The task must survive any content of the folder.
            except Exception:
                _LOGGER.exception("Updating the user voices failed")
            await asyncio.sleep(_SCAN_S)

    async def _check_model(self) -> None:
        """Detect a model switch: a new model has no temporary voices."""
        if await self._loader.check_model():
            self._temporary.clear()

    def _built_in(self) -> set[str]:
        """Return the ids of the model's built-in voices."""
        return {v.id for v in self._engine.voices if v.id not in self._loader.entries}
