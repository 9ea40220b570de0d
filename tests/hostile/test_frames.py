"""Any bytes are events or a ProtocolError, however they arrive; the server lives on."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Describe

from tests.hostile.frames import ERROR, EVENT, MALFORMED, WAITS
from tests.support.fake import VOICES, FakeSynthesizer
from tests.support.harness import SHORT_REFUSAL_S, listen, plain, play, serving
from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.errors import ProtocolError
from wyoming_cosyvoice.server.wyoming.wire import FrameReader, encode_event

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.ci

FUZZED = int(os.environ.get("FUZZED_FRAMES", "3000"))
"""How many inputs the fuzz test makes; half a million is a good night's work."""

NAMES = [name for name, _, _ in MALFORMED]
LIMITS = Limits()


def outcome(pieces: list[bytes]) -> tuple[list[Event], str]:
    """Feed pieces; return the events and how it ended. Other errors come through."""
    frames = FrameReader(LIMITS)
    events: list[Event] = []
    try:
        for piece in pieces:
            frames.feed(piece)
            events.extend(frames.events())
    except ProtocolError:
        return events, ERROR
    return events, WAITS if frames.is_inside_frame else EVENT


def cuts(received: bytes, randomness: random.Random) -> list[list[bytes]]:
    """Return the same bytes whole, cut thrice at random, and one by one if short."""
    ways = [[received]]
    for _ in range(3):
        places = sorted(randomness.randrange(len(received) + 1) for _ in range(3))
        bounds = [0, *places, len(received)]
        ways.append([received[a:b] for a, b in itertools.pairwise(bounds)])
    if len(received) < 5_000:
        ways.append([bytes([byte]) for byte in received])
    return ways


@pytest.mark.parametrize(("name", "received", "expected"), MALFORMED, ids=NAMES)
def test_malformed_frame(name: str, received: bytes, expected: str) -> None:
    outcomes = [outcome(way) for way in cuts(received, random.Random(name))]
    assert outcomes[0][1] == expected
    assert outcomes.count(outcomes[0]) == len(outcomes)


async def test_server_survives_every_malformed_frame() -> None:
    """Each gets an error and the end, or waits; then a good client is served."""
    fake = FakeSynthesizer()
    limits = Limits(frame_s=0.1, refusal_s=SHORT_REFUSAL_S)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        for name, received, expected in MALFORMED:
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            writer.write(received)
            writer.write_eof()
            got = await listen(reader, last=None)
            assert got.is_closed, name
            assert ("error" in got.types) == (expected != EVENT), name
            writer.close()
        got = await play(running.port, plain("One."), last="audio-stop")
        assert got.types == ["audio-start", "audio-chunk", "audio-stop"]


def mutations(randomness: random.Random) -> bytes:
    """Return frames that are nearly right."""
    frame = b"".join(
        encode_event(_random_event(randomness))
        for _ in range(randomness.randrange(1, 3))
    )
    mutated = bytearray(frame)
    for _ in range(randomness.randrange(4)):
        place = randomness.randrange(len(mutated) or 1)
        match randomness.randrange(5):
            case 0:
                mutated[place : place + 1] = randomness.randbytes(1)
            case 1:
                del mutated[place : place + randomness.randrange(1, 9)]
            case 2:
                mutated[place:place] = randomness.choice(_TOKENS)
            case 3:
                mutated[place:place] = mutated[place : place + 20]
            case 4:
                mutated = mutated[: place + 1]
    return bytes(mutated)


_TOKENS = [
    b'"data_length": 3,', b'"payload_length": -1,', b"{", b"}", b"[[[[[", b"]",
    b'"', b"\n", b"\r\n", b"\\u0000", b"\\ud800", b"null", b"1e999", b"\xff", b"99999",
    b'"type":', b"true", b"NaN", b'"data": null,',
]  # fmt: skip


def _random_event(randomness: random.Random) -> Event:
    payload = randomness.randbytes(randomness.choice([0, 0, 1, 100]))
    return Event(
        randomness.choice(["synthesize", "audio-chunk", "describe", "x", "名"]),
        {
            _random_text(randomness): _random_value(randomness, 3)
            for _ in range(randomness.randrange(4))
        },
        payload or None,
    )


