"""The program in use, with a name server that writes down questions: a child of tests.

    unshare --net --mount python -m tests.faults.watched enclosed serve 30
    strace -f python -m tests.faults.watched open say

``enclosed`` is for a network and mount namespace of its own: its name server is then
the one that the system asks, and nothing leads out. What was asked is printed as JSON.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop

PROGRAM = (sys.executable, "-m", "wyoming_cosyvoice")
DEADLINE_S = 60
NO_SUCH_NAME = b"\x81\x83"
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1

COMMANDS = {
    "say": ("say", "Hello there, 你好。", "--output", "hello.wav"),
    "doctor": ("doctor", "--uri", "tcp://127.0.0.1:0"),
    "voices": ("voices", "--json"),
    "bench": ("bench", "--runs", "1", "--text-tokens", "5", "--tokens", "30"),
}


class NameServer:
    """Answers that no name exists, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            question, client = self._socket.recvfrom(4096)
            self.asked.append(_name(question))
            reply = question[:2] + NO_SUCH_NAME + question[4:6] + bytes(6)
            self._socket.sendto(reply + question[12:], client)


def _name(question: bytes) -> str:
    labels, at = [], 12  # after the header
    while at < len(question) and question[at]:
        end = at + 1 + question[at]
        labels.append(question[at + 1 : end].decode("ascii", "replace"))
        at = end
    return ".".join(labels)


def enclose() -> None:
    """Give the namespace its loopback and a name server of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh", b"lo", 0)
        _, flags = struct.unpack(
            "16sh", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request)[:18]
        )
        up = struct.pack("16sh", b"lo", flags | _IFF_UP)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, up)
    with tempfile.NamedTemporaryFile("w") as resolv_conf:
        resolv_conf.write("nameserver 127.0.0.1\noptions attempts:1 timeout:1\n")
        resolv_conf.flush()
        subprocess.run(
            ["mount", "--bind", resolv_conf.name, "/etc/resolv.conf"], check=True
        )


def look_up() -> None:
    """Ask for a name, as nothing in the program does: what is watched must show it."""
    ask = "import socket; socket.getaddrinfo('telemetry.example', 443)"
    subprocess.run([sys.executable, "-c", ask], check=False, capture_output=True)


def serve(seconds: float) -> None:
    """Run the server and send it requests of every kind until the time is over."""
    command = (*PROGRAM, "serve", "--uri", "tcp://127.0.0.1:0", "--http", "127.0.0.1:0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        timer = threading.Timer(seconds + DEADLINE_S, server.kill)
        timer.start()
        try:
            port, url = _read_addresses(server)
            threading.Thread(target=server.stderr.read, daemon=True).start()
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                asyncio.run(_ask_by_wyoming(port))
                _ask_by_http(url)
            server.send_signal(signal.SIGTERM)
            assert server.wait(DEADLINE_S) == 0
        finally:
            timer.cancel()
            server.kill()


def _read_addresses(server: subprocess.Popen[str]) -> tuple[int, str]:
    port = url = None
    for line in server.stderr:
        if found := re.search(r"Listening on tcp://127\.0\.0\.1:(\d+)", line):
            port = int(found[1])
        if found := re.search(r"page is at (http://\S+)", line):
            url = found[1]
        if port is not None and url is not None:
            return port, url
    raise AssertionError("the server ended")


async def _ask_by_wyoming(port: int) -> None:
    async with asyncio.timeout(DEADLINE_S):
        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Event("describe"))
            await _read_until(client, "info")
            await client.write_event(Synthesize("It is 21.5°C.").event())
            await _read_until(client, "audio-stop")
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk("你好。").event())
            await client.write_event(SynthesizeStop().event())
            await _read_until(client, "synthesize-stopped")


async def _read_until(client: AsyncTcpClient, kind: str) -> None:
    while (event := await client.read_event()) is not None:
        if event.type == kind:
            return
    raise AssertionError(f"no {kind}")


def _ask_by_http(url: str) -> None:
    for path in ("/", "/health", "/voices", "/models", "/lexicon", "/metrics"):
        urllib.request.urlopen(url + path, timeout=DEADLINE_S).read()  # noqa: S310
    for path, field in (("/tts", "text"), ("/v1/audio/speech", "input")):
        body = json.dumps({field: "One moment, please."}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url + path, body, headers)  # noqa: S310
        urllib.request.urlopen(request, timeout=DEADLINE_S).read()  # noqa: S310


def main() -> None:
    where, what, *rest = sys.argv[1:]
    names = None
    if where == "enclosed":
        enclose()
        names = NameServer()
    if what == "look-up":
        look_up()
    elif what == "serve":
        serve(float(rest[0]))
    else:
        subprocess.run(
            [*PROGRAM, *COMMANDS[what]], check=True, stdout=subprocess.DEVNULL
        )
    sys.stdout.write(json.dumps(names.asked if names is not None else None))


if __name__ == "__main__":
    main()
