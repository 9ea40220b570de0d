"""The program in a process of its own: signals, exit codes, what is left behind."""

from __future__ import annotations

import asyncio
import random
import resource
import signal
import socket
from typing import TYPE_CHECKING

import pytest
from wyoming.event import Event
from wyoming.tts import SynthesizeChunk, SynthesizeStart

from tests.support.harness import listen, plain, play, stream
from wyoming_cosyvoice.server.wyoming.health import health_check
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from tests.support.programs import Program

    Start = Callable[..., Awaitable[Program]]

pytestmark = pytest.mark.ci


def assert_clean(program: Program) -> None:
    log = "".join(program.lines)
    assert "Traceback" not in log
    assert "never retrieved" not in log
    assert "was never awaited" not in log


@pytest.fixture(autouse=True)
def hangup_is_not_ignored() -> Iterator[None]:
    """Keep nohup, if the tests were started with it, from the servers."""
    usual = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, usual)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_signal_while_idle(start_program: Start, number: signal.Signals) -> None:
    program = await start_program()
    port = await program.wait_port()
    await health_check(f"tcp://127.0.0.1:{port}")
    program.send(number)
    assert await program.wait_exit() == 0
    assert f"Got {number.name}" in "".join(program.lines)
    assert_clean(program)
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port can be used again at once


async def test_a_hangup_that_is_ignored_stops_nothing(start_program: Start) -> None:
    """So does who starts it with nohup wish."""
    usual = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        program = await start_program()
    finally:
        signal.signal(signal.SIGHUP, usual)
    port = await program.wait_port()
    program.send(signal.SIGHUP)
    received = await play(port, plain("One."), last="audio-stop")
    assert received.types[-1] == "audio-stop"
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0


@pytest.mark.parametrize("is_stream", [False, True], ids=["plain", "stream"])
async def test_answers_under_way_are_finished(
    start_program: Start, is_stream: bool
) -> None:
    program = await start_program("--limit", "drain_s=1000")
    port = await program.wait_port()
    text = "One. " * 50
    last = "synthesize-stopped" if is_stream else "audio-stop"
    frames = stream(text) if is_stream else plain(text)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(map(encode_event, frames)))
    first = await listen(reader, last="audio-chunk")
    program.send(signal.SIGTERM)
    rest = await listen(reader, last=None)
    assert rest.types[-1] == last
    assert len(first.pcm + rest.pcm) == 50 * 3 * 2 * 2205
    assert await program.wait_exit() == 0
    assert_clean(program)
    writer.close()


async def test_answer_that_does_not_finish_is_ended(start_program: Start) -> None:
    """SIGTERM while the model computes: the client is told, and the exit is clean."""
    program = await start_program("--hold", "--limit", "drain_s=0.2")
    port = await program.wait_port()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(map(encode_event, stream("One."))))
    writer.write(encode_event(Event("ping")))
    await listen(reader, last="pong")
    program.send(signal.SIGTERM)
    received = await listen(reader, last=None)
    assert received.types == ["error", "synthesize-stopped"]
    assert received.error_code == "busy"
    assert await program.wait_exit() == 0
    assert_clean(program)
    writer.close()


async def test_no_connections_are_accepted_while_it_stops(start_program: Start) -> None:
    program = await start_program("--hold", "--limit", "drain_s=1000")
    port = await program.wait_port()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(map(encode_event, plain("One."))))
    writer.write(encode_event(Event("ping")))
    await listen(reader, last="pong")
    program.send(signal.SIGTERM)
    await program.wait_for("Stopping")
    with pytest.raises(ConnectionError):
        await play(port, [Event("ping")], last="pong")
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0
    writer.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_second_signal_does_not_wait(
    start_program: Start, number: signal.Signals
) -> None:
    program = await start_program("--hold", "--limit", "drain_s=1000")
    port = await program.wait_port()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(map(encode_event, plain("One."))))
    writer.write(encode_event(Event("ping")))
    await listen(reader, last="pong")
    program.send(number)
    await program.wait_for("Stopping")
    program.send(number)
    assert await program.wait_exit() == 0
    assert_clean(program)
    writer.close()


async def test_signal_while_the_model_loads(start_program: Start) -> None:
    """Loading cannot be interrupted; the program leaves without it."""
    program = await start_program("--model", "endless")
    port = await program.wait_port()
    await health_check(f"tcp://127.0.0.1:{port}")
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0
    assert_clean(program)


async def test_signal_at_a_random_time(start_program: Start) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)  # noqa: T201 - shown when the test fails
    randomness = random.Random(seed)
    for _ in range(4):
        program = await start_program()
        port = await program.wait_port()
        asked = [
            asyncio.create_task(play(port, frames, last=None))
            for frames in (plain("One. " * 300), stream("Two. " * 300), [])
        ]
        await asyncio.wait(asked, timeout=randomness.uniform(0, 0.2))
        program.send(signal.SIGTERM)
        assert await program.wait_exit() == 0
        assert_clean(program)
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(end, OSError) or end.is_closed for end in ends)  # type: ignore[union-attr]


