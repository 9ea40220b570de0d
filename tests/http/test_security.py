"""Who is served and who is not: hosts, origins, tokens, ingress, paths."""

from __future__ import annotations

import asyncio
import gzip
import socket
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.support.fake import DEADLINE_S
from tests.support.http_server import serving
from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.server.http.page import static_files

if TYPE_CHECKING:
    from tests.support.fake import FakeSynthesizer
    from tests.support.http_server import Serving

GOOD_HOSTS = [
    "127.0.0.1",
    "127.0.0.1:8080",
    "localhost",
    "LOCALHOST:8080",
    "192.168.1.20:8080",
    "[::1]",
    "[::1]:8080",
    "[fd00::1]:80",
    "tts.home.example",
    "TTS.home.example:8080",
    f"{socket.gethostname()}.local",
    "cosyvoice:10200",
    "host.docker.internal:8080",
    "pi.fritz.box:8080",
    "tts.lan",
    "tts.lan.",
    "localhost.",
    "localhost:",
    "tts.home.arpa",
    "tts.localhost:80",
    "tts.default.svc.cluster.local:8080",
    "my_service",
]
BAD_HOSTS = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.localhost.example",
    "lan.evil.example",
    "evil.examplelan",
    "evil.fritz.box.example",
    "fritz.box.",
    ".lan",
    "-.lan",
    "evil.0x7f",
    "127.0.0.1:8080:1",
    "127.0.0.1:port",
    "127.1",
    "0x7f000001",
    "2130706433",
    "[::1",
    "::1",
    "[evil.example]",
    "user@127.0.0.1",
    "127.0.0.1/evil",
    "tts.home.example.evil.example",
    "",
]
# What a browser would say of its page, given the Host that it sends; and who is right.
ORIGINS = [
    (None, True),
    ("http://{host}", True),
    ("https://{host}", True),
    ("null", False),
    ("http://evil.example", False),
    ("https://evil.example", False),
    ("http://{host}.evil.example", False),
    ("http://{host}:81:81", False),
    ("http://evil.example/{host}", False),
    ("file://", False),
    ("ftp://{host}", False),
    ("{host}", False),
]


async def status_of(http: Serving, *lines: str, target: str = "/voices") -> int:
    """Send a request as it stands; clients would mend it."""
    assert http.server.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", http.server.port)
    head = "\r\n".join([f"GET {target} HTTP/1.1", *lines, "Connection: close", "", ""])
    writer.write(head.encode("latin-1"))
    try:
        async with asyncio.timeout(DEADLINE_S):
            line = await reader.readline()
            await reader.read()
    finally:
        writer.close()
    return int(line.split()[1])


@pytest.mark.parametrize(("origin", "is_own"), ORIGINS)
async def test_only_own_hosts_and_origins_are_served(
    fake: FakeSynthesizer, origin: str | None, is_own: bool
) -> None:
    async with serving(fake, names=("tts.home.example",)) as http:
        for host in [*GOOD_HOSTS, *BAD_HOSTS]:
            lines = [f"Host: {host}"]
            if origin is not None:
                lines.append(f"Origin: {origin.format(host=host)}")
            status = await status_of(http, *lines)
            if host in GOOD_HOSTS and is_own:
                assert status == 200, host
            else:
                assert status in {400, 403}, (host, origin)


async def test_none_or_two_hosts_are_refused(http: Serving) -> None:
    assert await status_of(http) in {400, 403}
    two = ("Host: 127.0.0.1", "Host: evil.example")
    assert await status_of(http, *two) in {400, 403}
    two_origins = ("Origin: http://127.0.0.1", "Origin: http://evil.example")
    assert await status_of(http, "Host: 127.0.0.1", *two_origins) in {400, 403}


async def test_other_pages_cannot_even_get(http: Serving) -> None:
    cross = ("Host: 127.0.0.1", "Sec-Fetch-Site: cross-site")
    assert await status_of(http, *cross) == 403
    assert await status_of(http, *cross, target="/") == 200  # a link to the page


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 1", "Content-Length: 2"),
        ("Content-Length: 1", "Transfer-Encoding: chunked"),
        ("Content-Length: -1",),
        ("Content-Length: 1x",),
        ("Transfer-Encoding: chunked, identity",),
        ("X" * 9000 + ": 1",),
        ("X: " + "1" * 9000,),
        (" folded: 1",),
    ],
)
async def test_headers_that_smuggle_are_refused(
    http: Serving, lines: tuple[str, ...]
) -> None:
    assert await status_of(http, "Host: 127.0.0.1", *lines) in {400, 431}


