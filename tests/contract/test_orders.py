"""Event orders as clients really send them, and what each gets back.

The first ones are Home Assistant's (2025.7 and later stream, earlier ones do not); the
others were seen from other clients or follow from mistakes that clients make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from wyoming.event import Event
from wyoming.info import Describe, SelectProgram
from wyoming.ping import Ping
from wyoming.tts import SynthesizeChunk, SynthesizeStart, SynthesizeStop

from tests.support.harness import Running, plain, play, render, stream

if TYPE_CHECKING:
    from wyoming_cosyvoice.synth.interface import Synthesizer

pytestmark = pytest.mark.ci

SPOKEN = ["audio-start", "audio-chunk", "audio-stop"]
STOPPED = ["synthesize-stopped"]
START = SynthesizeStart().event()
STOP = SynthesizeStop().event()


@dataclass
class Order:
    name: str
    frames: list[Any]
    answer: list[str]
    texts: list[tuple[str, str | None]] = field(default_factory=list)
    """The expected sentences, each with its voice; "" is the short silence."""

    last: str = "synthesize-stopped"
    times: int = 1


def chunk(text: str) -> Event:
    return SynthesizeChunk(text).event()


ORDERS = [
    Order("plain", plain("Hello. World"), SPOKEN, [("Hello. World", None)],
          last="audio-stop"),
    Order("plain, Home Assistant's voice", plain("Hello", "en-male"), SPOKEN,
          [("Hello", "en-male")], last="audio-stop"),
    Order("plain, official speaker name", plain("Hello", "中文女"), SPOKEN,
          [("Hello", "zh-female")], last="audio-stop"),
    Order("plain, unknown voice", plain("你好。", "Nobody"), SPOKEN,
          [("你好。", "zh-female")], last="audio-stop"),
    Order("stream, whole message", stream("Hello. World"), [*SPOKEN, *STOPPED],
          [("Hello. World", None)]),
    Order("stream, as a language model talks",
          stream("Hel", "lo. The li", "ght is on", ". ", " ", "Bye"),
          [*SPOKEN, *STOPPED], [("Hello. The light is on.  Bye", None)]),
    Order("stream, one character each", stream(*"Hello. 你好。Bye"),
          [*SPOKEN, *STOPPED], [("Hello. 你好。Bye", None)]),
    Order("stream with a voice", stream("Hello.", voice="yue-female"),
          [*SPOKEN, *STOPPED], [("Hello.", "yue-female")]),
    Order("stream, empty message", stream(), [*SPOKEN, *STOPPED], [("", None)]),
    Order("stream, a single space", stream(" "), [*SPOKEN, *STOPPED], [("", None)]),
    Order("stream without the copy", [START, chunk("Hello."), STOP],
          [*SPOKEN, *STOPPED], [("Hello.", None)]),
    Order("stream, text only in the copy", [START, *plain("Hello."), STOP],
          [*SPOKEN, *STOPPED], [("Hello.", None)]),
    Order("stream, a broken copy",
          [START, chunk("Hello."), Event("synthesize", {"text": 5}), STOP],
          [*SPOKEN, *STOPPED], [("Hello.", None)]),
    Order("plain, empty", plain(""), SPOKEN, [("", None)], last="audio-stop"),
    Order("plain, nothing to speak", plain("...!"), SPOKEN, [("", None)],
          last="audio-stop"),
    Order("plain, only emoji marks", plain("\u200d\ufe0f"), SPOKEN, [("", None)],
          last="audio-stop"),
    Order("stop without start", [STOP], STOPPED),
    Order("start, start", [START, chunk("One."), START, chunk("Two."), STOP],
          [*SPOKEN, *STOPPED] * 2, [("One.", None), ("Two.", None)], times=2),
    Order("two plain requests at once", [*plain("One."), *plain("Two.")], SPOKEN * 2,
          [("One.", None), ("Two.", None)], last="audio-stop", times=2),
    Order("plain, then stream", [*plain("One."), *stream("Two.")],
          [*SPOKEN, *SPOKEN, *STOPPED], [("One.", None), ("Two.", None)]),
    Order("stream, then plain", [*stream("One."), *plain("Two.")],
          [*SPOKEN, *STOPPED, *SPOKEN], [("One.", None), ("Two.", None)],
          last="audio-stop", times=2),
    Order("two streams", [*stream("One."), *stream("Two.")],
          [*SPOKEN, *STOPPED] * 2, [("One.", None), ("Two.", None)], times=2),
    Order("describe inside a stream", [START, Describe().event(), *stream("One.")[1:]],
          ["info", *SPOKEN, *STOPPED], [("One.", None)]),
    Order("ping inside a stream", [START, Ping("x").event(), *stream("One.")[1:]],
          ["pong", *SPOKEN, *STOPPED], [("One.", None)]),
    Order("select-program first",
          [SelectProgram("cosyvoice").event(), *stream("One.")],
          [*SPOKEN, *STOPPED], [("One.", None)]),
    Order("select-program, unknown", [SelectProgram("piper").event(), *stream("One.")],
          [*SPOKEN, *STOPPED], [("One.", None)]),
    Order("unknown events",
          [Event("audio-chunk", {"rate": 1}, b"12"), Event("transcribe"), START,
           Event("user-event", {"name": "x"}), chunk("One."), Event("", {}), STOP],
          [*SPOKEN, *STOPPED], [("One.", None)]),
    Order("null data",
          [b'{"type": "synthesize-start", "data": null}\n', chunk("One."),
           b'{"type": "synthesize-stop", "data": null, "data_length": null}\n'],
          [*SPOKEN, *STOPPED], [("One.", None)]),
    Order("null fields",
          [Event("synthesize-start",
                 {"voice": None, "text_format": None, "context": None}),
           chunk("One."), STOP],
          [*SPOKEN, *STOPPED], [("One.", None)]),
    Order("data in the header",
          [b'{"type": "synthesize", "data": {"text": "One."}}\n'], SPOKEN,
          [("One.", None)], last="audio-stop"),
    Order("null fields of a voice",
          [Event("synthesize",
                 {"text": "One.", "voice": {"name": None, "speaker": None}})],
          SPOKEN, [("One.", None)], last="audio-stop"),
    Order("speaker without a name",
          [Event("synthesize", {"text": "One.", "voice": {"speaker": "粤语女"}})],
          SPOKEN, [("One.", "yue-female")], last="audio-stop"),
    Order("known speaker of an unknown name",
          [Event("synthesize",
                 {"text": "One.", "voice": {"name": "x", "speaker": "en-male"}})],
          SPOKEN, [("One.", "en-male")], last="audio-stop"),
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
async def test_order(order: Order, running: Running, synthesizer: Synthesizer) -> None:
    """Exactly these events come, and exactly this sound."""
    received = await play(
        running.port, order.frames, last=order.last, times=order.times
    )

    assert received.types == order.answer
    silence = bytes(2 * round(0.1 * synthesizer.sample_rate))
    expected = [
        render(synthesizer, text, voice) if text else silence
        for text, voice in order.texts
    ]
    if received.pcm != b"".join(expected):
        # An unspeakable text has no sentences, and so no sound of the model's own
        assert received.pcm == b"".join(sound or silence for sound in expected)


async def test_nothing_follows_an_answer(running: Running) -> None:
    """After the last event of an answer only what is asked for comes."""
    frames = [*stream("One."), STOP, Ping("end").event()]
    received = await play(running.port, frames, last="synthesize-stopped", times=2)
    assert received.types.count("pong") == 1
    assert [kind for kind in received.types if kind != "pong"] == [
        *SPOKEN,
        *STOPPED,
        *STOPPED,
    ]


async def test_unspeakable_text_is_a_tenth_of_a_second_of_silence(
    running: Running, synthesizer: Synthesizer
) -> None:
    received = await play(running.port, plain("   "), last="audio-stop")
    assert received.pcm == bytes(2 * round(0.1 * synthesizer.sample_rate))