def _random_value(randomness: random.Random, depth: int) -> Any:
    choices: list[Callable[[], Any]] = [
        lambda: None,
        lambda: randomness.random() < 0.5,
        lambda: randomness.randrange(-(10**9), 10**9),
        lambda: randomness.uniform(-1e9, 1e9),
        lambda: _random_text(randomness),
    ]
    if depth:
        choices += [
            lambda: [_random_value(randomness, depth - 1) for _ in range(2)],
            lambda: {_random_text(randomness): _random_value(randomness, depth - 1)},
        ]
    return randomness.choice(choices)()


def _random_text(randomness: random.Random) -> str:
    alphabet = 'ab 你好é😀"\\\n\u0000\u2028'
    return "".join(randomness.choices(alphabet, k=randomness.randrange(6)))


def test_fuzzed_frames_end_the_same_in_every_delivery() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)  # noqa: T201 - shown when the test fails
    randomness = random.Random(seed)
    ends = {EVENT: 0, ERROR: 0, WAITS: 0}
    for _ in range(FUZZED):
        received = mutations(randomness)
        outcomes = [outcome(way) for way in cuts(received, randomness)]
        assert outcomes.count(outcomes[0]) == len(outcomes), received
        ends[outcomes[0][1]] += 1
    # The mutations are of use only while each outcome is common
    assert min(ends.values()) > FUZZED // 50, ends


def test_round_trip_with_ourselves() -> None:
    randomness = random.Random(1)
    for _ in range(2_000):
        event = _random_event(randomness)
        events, end = outcome([encode_event(event)])
        assert end == EVENT
        assert events == [Event(event.type, event.data)]


async def test_round_trip_with_the_reference_library() -> None:
    randomness = random.Random(2)
    events = [_random_event(randomness) for _ in range(1_000)]

    ours = asyncio.StreamReader()
    ours.feed_data(b"".join(map(encode_event, events)))
    for event in events:
        assert await async_read_event(ours) == event

    written = bytearray()

    class Writer:
        def write(self, data: bytes) -> None:
            written.extend(data)

        def writelines(self, pieces: tuple[bytes, ...]) -> None:
            written.extend(b"".join(pieces))

        async def drain(self) -> None:
            pass

    for event in events:
        await async_write_event(event, Writer())  # type: ignore[arg-type]
    assert outcome([bytes(written)]) == (
        [Event(event.type, event.data) for event in events],
        EVENT,
    )


@pytest.mark.parametrize(
    "header",
    [
        b'{"type": "x", "payload_length": 1000000000000000000}\n',
        b'{"type": "x", "data_length": 1000000000}\n',
        b"",
    ],
    ids=["payload", "data", "line"],
)
def test_declared_sizes_cost_no_memory(header: bytes) -> None:
    """Whatever is declared and sent, a reader holds one limit and one piece more."""
    frames = FrameReader(LIMITS)
    piece = b"x" * 16_384
    tracemalloc.start()
    try:
        frames.feed(header)
        for _ in range(1_000):
            frames.feed(piece)
            try:
                list(frames.events())
            except ProtocolError:
                continue
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * LIMITS.data_bytes


def test_work_is_linear_in_the_bytes() -> None:
    """A line that arrives byte by byte is searched once, not once per byte."""

    class Counting(bytearray):
        searched = 0

        def find(self, *args: Any) -> int:
            self.searched += len(self) - args[1]
            return super().find(*args)

    frames = FrameReader(LIMITS)
    buffer = Counting()
    frames._buffer = buffer
    for _ in range(20_000):
        frames.feed(b" ")
        assert list(frames.events()) == []
    assert buffer.searched <= 2 * 20_000


async def test_log_of_a_flood_is_short(caplog: pytest.LogCaptureFixture) -> None:
    fake = FakeSynthesizer()
    async with serving(lambda: fake, VOICES) as running:
        for _ in range(60):
            await play(running.port, [b"private words\n"], last=None)
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if "broke the protocol" in line]) == 20
    assert "private" not in caplog.text


async def test_spoken_text_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    fake = FakeSynthesizer()
    async with serving(lambda: fake, VOICES) as running:
        await play(running.port, plain("My secret."), last="audio-stop")
        await play(running.port, plain("secret. refuse 1"), last=None)
        voice = {"name": "other\nname"}
        event = Event("synthesize", {"text": "secret", "voice": voice})
        await play(running.port, [event], last="audio-stop")
        await play(running.port, [Describe().event()], last="info")
    assert "Request" in caplog.text
    assert "secret" not in caplog.text
    # Names of voices are, but cannot write lines of their own.
    assert "other\nname" not in caplog.text


def test_names_of_the_malformed_frames_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 60
    assert all(json.dumps(name) for name in NAMES)
