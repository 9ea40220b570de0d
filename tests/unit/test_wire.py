"""Frames, byte by byte."""

from __future__ import annotations

import contextlib
import json

import pytest
from wyoming.event import Event

from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.errors import FrameTooLarge, ProtocolError
from wyoming_cosyvoice.server.wyoming.wire import FrameReader, encode_event

LIMITS = Limits(line_bytes=200, data_bytes=100, payload_bytes=50, json_depth=4)


def read(received: bytes, limits: Limits = LIMITS) -> list[Event]:
    frames = FrameReader(limits)
    frames.feed(received)
    return list(frames.events())


def test_a_frame_with_all_its_parts() -> None:
    frame = (
        b'{"type": "synthesize", '  # what it is
        b'"data": {"text": "a", "voice": {"name": "b"}}, '  # data may stand here
        b'"data_length": 13, '  # more of it comes after the line
        b'"payload_length": 4}'  # and then bytes
        b"\n"
        b'{"text": "c"}'  # wins over the line's data
        b"PCM!"
    )
    expected = Event("synthesize", {"text": "c", "voice": {"name": "b"}})
    assert read(frame) == [expected]
    assert read(frame * 3) == [expected] * 3


@pytest.mark.parametrize(
    ("frame", "data"),
    [
        (b'{"type": "x"}\n', {}),
        (b'{"type": "x"}\r\n', {}),
        (b'  {"type": "x"}  \n', {}),
        (b'{"type": "x", "data": null}\n', {}),
        (b'{"type": "x", "data": {}, "data_length": 0, "payload_length": 0}\n', {}),
        (b'{"type": "x", "data_length": null, "payload_length": null}\n', {}),
        (b'{"type": "x", "data": null, "data_length": 7}\n{"a":1}', {"a": 1}),
        (b'{"type": "x", "data": {"a": 1}, "data": {"b": 2}}\n', {"b": 2}),
        (b'{"type": "x", "other": [1], "version": 7}\n', {}),
        ('{"type": "x", "data": {"a": "你好"}}\n'.encode(), {"a": "你好"}),
        (b'{"type": "x", "data": {"a": "\\ud83d"}}\n', {"a": "\ud83d"}),
        (b'{"type": "x", "data": {"a": "\\u0000"}}\n', {"a": "\0"}),
        (b'{"type": "x", "data": {"a": [[{}]]}}\n', {"a": [[{}]]})
    ],
)  # fmt: skip
def test_frames_that_are_accepted(frame: bytes, data: dict[str, object]) -> None:
    limits = Limits(json_depth=5)
    assert read(frame, limits) == [Event("x", data)]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_any_cut_gives_the_same_events(size: int) -> None:
    received = encode_event(Event("a", {"text": "你好"}, b"12345")) * 3 + b"bad\n"
    frames = FrameReader(LIMITS)
    events: list[Event] = []
    for begin in range(0, len(received), size):
        frames.feed(received[begin : begin + size])
        with contextlib.suppress(ProtocolError):
            events.extend(frames.events())
    with pytest.raises(ProtocolError):
        list(frames.events())
    assert events == [Event("a", {"text": "你好"})] * 3


def test_events_before_the_error_are_given() -> None:
    frames = FrameReader(LIMITS)
    frames.feed(b'{"type": "a"}\n{"type": "b"}\nbad\n{"type": "c"}\n')
    events = frames.events()
    assert [next(events).type, next(events).type] == ["a", "b"]
    with pytest.raises(ProtocolError):
        next(events)


def test_the_error_stays() -> None:
    frames = FrameReader(LIMITS)
    frames.feed(b"bad\n")
    for _ in range(3):
        with pytest.raises(ProtocolError, match="not valid UTF-8 JSON"):
            list(frames.events())
        frames.feed(b'{"type": "a"}\n')
    frames.check_end()
    assert not frames.is_inside_frame


@pytest.mark.parametrize(
    ("received", "is_inside"),
    [
        (b"", False),
        (b'{"type": "a"}\n', False),
        (b"{", True),
        (b'{"type": "a", "data_length": 2}\n', True),
        (b'{"type": "a", "data_length": 2}\n{', True),
        (b'{"type": "a", "payload_length": 2}\n1', True),
    ],
)
def test_end_inside_a_frame(received: bytes, is_inside: bool) -> None:
    frames = FrameReader(LIMITS)
    frames.feed(received)
    list(frames.events())
    assert frames.is_inside_frame == is_inside
    if is_inside:
        with pytest.raises(ProtocolError, match="ended inside a frame"):
            frames.check_end()
    else:
        frames.check_end()


@pytest.mark.parametrize(
    ("limit", "fits", "too_large"),
    [
        (
            "line",
            b'{"type": "x"}'.ljust(200) + b"\n",
            b'{"type": "x"}'.ljust(201) + b"\n",
        ),
        (
            "data_length",
            b'{"type": "x", "data_length": 100}\n' + b"{}".ljust(100),
            b'{"type": "x", "data_length": 101}\n',
        ),
        (
            "payload_length",
            b'{"type": "x", "payload_length": 50}\n' + bytes(50),
            b'{"type": "x", "payload_length": 51}\n',
        ),
        (
            "header nests",
            b'{"type": "x", "data": {"a": [[0, 0]]}}\n',
            b'{"type": "x", "data": {"a": [[[], 0]]}}\n',
        ),
        (
            "data block nests",
            b'{"type": "x", "data_length": 13}\n{"a":[[[0]]]}',
            b'{"type": "x", "data_length": 15}\n{"a":[[[[0]]]]}',
        ),
    ],
)
def test_limits(limit: str, fits: bytes, too_large: bytes) -> None:
    assert read(fits)[0].type == "x"
    with pytest.raises(FrameTooLarge, match=limit):
        read(too_large)


def test_brackets_that_do_not_nest_do_not_count_as_depth() -> None:
    data = {"a": [[], [], [], [], {}, {}], "b": "[[[[[[[["}
    frame = json.dumps({"type": "x", "data": data}).encode() + b"\n"
    assert read(frame) == [Event("x", data)]


def test_a_line_without_end_is_refused_at_the_limit() -> None:
    frames = FrameReader(LIMITS)
    for _ in range(200):
        frames.feed(b" ")
        assert list(frames.events()) == []
    frames.feed(b" ")
    with pytest.raises(FrameTooLarge):
        list(frames.events())


def test_a_payload_is_never_kept() -> None:
    limits = Limits()
    frames = FrameReader(limits)
    frames.feed(b'{"type": "x", "payload_length": 1000000}\n')
    for _ in range(100):
        assert list(frames.events()) == []
        frames.feed(bytes(10_000))
    assert list(frames.events()) == [Event("x")]
    assert not frames.is_inside_frame


def test_a_frame_is_written_as_the_reference_library_does() -> None:
    frame = encode_event(Event("synthesize", {"text": "你"}, b"12"))
    line, rest = frame.split(b"\n", 1)
    header = json.loads(line)
    assert isinstance(header.pop("version"), str)
    assert header == {"type": "synthesize", "data_length": 18, "payload_length": 2}
    assert rest == b'{"text": "\\u4f60"}12'


def test_a_lone_surrogate_can_be_written() -> None:
    event = Event("pong", {"text": "\ud800"})
    assert read(encode_event(event)) == [event]
