"""In which language a client, and the house, was spoken to last."""

from __future__ import annotations

from wyoming_cosyvoice.engine.languages import LastLanguages
from wyoming_cosyvoice.voices import Voice


def voice(*languages: str) -> Voice:
    return Voice(id="x", speaker="x", name="X", description="", languages=languages)


def test_a_client_comes_before_the_house():
    received = LastLanguages()
    assert received.last("hall") is None
    received.note("hall", "zh")
    received.note("kitchen", "en")
    assert received.last("hall") == "zh"
    assert received.last("attic") == "en"
    assert received.last(None) == "en"


def test_only_what_the_voice_speaks_counts():
    received = LastLanguages()
    received.note("hall", "zh")
    assert received.last("hall", voice("en", "zh-CN")) == "zh"
    assert received.last("hall", voice("en")) is None
    received.note("hall", "yue")
    assert received.last("hall", voice("zh-HK")) == "yue"
    assert received.last("hall", voice("zh")) is None


def test_it_does_not_grow_with_its_clients():
    received = LastLanguages()
    for number in range(1000):
        received.note(f"client {number}", "zh")
    received.note(None, "en")
    assert received.last("client 0") == "en"
    assert received.last("client 999") == "zh"