async def test_running_out_of_files_is_reported_once(start_program: Start) -> None:
    """It waits until some are free, and goes on; others stay connected meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, hard))
    try:
        program = await start_program("--limit", "connections=1000")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    port = await program.wait_port()
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(80)]
    await program.wait_for("No more connections can be accepted")
    for client in clients:
        client.close()
    received = await play(port, plain("One."), last="audio-stop")
    assert received.types[-1] == "audio-stop"
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0
    assert_clean(program)
    assert len(program.lines) < 40
    assert "".join(program.lines).count("No more connections") == 1


async def test_nothing_is_connected_to(start_program: Start) -> None:
    """It speaks in a house without internet, and tells nobody what it says."""
    program = await start_program()
    port = await program.wait_port()
    await play(port, plain("One."), last="audio-stop")
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0
    assert "Connected" not in "".join(program.lines)


async def test_address_open_to_others_is_worth_a_warning(start_program: Start) -> None:
    for host, is_warned in (("127.0.0.1", False), ("0.0.0.0", True)):  # noqa: S104
        program = await start_program("--uri", f"tcp://{host}:0")
        await program.wait_for("Ready to speak")
        program.send(signal.SIGTERM)
        assert await program.wait_exit() == 0
        assert ("no password" in "".join(program.lines)) == is_warned


async def test_model_that_is_missing(start_program: Start) -> None:
    program = await start_program("--model", "missing")
    assert await program.wait_exit() == 3
    errors = [line for line in program.lines if line.startswith("ERROR")]
    assert errors == ["ERROR There is no model. Fetch one.\n"]
    assert_clean(program)


async def test_port_in_use(start_program: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = await start_program("--uri", f"tcp://127.0.0.1:{port}")
        assert await program.wait_exit() == 2
    (error,) = [line for line in program.lines if line.startswith("ERROR")]
    assert f"Cannot listen on tcp://127.0.0.1:{port}" in error
    assert "choose another --uri" in error
    assert_clean(program)


@pytest.mark.parametrize(
    "uri", ["tcp://127.0.0.1", "http://127.0.0.1:1", "tcp://no.such.host.invalid:1"]
)
async def test_bad_address(start_program: Start, uri: str) -> None:
    program = await start_program("--uri", uri)
    assert await program.wait_exit() == 2
    assert len([line for line in program.lines if line.startswith("ERROR")]) == 1
    assert_clean(program)


async def test_model_that_hangs_ends_the_program(start_program: Start) -> None:
    """Its supervisor starts it again; that is better than a server that is mute."""
    limits = ("sentence_s=0.1", "sentence_per_audio=0.01", "stuck_s=0.1")
    flags = [word for limit in limits for word in ("--limit", limit)]
    program = await start_program("--hold", *flags)
    port = await program.wait_port()
    received = await play(port, stream("deaf"), last=None)
    assert received.types[0] == "error"
    assert received.types[-1] == "synthesize-stopped"
    assert await program.wait_exit() == 5
    assert_clean(program)


async def test_unix_socket_is_removed_by_a_signal(
    start_program: Start, tmp_path: Path
) -> None:
    path = tmp_path / "cosyvoice.sock"
    program = await start_program("--uri", f"unix://{path}")
    await program.wait_for("Listening on unix://")
    assert path.exists()
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0
    assert not path.exists()


async def test_kill_leaves_nothing_that_hinders_the_next_start(
    start_program: Start, tmp_path: Path
) -> None:
    path = tmp_path / "cosyvoice.sock"
    for _ in range(2):
        program = await start_program("--uri", f"unix://{path}")
        await program.wait_for("Listening on unix://")
        await health_check(f"unix://{path}")
        program.send(signal.SIGKILL)
        assert await program.wait_exit() == -signal.SIGKILL


async def test_what_ends_the_process_at_once_is_reported(start_program: Start) -> None:
    program = await start_program()
    await program.wait_port()
    program.send(signal.SIGBUS)
    assert await program.wait_exit() == -signal.SIGBUS
    assert "Bus error" in "".join(program.lines)


async def test_open_stream_may_last_for_a_while(start_program: Start) -> None:
    """Text that comes in the time for draining is spoken to the end."""
    program = await start_program("--limit", "drain_s=1000")
    port = await program.wait_port()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(encode_event(SynthesizeStart().event()))
    writer.write(encode_event(SynthesizeChunk("One.").event()))
    await listen(reader, last="audio-chunk", times=6)
    program.send(signal.SIGTERM)
    await program.wait_for("Stopping")
    for event in stream("Two.")[1:]:
        writer.write(encode_event(event))
    received = await listen(reader, last=None)
    assert received.types == ["audio-chunk", "audio-stop", "synthesize-stopped"]
    assert await program.wait_exit() == 0
    writer.close()
