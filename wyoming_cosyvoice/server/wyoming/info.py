"""The answer to ``describe``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

from wyoming_cosyvoice import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wyoming.event import Event

    from wyoming_cosyvoice.voices import Voice

PROGRAM = "cosyvoice"

_ATTRIBUTION = Attribution(
    name="FunAudioLLM", url="https://github.com/FunAudioLLM/CosyVoice"
)


@lru_cache(maxsize=4)
def info_event(voices: tuple[Voice, ...]) -> Event:
    """Return the ``info`` event; cached, because it is requested often."""
    return build_info(voices).event()


def build_info(voices: Iterable[Voice]) -> Info:
    """Return one text-to-speech program with one Wyoming voice per voice.

    Home Assistant sorts voices by description and uses the first one of a language as
    the default; it does not show speakers, so each speaker is a voice.
    """
    return Info(
        tts=[
            TtsProgram(
                name=PROGRAM,
                description="CosyVoice text to speech",
                attribution=_ATTRIBUTION,
                installed=True,
                version=__version__,
                voices=[_tts_voice(voice) for voice in voices],
                supports_synthesize_streaming=True,
            )
        ]
    )


def _tts_voice(voice: Voice) -> TtsVoice:
    return TtsVoice(
        name=voice.id,
        description=voice.description,
        attribution=_ATTRIBUTION,
        installed=True,
        version=None,
        languages=list(voice.languages),
    )
