"""Speakers of a release -> voices of a pack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.pack.manifest import PackVoice

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.release.speakers import Speaker

_TAGS = {
    "zh": ("zh", "zh-CN", "zh-TW"),
    "en": ("en", "en-US", "en-GB"),
    "ja": ("ja", "ja-JP"),
    # Home Assistant's assistant does not support yue; Cantonese is selected as zh-HK.
    "yue": ("yue", "yue-HK", "zh-HK"),
    "ko": ("ko", "ko-KR"),
    "de": ("de", "de-DE"),
    "es": ("es", "es-ES"),
    "fr": ("fr", "fr-FR"),
    "it": ("it", "it-IT"),
    "ru": ("ru", "ru-RU"),
}

_NAMES = {
    "zh": "Chinese",
    "en": "English",
    "ja": "Japanese",
    "yue": "Cantonese",
    "ko": "Korean",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ru": "Russian",
}
# The speakers of the official releases.
_OFFICIAL = {
    "中文女": ("zh", "female"),
    "中文男": ("zh", "male"),
    "日语男": ("ja", "male"),
    "粤语女": ("yue", "female"),
    "英文女": ("en", "female"),
    "英文男": ("en", "male"),
    "韩语女": ("ko", "female"),
}
# The people behind the voices of our own models.
_PEOPLE = {"heart": "female", "cedar": "male"}
_MOST_NAMED = 4
_STYLED = re.compile(r"(?P<languages>[a-z+]+)-(?P<style>[a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class _Description:
    languages: tuple[str, ...]
    style: str


def write_voices(
    speakers: tuple[Speaker, ...], directory: Path, languages: tuple[str, ...]
) -> list[PackVoice]:
    """Write one file per speaker and return the voices for the manifest.

    An unknown speaker, one that a user saved, keeps its name. Such a voice speaks all
    ``languages``, as a cloned one does, and comes after those that were made for one.
    Speakers of our own models have their languages in their names: ``en+zh-heart`` is
    the voice ``heart``.
    """
    speakers = tuple(sorted(speakers, key=lambda one: _describe(one.name) is None))
    (directory / "voices").mkdir()
    voices: list[PackVoice] = []
    for number, speaker in enumerate(speakers):
        file = f"voices/{number:03}.npz"
        arrays: dict[str, np.ndarray] = {"embedding": speaker.embedding}
        if speaker.prompt is not None:
            arrays["text_tokens"] = speaker.prompt.text_tokens
            arrays["speech_tokens"] = speaker.prompt.speech_tokens
            arrays["mel"] = speaker.prompt.mel
            if speaker.prompt.language is not None:
                arrays["language"] = np.array(speaker.prompt.language)
        np.savez(directory / file, allow_pickle=False, **arrays)
        taken = {voice.id for voice in voices}
        voices.append(_voice(speaker.name, file, taken, languages))
    return voices


def _voice(
    speaker: str, file: str, taken: set[str], languages: tuple[str, ...]
) -> PackVoice:
    known = _describe(speaker)
    if known is None:
        voice_id = _unique(re.sub(r"[^\w]+", "-", speaker).strip("-") or "voice", taken)
        every = tuple(tag for language in languages for tag in _TAGS[language])
        return PackVoice(
            voice_id, speaker, speaker, f"{speaker}, saved voice", every, file
        )
    *names, last = (_NAMES[language] for language in known.languages)
    spoken = f"{', '.join(names)} and {last}" if names else last
    if len(known.languages) > _MOST_NAMED:
        spoken = f"{len(known.languages)} languages"
    tags = tuple(tag for language in known.languages for tag in _TAGS[language])
    if len(known.languages) == 1:
        label, name = f"{known.languages[0]}-{known.style}", f"{spoken} {known.style}"
    else:
        label, name = known.style, known.style.capitalize()
    person = _PEOPLE.get(known.style)
    # Home Assistant sorts by it and offers the first: "female" comes before "male".
    description = (
        f"{spoken}, {person} ({name})" if person else f"{spoken}, {known.style}"
    )
    return PackVoice(_unique(label, taken), speaker, name, description, tags, file)


def _describe(speaker: str) -> _Description | None:
    if speaker in _OFFICIAL:
        language, style = _OFFICIAL[speaker]
        return _Description((language,), style)
    match = _STYLED.fullmatch(speaker)
    if match is None:
        return None
    languages = tuple(match["languages"].split("+"))
    if not all(language in _TAGS for language in languages):
        return None
    return _Description(languages, match["style"])


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate
