"""Keeps the model's voices the same as the folder of the user's own.

A task looks at the folder every two seconds. What is new is listened to in the engine's
worker and then announced, to Wyoming as to HTTP; what is gone is taken back; and after
the model was switched, all of it is done again, from what was remembered.
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
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY
from wyoming_cosyvoice.user_voices import heard
from wyoming_cosyvoice.user_voices import store as voice_store
from wyoming_cosyvoice.user_voices.store import VoiceStore
from wyoming_cosyvoice.user_voices.temporary import BorrowedVoices

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.synth.interface import Synthesizer
    from wyoming_cosyvoice.user_voices.folder import StoredVoice
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

_LOOK_S = 2.0


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """A voice of the user's own, at one moment."""

    voice: Voice
    state: str
    """``waiting``, ``ready`` or ``failed``, or what it waits for."""

    notices: tuple[str, ...] = ()
    """What could be better about it, or why it cannot be used."""


@dataclass(frozen=True, slots=True)
class Cloning:
    """Whether recordings can be made voices now."""

    is_possible: bool
    reason: str = ""
    remedy: str | None = None


class OwnVoices:
    """The user's voices, in the folder and in the engine. Lives in the event loop."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._store = VoiceStore(folder)
        self._synthesizer: Synthesizer | None = None
        self._stored: dict[str, StoredVoice] = {}
        self._stamps: dict[str, tuple[object, ...]] = {}
        self._states: dict[str, tuple[str, str]] = {}
        self._announced: set[str] = set()
        """Voices that the model was given."""
        self._notices: dict[str, tuple[str, ...]] = {}
        self._borrowed = BorrowedVoices(engine)
        # Held while files are changed, never while a voice is listened to: that takes
        # seconds, and a voice must be deletable meanwhile.
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look at the folder."""
        self._task = asyncio.create_task(self._keep_looking(), name="own voices")

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    def has(self, voice_id: str) -> bool:
        """Whether a voice is one of the user's own."""
        return voice_id in self._stored

    def notices(self, voice_id: str) -> list[str]:
        """Return what could be better about a voice's recordings."""
        return list(self._notices.get(voice_id, ()))

    def emotion_by(self, voice_id: str) -> str:
        """Return how a voice shows emotion: instruction, recordings or prosody."""
        if self._synthesizer is None:
            return "prosody"
        return self._synthesizer.emotion_by(voice_id)

    def cloning(self) -> Cloning:
        """Return whether recordings can be made voices, and if not, what to do."""
        if self._synthesizer is None:
            return Cloning(is_possible=False, reason="The model is being loaded.")
        if self._synthesizer.cloning_key is None:
            return Cloning(
                is_possible=False, reason=CANNOT_CLONE, remedy=CLONING_REMEDY
            )
        return Cloning(is_possible=True)

    def unfinished(self) -> list[OwnVoice]:
        """Return the voices that nobody can use yet, or ever, and why."""
        return [
            OwnVoice(
                voice.voice, state, (*([reason] if reason else []), *voice.problems)
            )
            for voice in self._stored.values()
            for state, reason in [self._states.get(voice.id, ("waiting", ""))]
            if state != "ready"
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
        """Make a voice of a recording.

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
            voice = await asyncio.to_thread(add)
            self._stored[voice.id] = voice
        await self._take_in(voice)
        gone = ("failed", "The voice was deleted meanwhile.")
        state, reason = self._states.get(voice.id, gone)
        notices = dict.fromkeys((*recording.notices, *self.notices(voice.id)))
        if reason:
            notices[reason] = None
        return OwnVoice(voice.voice, state, tuple(notices))

    async def delete(self, voice_id: str) -> None:
        """Delete a voice with its recordings.

        Raises: VoiceNotFound, CosyVoiceError.
        """
        async with self._writing:
            await asyncio.to_thread(self._store.delete, voice_id)
            self._stored.pop(voice_id, None)
        await self._take_back(voice_id)

    async def sample(self, voice_id: str) -> tuple[bytes, str]:
        """Return a recording of a voice and its content type.

        Raises: VoiceNotFound.
        """
        voice = await asyncio.to_thread(self._store.get, voice_id)
        return await asyncio.to_thread(voice_store.sample, voice)

    @contextlib.asynccontextmanager
    async def borrow(
        self, content: bytes, transcript: str, language: str | None
    ) -> AsyncGenerator[str]:
        """Give the id of a voice that is made of a recording, for one request.

        Raises: BadRecording, ModelUnsupported, SynthesisError.
        """
        await self._meet()
        self._check_listens()
        async with self._borrowed.borrow(content, transcript, language) as voice_id:
            yield voice_id

    async def look(self) -> None:
        """Look once at the folder and do what it takes."""
        await self._meet()
        async with self._writing:
            await asyncio.to_thread(self._store.take_in, self._taken())
            voices = {v.id: v for v in await asyncio.to_thread(self._store.voices)}
            gone = [voice_id for voice_id in self._stored if voice_id not in voices]
            self._stored = voices
        for voice_id in gone:
            await self._take_back(voice_id)
        for voice_id in tuple(voices):
            voice = self._stored.get(voice_id)  # as it is after what was heard before
            if voice is None:
                continue
            with contextlib.suppress(OSError):  # deleted under our eyes
                if self._stamps.get(voice.id) != voice.stamp:
                    await self._take_in(voice)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except (CosyVoiceError, OSError) as error:
                if self._engine.lost is not None:
                    return
                _LOGGER.warning("Cannot look after your own voices: %s", error)
            # The task must outlive whatever a folder can hold.
            except Exception:
                _LOGGER.exception("Looking after your own voices failed")
            await asyncio.sleep(_LOOK_S)

    async def _meet(self) -> None:
        """Detect a model switch: all voices must be added to a new model."""
        synthesizer = await self._engine.run(lambda synthesizer: synthesizer)
        if synthesizer is not self._synthesizer:
            self._synthesizer = synthesizer
            self._stamps.clear()
            self._announced.clear()
            self._borrowed.forget_all()

    def _check_listens(self) -> None:
        if self._synthesizer is None or self._synthesizer.cloning_key is None:
            raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)

    def _taken(self) -> set[str]:
        """Return ids of voices that are the model's own."""
        return {v.id for v in self._engine.voices if v.id not in self._stored}

    async def _take_in(self, voice: StoredVoice) -> None:
        """Have a voice listened to, or remembered, and announced.

        Raises: OSError if its recording is gone.
        """
        if voice.id not in self._stored:
            return
        stamp = self._stamps[voice.id] = voice.stamp
        if self._synthesizer is None or self._synthesizer.cloning_key is None:
            self._states[voice.id] = ("unusable", f"{CANNOT_CLONE} {CLONING_REMEDY}")
            return
        self._states[voice.id] = ("listening", "")
        try:
            notices = await self._announce(voice, stamp, self._synthesizer.cloning_key)
        except CosyVoiceError as error:
            state = ("failed", str(error))
            _LOGGER.warning("The voice %s cannot be used: %s", voice.id, error)
        # A bug, or a file that nobody thought of, must not hide the other voices.
        except Exception:
            state = ("failed", "Listening to the recording failed; the log says why.")
            _LOGGER.exception("Listening to the voice %s failed", voice.id)
        else:
            state = ("ready", "")
        if self._stamps.get(voice.id) != stamp:
            return  # deleted or changed meanwhile
        self._states[voice.id] = state
        if state[0] == "ready":
            self._notices[voice.id] = notices
            _LOGGER.info("The voice %s is ready", voice.id)

    async def _announce(
        self, voice: StoredVoice, stamp: tuple[object, ...], key: str
    ) -> tuple[str, ...]:
        """Add a voice to the model, unless it is gone; return what could be better."""
        features = {
            emotion: await self._extract(voice, emotion, key)
            for emotion in voice.recordings
        }
        language = voice.languages[0].split("-")[0] if voice.languages else None
        if self._stamps.get(voice.id) == stamp:
            self._announced.add(voice.id)
            await self._engine.run(
                lambda synthesizer: synthesizer.add_voice(
                    voice.voice, features, language=language, is_listed=True
                )
            )
        heard_of = (notice for one in features.values() for notice in one.notices)
        return tuple(dict.fromkeys((*voice.problems, *heard_of)))

    async def _extract(
        self, voice: StoredVoice, emotion: str, key: str
    ) -> PromptFeatures:
        """Return the features of a recording, from the folder if they are there."""
        stored = await asyncio.to_thread(heard.load_features, voice, emotion, key)
        if stored is not None:
            return stored
        transcript = voice.transcripts.get(emotion, "")
        content = await asyncio.to_thread(voice_store.read_recording, voice, emotion)
        recording = await asyncio.to_thread(load_recording, content)
        features = await self._engine.run(lambda s: s.listen(recording, transcript))
        await asyncio.to_thread(heard.save_features, voice, emotion, key, features)
        return features

    async def _take_back(self, voice_id: str) -> None:
        self._stored.pop(voice_id, None)
        self._stamps.pop(voice_id, None)
        self._states.pop(voice_id, None)
        self._notices.pop(voice_id, None)
        # The model may be listening to another one, which takes seconds.
        if voice_id in self._announced:
            self._announced.discard(voice_id)
            await self._engine.run(methodcaller("remove_voice", voice_id))
