"""Voices for a release without speakers, cloned from the starter model.

The releases of CosyVoice2 and 3 need the recording of a voice and contain none. So the
starter says a sentence with each of its voices, and the release's own networks extract
the features of it.
"""

from __future__ import annotations

import functools
import io
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from wyoming_cosyvoice.convert.release.speakers import Speaker, SpeakerPrompt
from wyoming_cosyvoice.errors import CosyVoiceError
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.model.cloning import Cloner
from wyoming_cosyvoice.model.session import Stage
from wyoming_cosyvoice.pack.pack import MANIFEST, Pack
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer, SynthesizerOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.features.recording import Recording
    from wyoming_cosyvoice.pack.settings import MelSettings

_LOGGER = logging.getLogger(__name__)

_STARTER = Path(__file__).parents[1] / "starter"
_VOICES = ("heart", "cedar")
"""The starter's voices."""

_LANGUAGE = "en"
_SENTENCE = "When the rain had stopped, we opened the windows and heard the birds."
_SEED = 1


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A sentence synthesized by the starter."""

    voice: str
    recording: Recording


def first_voices(
    speaker_encoder: Path,
    speech_tokenizer: Path,
    mel: MelSettings,
    encode: Callable[[str, str], list[int]],
    languages: tuple[str, ...],
) -> tuple[Speaker, ...]:
    """Return the starter's voices as speakers of a release.

    ``encode`` turns a text and its language into text tokens, ``languages`` are those
    that the voices are offered for. Without a starter, or if
    extraction fails, there are no voices, and the log says why.
    """
    try:
        spoken = _starter_recordings()
        cloner = Cloner(
            Stage(speaker_encoder, threads=1), Stage(speech_tokenizer, threads=1), mel
        )
        found = [(each, cloner.listen(each.recording, _SENTENCE)) for each in spoken]
    except CosyVoiceError as error:
        _LOGGER.warning("The model gets no voices: %s", error)
        return ()
    text_tokens = np.array(encode(_SENTENCE, _LANGUAGE), np.int64)
    return tuple(
        Speaker(
            f"{'+'.join(languages)}-{each.voice}",
            features.speaker_embedding[0],
            SpeakerPrompt(
                text_tokens,
                features.prompt_speech_tokens[0],
                features.prompt_mel[0],
                language=_LANGUAGE,
            ),
        )
        for each, features in found
    )


@functools.cache
def _starter_recordings() -> tuple[_Spoken, ...]:
    """Return the starter's sentences, computed once per process.

    Raises: ModelError, SynthesisError, BadRecording.
    """
    if not (_STARTER / MANIFEST).is_file():
        return ()
    # One thread: the same checkpoint gives the same bytes.
    options = SynthesizerOptions(threads=1)
    synthesizer = PackSynthesizer.open(Pack.open(_STARTER), options)
    reader = synthesizer.reader(language=_LANGUAGE)
    sentences = [*reader.feed(_SENTENCE), *reader.finish()]
    voices = {voice.id: voice for voice in synthesizer.voices}
    spoken = []
    for name in _VOICES:
        pieces = [
            piece
            for sentence in sentences
            for piece in synthesizer.speak(sentence, voice=voices.get(name), seed=_SEED)
        ]
        file = io.BytesIO()
        samples = np.concatenate(pieces)
        soundfile.write(file, samples, synthesizer.sample_rate, "FLOAT", format="WAV")
        spoken.append(_Spoken(name, load_recording(file.getvalue())))
    return tuple(spoken)
