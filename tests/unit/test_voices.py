"""Which voice speaks: never none, never silently another one."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.errors import VoiceNotFound
from wyoming_cosyvoice.voices import Voice, base_language, choose_voice, find_voice

FEMALE = Voice(
    "zh-female", "中文女", "Chinese woman", "Chinese, woman", ("zh", "zh-CN")
)
MALE = Voice("zh-male", "中文男", "Chinese man", "Chinese, man", ("zh", "zh-CN"))
ENGLISH = Voice("en-male", "英文男", "English man", "English, man", ("en", "en-US"))
CANTONESE = Voice("yue-female", "粤语女", "Cantonese", "Cantonese", ("yue", "zh-HK"))
VOICES = (FEMALE, MALE, ENGLISH, CANTONESE)


@pytest.mark.parametrize(
    ("name", "language", "default", "expected", "warning"),
    [
        # a known name decides, in whichever form
        ("en-male", "zh", None, ENGLISH, ""),
        ("英文男", "zh", None, ENGLISH, ""),
        ("EN-Male", "zh", None, ENGLISH, ""),
        (" en-male ", "zh", None, ENGLISH, ""),
        ("English man", "zh", None, ENGLISH, ""),
        # no name: the language of the text
        (None, "zh", None, FEMALE, ""),
        ("", "en", None, ENGLISH, ""),
        (None, "yue", None, CANTONESE, ""),
        (None, "zh-HK", None, CANTONESE, ""),
        (None, "zh_hk", None, CANTONESE, ""),
        (None, "zh-TW", None, FEMALE, ""),
        (None, "EN-GB", None, ENGLISH, ""),
        # the default, where it speaks the language
        (None, "zh", "zh-male", MALE, ""),
        (None, "zh-CN", "中文男", MALE, ""),
        (None, "en", "zh-male", ENGLISH, ""),
        (None, None, "zh-male", MALE, ""),
        (None, None, None, FEMALE, ""),
        (None, "zh", "nobody", FEMALE, ""),
        # a wrong name is said, and the text is spoken all the same
        ("nobody", "en", None, ENGLISH, "no voice 'nobody'; en-male"),
        ("nobody", "zh", "zh-male", MALE, "no voice 'nobody'; zh-male"),
        ("a\nb" * 50, "en", None, ENGLISH, r"'a\nba\nba"),
        # a language that nobody speaks
        (None, "ko", None, FEMALE, "No voice speaks 'ko'; zh-female"),
        (None, "ko", "en-male", ENGLISH, "No voice speaks 'ko'; en-male"),
    ],
)
def test_choice(
    name: str | None,
    language: str | None,
    default: str | None,
    expected: Voice,
    warning: str,
) -> None:
    voice, said = find_voice(VOICES, name), None
    if voice is None:
        preferred = find_voice(VOICES, default)
        voice, said = choose_voice(VOICES, language, preferred, missing=name)
    assert voice == expected
    assert warning in (said or "")
    assert (said is None) == (not warning)
    assert len(said or "") < 120


def test_an_id_wins_over_a_name() -> None:
    odd = Voice("odd", "en-male", "en-male", "", ())
    assert find_voice((odd, ENGLISH), "en-male") == ENGLISH
    assert find_voice((odd,), "en-male") == odd
    assert find_voice(VOICES, None) is None
    assert find_voice(VOICES, "  ") is None


def test_no_voices_at_all() -> None:
    with pytest.raises(VoiceNotFound):
        choose_voice((), "zh")


@pytest.mark.parametrize(
    ("tag", "base"),
    [("zh", "zh"), ("zh-Hant-HK", "zh"), ("zh_CN", "zh"), (" EN-us ", "en")],
)
def test_base_of_a_language_tag(tag: str, base: str) -> None:
    assert base_language(tag) == base