PATHS = [
    "/../etc/passwd",
    "/static/../page.py",
    "/static/..%2fpage.py",
    "/static/%2e%2e/page.py",
    "/static/%2e%2e%2fpage.py",
    "/static/..\\page.py",
    "/static/..%5cpage.py",
    "/static/%00",
    "/static/app.js%00",
    "/static/app.js/",
    "/static//app.js",
    "/static/",
    "/static",
    "/static/.",
    "/static/..",
    "/static/index.html",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/%252e%252e/page.py",
    "/static/APP.JS",
    "/static/app.js.bak",
    "/static/~root",
    "/static/" + "a" * 4000,
    "/index.html",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/.git/config",
    "/app.js",
    "/voices/..%2f..%2fetc/sample",
    "/voices/%2e%2e/sample",
    "/voices/a%00b/sample",
    "/models/..%2f/download",
    "/page.py",
]


@pytest.mark.parametrize("path", PATHS)
async def test_paths_lead_to_listed_files_only(http: Serving, path: str) -> None:
    status = await status_of(http, "Host: 127.0.0.1", target=path)
    assert status in {400, 404, 405}


async def test_the_page_s_files_forbid_foreign_and_inline_code(http: Serving) -> None:
    names = {file.name for file in static_files()}
    assert {"index.html", "app.js", "style.css"} <= names
    for name in names:
        path = "/" if name == "index.html" else f"/static/{name}"
        async with http.session.get(path) as answer:
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            body = await answer.text()
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ".innerHTML" not in body
        assert "://" not in body.replace("http://www.w3.org/2000/svg", "")


async def test_every_answer_has_the_policy(http: Serving) -> None:
    for path in ("/voices", "/nowhere", "/health", "/metrics"):
        async with http.session.get(path) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_token_is_asked_for(fake: FakeSynthesizer) -> None:
    async with serving(fake, token="secret") as http:  # noqa: S106
        for given, status in (
            (None, 401),
            ("Bearer wrong", 401),
            ("Basic secret", 401),
            ("Bearer sécret", 401),
            ("Bearer secret", 200),
            ("bearer secret", 200),
        ):
            headers = {} if given is None else {"Authorization": given}
            async with http.session.get("/voices", headers=headers) as answer:
                assert answer.status == status, given
        for path in ("/", "/health", "/static/app.js"):
            async with http.session.get(path) as answer:
                assert answer.status == 200


async def test_behind_ingress_only_the_proxy_is_served(fake: FakeSynthesizer) -> None:
    async with serving(fake, ingress="172.30.32.2") as http:
        async with http.session.get("/voices") as answer:
            assert answer.status == 403
        async with http.session.get("/health") as answer:
            assert answer.status == 200  # the container's own health check
    async with serving(fake, ingress="127.0.0.1", token="secret") as http:  # noqa: S106
        headers = {"Host": "my.home.example", "X-Ingress-Path": "/api/ingress/abc"}
        async with http.session.get("/openapi.json", headers=headers) as answer:
            assert answer.status == 200
            assert (await answer.json())["servers"] == [{"url": "/api/ingress/abc"}]
            assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        headers["X-Ingress-Path"] = "//evil.example/<x>"
        async with http.session.get("/openapi.json", headers=headers) as answer:
            assert (await answer.json())["servers"] == [{"url": ""}]


async def test_beside_ingress_others_need_the_token(fake: FakeSynthesizer) -> None:
    options = {"ingress": "172.30.32.2", "token": "secret"}
    async with serving(fake, **options) as http:
        async with http.session.get("/voices") as answer:
            assert answer.status == 401
        right = {"Authorization": "Bearer secret"}
        async with http.session.get("/v1/models", headers=right) as answer:
            assert answer.status == 200
        foreign = right | {"Host": "evil.example"}
        async with http.session.get("/voices", headers=foreign) as answer:
            assert answer.status == 403
    async with (
        serving(fake, ingress="172.30.32.2") as http,
        http.session.get("/voices", headers=right) as answer,
    ):
        assert answer.status == 403
        assert "http_token" in (await answer.json())["remedy"]


