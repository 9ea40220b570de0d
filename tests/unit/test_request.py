"""Which voice a Wyoming request means: looked up once, where it comes in."""

from __future__ import annotations

import pytest

from tests.support.fake import VOICES
from wyoming_cosyvoice.server.wyoming.request import read_request


@pytest.mark.parametrize(
    ("voice", "expected", "warning"),
    [
        (None, None, ""),
        ({}, None, ""),
        ({"name": "EN-Male"}, "en-male", ""),
        ({"speaker": "英文男"}, "en-male", ""),
        ({"name": "zh-female", "speaker": "英文男"}, "zh-female", ""),
        ({"name": "nobody", "speaker": "英文男"}, "en-male", ""),
        ({"name": "nobody"}, None, "no voice 'nobody'"),
        ({"name": "nobody", "speaker": "no one"}, None, "no voice 'nobody'"),
        ({"name": "a\nb" * 50}, None, r"no voice 'a\nba"),
    ],
)
def test_voice_of_a_request(
    voice: object,
    expected: str | None,
    warning: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = read_request({"voice": voice}, VOICES)
    assert (request.voice and request.voice.id) == expected
    assert warning in caplog.text
    assert bool(caplog.records) == bool(warning)
    assert len(caplog.text) < 200
