"""What may be asked, and what becomes of answers that are none."""

from __future__ import annotations

from email.message import Message
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.request import Request

import pytest

from tests.support.hub import Handler, Hub, running_hub
from wyoming_cosyvoice.errors import DownloadError
from wyoming_cosyvoice.fetch.transport import _Redirects, check_url, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[Hub]:
    with running_hub({}) as hub:
        yield hub


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/x",
        "http://127.0.0.1:9/x",
        "http://[::1]/x",
        "http://localhost:8080/x",
    ],
)
def test_https_and_this_machine_may_be_asked(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://huggingface.co/x",
        "http://127.0.0.1.evil.example/",
        "http://192.0.2.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "",
        "//host/x",
    ],
)
def test_nothing_else_is_asked(url: str) -> None:
    with pytest.raises(DownloadError, match="only https"):
        check_url(url)


def redirected(here: str, there: str) -> Request | None:
    request = Request(here)  # noqa: S310 - nothing is asked
    return _Redirects().redirect_request(
        request, BytesIO(), 302, "Found", Message(), there
    )


def test_a_hub_may_not_lead_to_this_machine() -> None:
    for there in ("http://127.0.0.1:8123/", "https://localhost/", "https://[::1]/"):
        with pytest.raises(DownloadError, match="redirects to this machine"):
            redirected("https://huggingface.co/x", there)


def test_a_hub_may_lead_to_another_store() -> None:
    request = redirected("https://huggingface.co/x", "https://cdn.example/y")
    assert request is not None
    assert request.full_url == "https://cdn.example/y"


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_a_response_that_is_not_json(
    server: Hub, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(Handler, "do_GET", lambda handler: handler.send(200, body))
    with pytest.raises(DownloadError, match="did not return JSON") as caught:
        read_json(f"{server.url}/list")
    assert caught.value.retryable


def test_a_response_that_is_not_http(
    server: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak_otherwise(handler: Handler) -> None:
        handler.wfile.write(b"220 mail.example ready\r\n")
        handler.close_connection = True

    monkeypatch.setattr(Handler, "do_GET", speak_otherwise)
    with pytest.raises(DownloadError, match="broke") as caught:
        read_json(f"{server.url}/list")
    assert caught.value.retryable


def test_a_server_that_is_silent(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Handler, "do_GET", lambda _: server.is_over.wait(10))
    with pytest.raises(DownloadError, match=r"nothing for 0\.2 s") as caught:
        read_json(f"{server.url}/list", timeout_s=0.2)
    assert caught.value.retryable