@pytest.mark.parametrize("proxy", ["127.0.0.1", "192.0.2.1"])
async def test_a_proxy_is_known_by_its_ipv4_address_on_a_socket_for_both_families(
    fake: FakeSynthesizer, proxy: str
) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    async with (
        serving(fake, host="::", ingress=proxy) as http,
        http.session.get("/voices") as answer,
    ):
        assert http.server.url == f"http://[::]:{http.server.port}"
        assert answer.status == (200 if proxy == "127.0.0.1" else 403)


async def test_a_silent_client_is_sent_away(fake: FakeSynthesizer) -> None:
    async with serving(fake, limits=Limits(http_header_s=0.05)) as http:
        assert http.server.port is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", http.server.port)
        writer.write(b"GET / HT")
        async with asyncio.timeout(DEADLINE_S):
            await reader.read()
        writer.close()
        async with http.tts("One.") as answer:
            assert answer.status == 200


async def test_too_many_connections_are_refused(fake: FakeSynthesizer) -> None:
    async with serving(fake, limits=Limits(connections=2)) as http:
        assert http.server.port is not None
        ends = [
            await asyncio.open_connection("127.0.0.1", http.server.port)
            for _ in range(3)
        ]
        async with asyncio.timeout(DEADLINE_S):
            assert b" 503 " in await ends[-1][0].readline()
        for _, writer in ends:
            writer.close()


async def test_one_address_cannot_keep_the_others_out(fake: FakeSynthesizer) -> None:
    limits = Limits(connections=8, connections_per_address=4)
    async with serving(fake, limits=limits) as http:
        assert http.server.port is not None
        ends = [
            await asyncio.open_connection("127.0.0.1", http.server.port)
            for _ in range(40)
        ]
        async with asyncio.timeout(DEADLINE_S):
            assert b" 503 " in await ends[-1][0].readline()
        connector = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
        async with (
            aiohttp.ClientSession(http.url, connector=connector) as other,
            other.post("/tts", json={"text": "One."}) as answer,
        ):
            assert answer.status == 200
        for _, writer in ends:
            writer.close()


@pytest.mark.parametrize(
    ("host", "origin", "is_own"),
    [
        ("tts.lan", "https://tts.lan:8443", True),  # a proxy dropped the port
        ("tts.lan:8080", "https://tts.lan", True),  # a proxy added its own
        ("tts.lan:8080", "http://tts.lan:8123", False),
        ("tts.lan:8080", "http://other.lan", False),
    ],
)
async def test_a_proxy_may_change_the_port(
    http: Serving, host: str, origin: str, *, is_own: bool
) -> None:
    status = await status_of(http, f"Host: {host}", f"Origin: {origin}")
    assert status == (200 if is_own else 403)


@pytest.mark.parametrize("target", ["/voices", "/v1/models", "/tts?text=a\xff"])
@pytest.mark.parametrize("host", ["\xff", "a\xed\xa0\x80.lan", "127.0.0.1:\xe9"])
async def test_bytes_that_are_not_utf_8_are_refused_without_a_traceback(
    http: Serving, host: str, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await status_of(http, f"Host: {host}", target=target) in {400, 403}
    assert "Traceback" not in caplog.text
    assert "failed" not in caplog.text


_GZIP = gzip.compress(b'{"text": "One."}', mtime=0)


@pytest.mark.parametrize("path", ["/tts", "/v1/audio/speech", "/lexicon/check"])
@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Content-Encoding: gzip\r\nContent-Length: 4", b"\x1f\x8b\0\0"),
        ("Content-Encoding: deflate\r\nContent-Length: 3", b"abc"),
        (f"Content-Encoding: gzip\r\nContent-Length: {len(_GZIP) - 14}", _GZIP[:-14]),
        ("Transfer-Encoding: chunked", b"5\r\n{....garbage"),
        ("Transfer-Encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"),
    ],
)
async def test_a_body_that_is_encoded_wrong_is_refused_without_a_traceback(
    http: Serving, path: str, header: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", http.server.port)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\n{header}\r\n\r\n"
    writer.write(head.encode() + body)
    async with asyncio.timeout(DEADLINE_S):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.")
    assert answer.split()[1] == b"400"
    assert "Traceback" not in caplog.text
    assert "failed" not in caplog.text
