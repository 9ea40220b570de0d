"""In which language a client, and the house, was spoken to last."""

from __future__ import annotations

from wyoming_cosyvoice.engine.languages import LastLanguages
from wyoming_cosyvoice.voices import Voice


def voice(*languages: str) -> Voice:
    return Voice(id="x", speaker="x", name="X", description="", languages=languages)


def test_a_client_comes_before_the_house():
    heard = LastLanguages()
    assert heard.last("hall") is None
    heard.note("hall", "zh")
    heard.note("kitchen", "en")
    assert heard.last("hall") == "zh"
    assert heard.last("attic") == "en"
    assert heard.last(None) == "en"


def test_only_what_the_voice_speaks_counts():
    heard = LastLanguages()
    heard.note("hall", "zh")
    assert heard.last("hall", voice("en", "zh-CN")) == "zh"
    assert heard.last("hall", voice("en")) is None
    heard.note("hall", "yue")
    assert heard.last("hall", voice("zh-HK")) == "yue"
    assert heard.last("hall", voice("zh")) is None


def test_it_does_not_grow_with_its_clients():
    heard = LastLanguages()
    for number in range(1000):
        heard.note(f"client {number}", "zh")
    heard.note(None, "en")
    assert heard.last("client 0") == "en"
    assert heard.last("client 999") == "zh"
