"""The user's voices on the command line: a recording or a stored voice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import VOICES
from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.library.installed import voice_named
from wyoming_cosyvoice.synth.interface import CANNOT_CLONE, CLONING_REMEDY
from wyoming_cosyvoice.user_voices import feature_cache
from wyoming_cosyvoice.user_voices.store import VoiceStore, read_recording
from wyoming_cosyvoice.voices import Voice, find_voice

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
    from wyoming_cosyvoice.user_voices.folder import StoredVoice


_REFERENCE = "~reference"


def choose_user_voice(
    synthesizer: PackSynthesizer, arguments: argparse.Namespace, config: Config
) -> Voice | None:
    """Return the voice to speak with, adding a user voice if needed.

    Raises: ConfigError for an unknown voice, BadRecording, ModelUnsupported.
    """
    if arguments.reference is not None:
        _check_cloning(synthesizer)
        recording = load_recording(Path(arguments.reference))
        for notice in recording.notices:
            print(notice, file=sys.stderr)
        features = synthesizer.listen(recording, arguments.transcript or "")
        voice = Voice(_REFERENCE, _REFERENCE, _REFERENCE, _REFERENCE, ())
        synthesizer.add_voice(voice, {"neutral": features}, is_listed=False)
        return voice
    name = config.speech.voice
    known = find_voice(synthesizer.voices, name)
    if name is None or known is not None:
        return known
    stored = VoiceStore(config.data_folder / VOICES).voices()
    wanted = find_voice([each.voice for each in stored], name)
    if wanted is None:
        return voice_named([*synthesizer.voices, *(s.voice for s in stored)], name)
    _check_cloning(synthesizer)
    add_stored_voice(synthesizer, next(each for each in stored if each.id == wanted.id))
    return wanted


def add_stored_voice(synthesizer: PackSynthesizer, stored: StoredVoice) -> None:
    """Add a stored voice to the model, extracting features that are not cached yet.

    Raises: BadRecording, ModelUnsupported, SynthesisError.
    """
    key = _check_cloning(synthesizer)
    features = {}
    for emotion in stored.recordings:
        known = feature_cache.load_features(stored, emotion, key)
        if known is None:
            transcript = stored.transcripts.get(emotion, "")
            content, mark = read_recording(stored, emotion)
            known = synthesizer.listen(load_recording(content), transcript)
            feature_cache.save_features(stored, emotion, key, known, mark)
        features[emotion] = known
    synthesizer.add_voice(stored.voice, features, language=stored.language)


def _check_cloning(synthesizer: PackSynthesizer) -> str:
    """Return the key of the cloning networks. Raises: ModelUnsupported."""
    key = synthesizer.cloning_key
    if key is None:
        raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)
    return key
