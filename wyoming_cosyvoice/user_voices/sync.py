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
from operator import methodcaller
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import CosyVoiceError, ModelUnsupported
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.files import Patience
from wyoming_cosyvoice.machine.memory import trim_heap
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY
from wyoming_cosyvoice.user_voices import feature_cache
from wyoming_cosyvoice.user_voices.store import VoiceStore, read_recording, sample
from wyoming_cosyvoice.user_voices.temporary import TemporaryVoices

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.files import Result
    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.synth.interface import Synthesizer
    from wyoming_cosyvoice.user_voices.folder import StoredVoice
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

_SCAN_S = 2.0
_PATIENCE_S = 20.0
"""One look writes up to ten recordings of 16 MB, and the card may be slow."""


@dataclass(frozen=True, slots=True)
class OwnVoice:
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


@dataclass(slots=True)
class _Entry:
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
    is_announced: bool = False
    """Whether it was added to the model."""


class OwnVoices:
    """The user's voices, in the folder and in the engine. Lives in the event loop."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._store = VoiceStore(folder)
        self._patience = Patience("The folder of voices", _PATIENCE_S)
        self._synthesizer: Synthesizer | None = None
        self._entries: dict[str, _Entry] = {}
        self._borrowed = TemporaryVoices(engine)
        # Held while files are changed, but not during feature extraction: that takes
        # seconds, and a voice can be deleted meanwhile.
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to watch the folder."""
        self._task = asyncio.create_task(self._keep_looking(), name="own voices")

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def has(self, voice_id: str) -> bool:
        """Whether a voice is a user voice."""
        return voice_id in self._entries

    def notices(self, voice_id: str) -> list[str]:
        """Return the advice on the recordings of a voice."""
        entry = self._entries.get(voice_id)
        return [] if entry is None else list(entry.notices)

    def emotion_by(self, voice_id: str) -> str:
        """Return how a voice shows emotion: instruction, recordings or prosody."""
        if self._synthesizer is None:
            return "prosody"
        return self._synthesizer.emotion_by(voice_id)

    def cloning(self) -> Cloning:
        """Return whether the model can clone voices, and if not, what to do."""
        if self._synthesizer is None:
            return Cloning(is_possible=False, reason="The model is being loaded.")
        if self._synthesizer.cloning_key is None:
            return Cloning(
                is_possible=False, reason=CANNOT_CLONE, remedy=CLONING_REMEDY
            )
        return Cloning(is_possible=True)

    def unfinished(self) -> list[OwnVoice]:
        """Return the voices that cannot be used, or not yet, and why.

        A voice whose features are extracted again is not included: it is still usable.
        """
        usable = {voice.id for voice in self._engine.voices}
        return [
            OwnVoice(
                entry.stored.voice,
                # The model was switched, and the voice is not added yet.
                "waiting" if entry.state == "ready" else entry.state,
                (*([entry.reason] if entry.reason else []), *entry.stored.problems),
            )
            for voice_id, entry in self._entries.items()
            if voice_id not in usable
        ]

    async def make(
        self,
        name: str,
        content: bytes,
        *,
        transcript: str = "",
        languages: tuple[str, ...] = (),
        emotion: str = "neutral",
    ) -> OwnVoice:
        """Make a voice from a recording.

        Raises: BadRecording, BadParameter, ModelUnsupported, CosyVoiceError.
        """
        await self._meet()
        self._check_listens()
        recording = await asyncio.to_thread(load_recording, content)
        add = partial(
            self._store.add,
            name,
            content,
            transcript=transcript,
            languages=languages,
            emotion=emotion,
            taken=self._taken(),
        )
        async with self._writing:
            voice = await self._with_files(add)
            entry = self._entry(voice)
        with contextlib.suppress(OSError):  # deleted or replaced meanwhile
            await self._take_in(entry)
        if self._entries.get(voice.id) is not entry:
            entry.state, entry.reason = "failed", "The voice was deleted meanwhile."
        notices = dict.fromkeys((*recording.notices, *entry.notices))
        if entry.reason:
            notices[entry.reason] = None
        return OwnVoice(voice.voice, entry.state, tuple(notices))

    async def delete(self, voice_id: str) -> None:
        """Delete a voice with its recordings.

        Raises: VoiceNotFound, CosyVoiceError.
        """
        async with self._writing:
            await self._with_files(self._store.delete, voice_id)
            entry = self._entries.pop(voice_id, None)
        if entry is not None:
            await self._take_back(entry)

    async def sample(self, voice_id: str) -> tuple[bytes, str]:
        """Return a recording of a voice and its content type.

        Raises: VoiceNotFound.
        """
        voice = await self._with_files(self._store.get, voice_id)
        return await self._with_files(sample, voice)

    @contextlib.asynccontextmanager
    async def borrow(
        self, content: bytes, transcript: str, language: str | None
    ) -> AsyncGenerator[Voice]:
        """Give a voice that is made of a recording, for one request.

        Raises: BadRecording, ModelUnsupported, SynthesisError.
        """
        await self._meet()
        self._check_listens()
        borrowing = self._borrowed.borrow(content, transcript, language)
        del content  # many megabytes, and it may be spoken for long
        async with borrowing as voice:
            yield voice

    async def look(self) -> None:
        """Scan the folder once and apply all changes."""
        await self._meet()
        async with self._writing:
            await self._with_files(self._store.import_dropped, self._taken())
            voices = {v.id: v for v in await self._with_files(self._store.voices)}
            gone = [self._entries.pop(key) for key in {*self._entries} - {*voices}]
            entries = [self._entry(voice) for voice in voices.values()]
        for entry in gone:
            await self._take_back(entry)
        for entry in entries:
            with contextlib.suppress(OSError):  # deleted concurrently
                stamp = await self._with_files(partial(getattr, entry.stored, "stamp"))
                if entry.stamp != stamp:
                    await self._take_in(entry)

    async def _with_files(
        self, work: Callable[..., Result], *arguments: object
    ) -> Result:
        """Work on the folder beside the event loop, for a bounded time.

        Raises: UnusableFile if the folder does not answer; what the work raises.
        """
        return await asyncio.to_thread(self._patience.run, partial(work, *arguments))

    def _entry(self, voice: StoredVoice) -> _Entry:
        """Return the entry of a voice that was just read or written."""
        entry = self._entries.setdefault(voice.id, _Entry(voice))
        entry.stored = voice
        return entry

    async def _keep_looking(self) -> None:
        said = ""
        while True:
            try:
                await self.look()
                said = ""
            except (CosyVoiceError, OSError) as error:
                if self._engine.lost is not None:
                    return
                if str(error) != said:
                    said = str(error)
                    _LOGGER.warning("Cannot update the user voices: %s", said)
            # The task must survive any content of the folder.
            except Exception:
                _LOGGER.exception("Updating the user voices failed")
            await asyncio.sleep(_SCAN_S)

    async def _meet(self) -> None:
        """Detect a model switch: all voices must be added to a new model."""
        synthesizer = await self._engine.run(lambda synthesizer: synthesizer)
        if synthesizer is not self._synthesizer:
            self._synthesizer = synthesizer
            for entry in self._entries.values():
                entry.stamp, entry.is_announced = None, False
            self._borrowed.forget_all()

    def _check_listens(self) -> None:
        if self._synthesizer is None or self._synthesizer.cloning_key is None:
            raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)

    def _taken(self) -> set[str]:
        """Return the ids of the model's built-in voices."""
        return {v.id for v in self._engine.voices if v.id not in self._entries}

    async def _take_in(self, entry: _Entry) -> None:
        """Extract or load the features of a voice and add it to the model.

        Raises: OSError if its recording is missing.
        """
        voice = entry.stored
        if self._entries.get(voice.id) is not entry:
            return  # deleted while others were processed
        stamp = entry.stamp = await self._with_files(partial(getattr, voice, "stamp"))
        if self._synthesizer is None or self._synthesizer.cloning_key is None:
            entry.state, entry.reason = "unusable", f"{CANNOT_CLONE} {CLONING_REMEDY}"
            return
        entry.state, entry.reason = "listening", ""
        try:
            notices = await self._announce(entry, self._synthesizer.cloning_key)
        except CosyVoiceError as error:
            reason = str(error)
            _LOGGER.warning("The voice %s cannot be used: %s", voice.id, error)
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
            await self._take_back(entry)  # from the previous version
            entry.state, entry.reason = "failed", reason
            return
        entry.state, entry.notices = "ready", notices
        _LOGGER.info("The voice %s is ready", voice.id)

    def _is_current(self, entry: _Entry, stamp: tuple[object, ...] | None) -> bool:
        """Whether neither the voice nor the model has changed."""
        return self._entries.get(entry.stored.id) is entry and entry.stamp == stamp

    async def _announce(self, entry: _Entry, key: str) -> tuple[str, ...]:
        """Add a voice to the model unless it was deleted; return advice on it."""
        voice, stamp = entry.stored, entry.stamp
        features = {
            emotion: await self._extract(voice, emotion, key)
            for emotion in voice.recordings
        }
        if self._is_current(entry, stamp):
            entry.is_announced = True
            await self._engine.run(
                lambda synthesizer: synthesizer.add_voice(
                    voice.voice, features, language=voice.language, is_listed=True
                )
            )
        # Return memory that was freed since the networks were closed.
        await asyncio.to_thread(trim_heap)
        heard_of = (notice for one in features.values() for notice in one.notices)
        return tuple(dict.fromkeys((*voice.problems, *heard_of)))

    async def _extract(
        self, voice: StoredVoice, emotion: str, key: str
    ) -> PromptFeatures:
        """Return the features of a recording, from the cache if possible."""
        stored = await self._with_files(
            feature_cache.load_features, voice, emotion, key
        )
        if stored is not None:
            return stored
        transcript = voice.transcripts.get(emotion, "")
        content, mark = await self._with_files(read_recording, voice, emotion)
        recording = await asyncio.to_thread(load_recording, content)
        features = await self._engine.run(lambda s: s.listen(recording, transcript))
        save = partial(feature_cache.save_features, voice, emotion, key, features, mark)
        await self._with_files(save)
        return features

    async def _take_back(self, entry: _Entry) -> None:
        # The worker may be processing another recording, which takes seconds.
        if entry.is_announced:
            entry.is_announced = False
            await self._engine.run(methodcaller("remove_voice", entry.stored.id))
