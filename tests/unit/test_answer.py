"""One answer event by event, without a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.engine.speech import Speech, SpeechRequest
from wyoming_cosyvoice.errors import Busy
from wyoming_cosyvoice.server.wyoming.answer import Answer

if TYPE_CHECKING:
    from wyoming.event import Event

ERROR = Busy("All requests are active.", remedy="Try again soon.")
SAMPLES = np.zeros(100, np.float32)


def types(events: list[Event]) -> list[str]:
    return [event.type for event in events]


@pytest.fixture
async def speech() -> Speech:
    """Give a speech of a model with 1,000 samples per second."""
    speech = Speech(SpeechRequest(), Limits(), lambda _: None)
    speech.rate_hz = 1000
    return speech


@pytest.mark.parametrize("is_stream", [False, True])
async def test_success(speech: Speech, is_stream: bool) -> None:
    answer = Answer(is_stream, speech)
    events = [*answer.audio(SAMPLES, 40), *answer.audio(SAMPLES, 400), *answer.finish()]
    assert types(events) == [
        *("audio-start", "audio-chunk", "audio-chunk", "audio-chunk", "audio-chunk"),
        "audio-stop",
        *["synthesize-stopped"] * is_stream,
    ]
    assert [len(event.payload or b"") for event in events[1:5]] == [80, 80, 40, 200]
    assert [event.data["timestamp"] for event in events[:6]] == [0, 0, 40, 80, 100, 200]


@pytest.mark.parametrize(
    ("is_stream", "has_audio", "expected"),
    [
        (False, False, ["error"]),
        (False, True, ["error"]),
        (True, False, ["error", "synthesize-stopped"]),
        (True, True, ["error", "audio-stop", "synthesize-stopped"]),
    ],
)
async def test_failure(
    speech: Speech, is_stream: bool, has_audio: bool, expected: list[str]
) -> None:
    answer = Answer(is_stream, speech)
    if has_audio:
        answer.audio(SAMPLES, 400)
    events = answer.fail(ERROR)
    assert types(events) == expected
    assert events[0].data == {
        "text": "All requests are active. Try again soon.",
        "code": "busy",
    }


async def test_nothing_but_an_error_follows_the_end(speech: Speech) -> None:
    """A frame can be damaged just when an answer was finished."""
    answer = Answer(is_stream=True, speech=speech)
    answer.audio(SAMPLES, 400)
    answer.finish()
    assert types(answer.fail(ERROR)) == ["error"]
    assert answer.probe() == []


async def test_probe_is_the_pending_event_or_an_empty_chunk(speech: Speech) -> None:
    answer = Answer(is_stream=True, speech=speech)
    assert types(answer.probe()) == ["audio-start"]
    (empty,) = answer.probe()
    assert (empty.type, empty.payload) == ("audio-chunk", b"")
    assert types(answer.audio(SAMPLES, 400)) == ["audio-chunk"]


async def test_no_probe_where_there_is_nothing_to_probe_with(speech: Speech) -> None:
    assert Answer(is_stream=True).probe() == []
    speech.rate_hz = None
    assert Answer(is_stream=True, speech=speech).probe() == []
    speech.end()
    assert Answer(is_stream=True, speech=speech).probe() == []


async def test_sound_without_a_sample_rate_is_our_bug(speech: Speech) -> None:
    speech.rate_hz = None
    with pytest.raises(RuntimeError):
        Answer(is_stream=True, speech=speech).audio(SAMPLES, 400)
