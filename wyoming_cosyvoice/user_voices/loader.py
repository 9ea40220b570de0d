"""Add the user's voices to the loaded model, and remove them from it.

The features of a recording are extracted in the engine's worker, or come from the cache
of an earlier extraction.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import (
    CosyVoiceError,
    FolderUnreachable,
    ModelUnsupported,
)
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.files import TimeLimit
from wyoming_cosyvoice.machine.memory import trim_heap
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY
from wyoming_cosyvoice.user_voices import feature_cache
from wyoming_cosyvoice.user_voices.store import read_recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.files import Result
    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.synth.interface import Synthesizer
    from wyoming_cosyvoice.user_voices.folder import StoredVoice

_LOGGER = logging.getLogger(__name__)

_TIME_LIMIT_S = 20.0
"""A scan writes up to ten recordings of 16 MB, and the SD card may be slow."""


@dataclass(slots=True)
class Entry:
    """A voice in the folder, and its state in the model in use."""

    stored: StoredVoice
    stamp: tuple[object, ...] | None = None
    """Fingerprint of ``stored`` at the last extraction."""
    state: str = "waiting"
    """waiting, listening, ready, failed or unusable."""
    reason: str = ""
    """Reason of failed or unusable."""
    notices: tuple[str, ...] = ()
    """Advice on its recordings."""
    is_added: bool = False
    """Whether it was added to the model."""


class VoiceLoader:
    """The user's voices and their states in the loaded model. Lives in the event loop.

    A voice may be deleted or edited while its features are extracted: an entry is
    current as long as ``entries`` holds it and its fingerprint is the same.
    """

    def __init__(self, engine: Engine) -> None:
        self.entries: dict[str, Entry] = {}
        """Voices of the folder by id."""
        self.synthesizer: Synthesizer | None = None
        """The loaded model; None until ``check_model``."""
        self._engine = engine
        self._files = TimeLimit("The folder of voices", _TIME_LIMIT_S)

    async def with_files(
        self, work: Callable[..., Result], *arguments: object
    ) -> Result:
        """Work on the folder outside the event loop, for a limited time.

        Raises: FolderUnreachable if the folder does not answer; what the work raises.
        """
        return await asyncio.to_thread(self._files.run, partial(work, *arguments))

    async def check_model(self) -> bool:
        """Detect a model switch: all voices must be added to a new model."""
        synthesizer = await self._engine.run(lambda synthesizer: synthesizer)
        if synthesizer is self.synthesizer:
            return False
        self.synthesizer = synthesizer
        for entry in self.entries.values():
            entry.stamp, entry.is_added = None, False
        return True

    def check_can_clone(self) -> None:
        """Raise ModelUnsupported if the model cannot clone voices."""
        if self.synthesizer is None or self.synthesizer.cloning_key is None:
            raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)

    def update(self, voice: StoredVoice) -> Entry:
        """Return the entry of a voice that was just read or written."""
        entry = self.entries.setdefault(voice.id, Entry(voice))
        entry.stored = voice
        return entry

    async def add(self, entry: Entry) -> None:
        """Extract or load the features of a voice and add it to the model.

        Raises: OSError if its recording is missing.
        """
        voice = entry.stored
        if self.entries.get(voice.id) is not entry:
            return  # deleted while others were processed
        stamp = entry.stamp = await self.with_files(partial(getattr, voice, "stamp"))
        if self.synthesizer is None or self.synthesizer.cloning_key is None:
            entry.state, entry.reason = "unusable", f"{CANNOT_CLONE} {CLONING_REMEDY}"
            return
        reported = entry.reason
        entry.state, entry.reason = "listening", ""
        try:
            notices = await self._add_to_model(entry, self.synthesizer.cloning_key)
        except CosyVoiceError as error:
            reason = str(error)
            if reason != reported:
                _LOGGER.warning("The voice %s cannot be used: %s", voice.id, error)
            if isinstance(error, FolderUnreachable) and self._is_current(entry, stamp):
                stamp = entry.stamp = None  # the next scan tries again
        # A bug or an unexpected file must not affect the other voices.
        except Exception:
            reason = "Analysing the recording failed; see the log."
            _LOGGER.exception(
                "Extracting the features of the voice %s failed", voice.id
            )
        else:
            reason = ""
        if not self._is_current(entry, stamp):
            return
        if reason:
            await self.remove(entry)  # from the previous version
            entry.state, entry.reason = "failed", reason
            return
        entry.state, entry.notices = "ready", notices
        _LOGGER.info("The voice %s is ready", voice.id)

    async def remove(self, entry: Entry) -> None:
        """Remove a voice from the model."""
        # The worker may be processing another recording, which takes seconds.
        if entry.is_added:
            entry.is_added = False
            await self._engine.run(methodcaller("remove_voice", entry.stored.id))

    def _is_current(self, entry: Entry, stamp: tuple[object, ...] | None) -> bool:
        """Whether neither the voice nor the model has changed."""
        return self.entries.get(entry.stored.id) is entry and entry.stamp == stamp

    async def _add_to_model(self, entry: Entry, key: str) -> tuple[str, ...]:
        """Add a voice to the model unless it was deleted; return advice on it."""
        voice, stamp = entry.stored, entry.stamp
        features = {
            emotion: await self._extract(voice, emotion, key)
            for emotion in voice.recordings
        }
        if self._is_current(entry, stamp):
            entry.is_added = True
            await self._engine.run(
                lambda synthesizer: synthesizer.add_voice(
                    voice.voice, features, language=voice.language, is_listed=True
                )
            )
        # Return memory that was freed since the networks were closed.
        await asyncio.to_thread(trim_heap)
        notices = (notice for one in features.values() for notice in one.notices)
        return tuple(dict.fromkeys((*voice.problems, *notices)))

    async def _extract(
        self, voice: StoredVoice, emotion: str, key: str
    ) -> PromptFeatures:
        """Return the features of a recording, from the cache if possible."""
        stored = await self.with_files(feature_cache.load_features, voice, emotion, key)
        if stored is not None:
            return stored
        transcript = voice.transcripts.get(emotion, "")
        content, mark = await self.with_files(read_recording, voice, emotion)
        recording = await asyncio.to_thread(load_recording, content)
        features = await self._engine.run(lambda s: s.listen(recording, transcript))
        save = partial(feature_cache.save_features, voice, emotion, key, features, mark)
        await self.with_files(save)
        return features
