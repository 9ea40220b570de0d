"""Unix sockets and standard input and output; addresses that cannot be had."""

from __future__ import annotations

import asyncio
import grp
import os
import socket
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from wyoming.info import Describe

from tests.support.fake import DEADLINE_S, VOICES, FakeSynthesizer
from tests.support.harness import Received, listen, plain, render, serving, stream
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.server.sockets import families_of, hosts_of
from wyoming_cosyvoice.server.wyoming.health import health_check
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from pathlib import Path


async def test_unix_socket(fake: FakeSynthesizer, tmp_path: Path) -> None:
    path = tmp_path / "cosyvoice.sock"
    async with serving(lambda: fake, VOICES, uri=f"unix://{path}") as running:
        assert running.server.uri == f"unix://{path}"
        assert running.server.port is None
        await health_check(running.server.uri)
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(encode_event(plain("One.")[0]))
        received = await listen(reader, last="audio-stop")
        assert received.pcm == render(fake, "One.")
        writer.close()
    assert not path.exists()


async def test_unix_socket_of_a_program_that_is_gone(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    path = tmp_path / "cosyvoice.sock"
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(path))
    assert path.exists()
    async with serving(lambda: fake, VOICES, uri=f"unix://{path}") as running:
        await health_check(running.server.uri)


async def test_unix_socket_for_a_group(fake: FakeSynthesizer, tmp_path: Path) -> None:
    path = tmp_path / "cosyvoice.sock"
    group = os.getgid()
    for query, mode in (
        (f"mode=600&group={group}", 0o600),
        (f"group={grp.getgrgid(group).gr_name}", 0o660),
        ("mode=0666", 0o666),
    ):
        uri = f"unix://{path}?{query}"
        async with serving(lambda: fake, VOICES, uri=uri) as running:
            status = path.stat()
            assert (stat.S_IMODE(status.st_mode), status.st_gid) == (mode, group)
            await health_check(running.server.uri)
    assert not path.exists()


async def test_unix_socket_for_a_group_that_does_not_exist(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    path = tmp_path / "cosyvoice.sock"
    with pytest.raises(ConfigError, match="no group 'nobody-knows'"):
        await _start_and_stop(fake, f"unix://{path}?group=nobody-knows")
    assert not path.exists()


@pytest.mark.parametrize("host", ["[::]", "[0::0]", "*"])
async def test_all_addresses_are_those_of_both_families(
    fake: FakeSynthesizer, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    async with serving(lambda: fake, VOICES, uri=f"tcp://{host}:0") as running:
        port = running.server.port
        assert families_of(running.server.sockets) == "IPv6 and IPv4"
        assert hosts_of(running.server.sockets) == ["0.0.0.0", "::"]  # noqa: S104
        assert not running.server.is_local
        for one in ("127.0.0.1", "[::1]", host):
            await health_check(f"tcp://{one}:{port}")
        assert running.server.uri.startswith(f"tcp://{host.replace('*', '[::]')}:")
    assert not [record for record in caplog.records if "::ffff:" in record.getMessage()]


async def test_without_both_families_in_one_socket_the_log_names_the_family(
    fake: FakeSynthesizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    monkeypatch.setattr("socket.has_dualstack_ipv6", lambda: False)
    async with serving(lambda: fake, VOICES, uri="tcp://[::]:0") as running:
        assert families_of(running.server.sockets) == "IPv6 only"
        assert hosts_of(running.server.sockets) == ["::"]
    async with serving(lambda: fake, VOICES, uri="tcp://*:0") as running:
        assert families_of(running.server.sockets) == ""
        assert running.server.uri == f"tcp://0.0.0.0:{running.server.port}"


async def test_addresses_that_are_taken(fake: FakeSynthesizer, tmp_path: Path) -> None:
    path = tmp_path / "cosyvoice.sock"
    async with (
        serving(lambda: fake, VOICES, uri=f"unix://{path}") as unix,
        serving(lambda: fake, VOICES) as tcp,
    ):
        for uri in (unix.server.uri, tcp.server.uri):
            with pytest.raises(ConfigError, match="Cannot listen on"):
                await _start_and_stop(fake, uri)
        await health_check(unix.server.uri)
        await health_check(tcp.server.uri)


async def test_a_file_is_never_replaced_by_a_socket(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear", encoding="utf-8")
    with pytest.raises(ConfigError, match="not a socket"):
        await _start_and_stop(fake, f"unix://{path}")
    assert path.read_text(encoding="utf-8") == "Dear"


async def _start_and_stop(fake: FakeSynthesizer, uri: str) -> None:
    async with serving(lambda: fake, VOICES, uri=uri):
        pass


async def test_standard_input_and_output(fake: FakeSynthesizer) -> None:
    """The program serves one client and ends with its input, with code 0."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.program", "--uri", "stdio://"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for frame in (Describe().event(), *plain("One."), *stream("Two.")):
        process.stdin.write(encode_event(frame))
    process.stdin.write_eof()
    received: Received = await listen(process.stdout, last=None)
    assert received.types == [
        *("info", "audio-start", "audio-chunk", "audio-stop"),
        *("audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"),
    ]
    assert received.pcm == render(fake, "One.") + render(fake, "Two.")
    assert await asyncio.wait_for(process.wait(), DEADLINE_S) == 0
