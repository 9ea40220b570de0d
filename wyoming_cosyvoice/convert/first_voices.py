"""Voices for a release without speakers, cloned from recordings of the starter voice.

The releases of CosyVoice2 and 3 need the recording of a voice and contain none. So they
get the starter's: the release's own networks extract the features of these recordings,
each made by

    wyoming-cosyvoice say --model starter --voice heart --language en --seed 1 \
        --sound none --threads 1 --output heart.flac \
        "When the rain had stopped, we opened the windows and heard the birds."
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.convert.release.speakers import Speaker, SpeakerPrompt
from wyoming_cosyvoice.errors import CosyVoiceError
from wyoming_cosyvoice.features.recording import load_recording
from wyoming_cosyvoice.model.cloning import Cloner
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.pack.settings import MelSettings

_LOGGER = logging.getLogger(__name__)

_RECORDINGS = Path(__file__).with_name("recordings")
_VOICES = ("heart", "cedar")
_LANGUAGE = "en"
_SENTENCE = "When the rain had stopped, we opened the windows and heard the birds."


def first_voices(
    speaker_encoder: Path,
    speech_tokenizer: Path,
    mel: MelSettings,
    encode: Callable[[str, str], list[int]],
    languages: tuple[str, ...],
) -> tuple[Speaker, ...]:
    """Return the starter's voices as speakers of a release.

    ``encode`` turns a text and its language into text tokens, ``languages`` are those
    that the voices are offered for. If extraction fails, there are no voices, and the
    log says why.
    """
    try:
        # One thread: the same checkpoint gives the same bytes.
        cloner = Cloner(
            Stage(speaker_encoder, threads=1), Stage(speech_tokenizer, threads=1), mel
        )
        features = [
            cloner.listen(load_recording(_RECORDINGS / f"{voice}.flac"), _SENTENCE)
            for voice in _VOICES
        ]
    except CosyVoiceError as error:
        _LOGGER.warning("The model gets no voices: %s", error)
        return ()
    text_tokens = np.array(encode(_SENTENCE, _LANGUAGE), np.int64)
    return tuple(
        Speaker(
            f"{'+'.join(languages)}-{voice}",
            each.speaker_embedding[0],
            SpeakerPrompt(
                text_tokens,
                each.prompt_speech_tokens[0],
                each.prompt_mel[0],
                language=_LANGUAGE,
            ),
        )
        for voice, each in zip(_VOICES, features, strict=True)
    )
