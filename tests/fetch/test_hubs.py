"""Hubs that cannot be reached, name no address, or answer for each other."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import urllib.error
from typing import TYPE_CHECKING

import pytest

from wyoming_cosyvoice.errors import (
    ConfigError,
    DownloadError,
)
from wyoming_cosyvoice.fetch import RELEASES, choose_source
from wyoming_cosyvoice.fetch.sources import (
    FirstReachable,
    HuggingFace,
    Listing,
    ModelScope,
)

if TYPE_CHECKING:
    from wyoming_cosyvoice.fetch import Release

pytestmark = pytest.mark.ci


def test_sources_have_names() -> None:
    scope = ModelScope("https://modelscope.cn")
    face = HuggingFace("https://huggingface.co")
    assert choose_source("modelscope", {}) == FirstReachable((scope, face))
    assert choose_source("huggingface", {"HF_ENDPOINT": " "}) == FirstReachable(
        (face, scope)
    )
    with pytest.raises(ConfigError, match="No hub"):
        choose_source("elsewhere", {})


class _Hub:
    def __init__(self, answer: Listing | DownloadError) -> None:
        self.answer, self.asked = answer, 0

    def list_files(self, _: Release) -> Listing:
        self.asked += 1
        if isinstance(self.answer, DownloadError):
            raise self.answer
        return self.answer


SILENT = DownloadError("Cannot ask hub.invalid.", retryable=True)
NOT_HERE = DownloadError("hub.invalid answered 404.", status=404)


def test_the_other_hub_is_asked_when_the_first_cannot_be_reached(
    caplog: pytest.LogCaptureFixture,
) -> None:
    listing = Listing("there", ())
    first, other = _Hub(SILENT), _Hub(listing)
    assert FirstReachable((first, other)).list_files(RELEASES[0]) is listing
    assert "Cannot ask hub.invalid." in caplog.text


def test_a_hub_that_answers_is_believed() -> None:
    other = _Hub(Listing("there", ()))
    with pytest.raises(DownloadError, match="404"):
        FirstReachable((_Hub(NOT_HERE), other)).list_files(RELEASES[0])
    assert other.asked == 0


def test_the_first_hub_s_error_is_shown_where_none_answers() -> None:
    silent = DownloadError("Cannot ask other.invalid.", retryable=True)
    with pytest.raises(DownloadError, match=r"hub\.invalid"):
        FirstReachable((_Hub(SILENT), _Hub(silent))).list_files(RELEASES[0])


def _without_network() -> DownloadError:
    error = DownloadError("Cannot reach a hub.", retryable=True)
    error.__cause__ = urllib.error.URLError(socket.gaierror(-3, "no such name"))
    return error


def test_offline_is_final_and_reported_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hubs = FirstReachable((_Hub(_without_network()), _Hub(_without_network())))
    with pytest.raises(DownloadError, match="This machine is offline") as failure:
        hubs.list_files(RELEASES[0])
    assert not failure.value.retryable
    assert caplog.text == ""


def test_a_mirror_that_refuses_connections_is_not_asked_again() -> None:
    """Nothing listens there: `fetch` waited 30 s for the same refusal five times."""
    refusal = DownloadError("Cannot reach 127.0.0.1.", remedy="Check.", retryable=True)
    refusal.__cause__ = urllib.error.URLError(ConnectionRefusedError(111, "refused"))
    hubs = FirstReachable((_Hub(refusal), _Hub(_without_network())))
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1\. Check\.") as failure:
        hubs.list_files(RELEASES[0])
    assert not failure.value.retryable


def test_a_hub_whose_name_cannot_be_looked_up_is_not_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(DownloadError, match="Cannot reach huggingface"):
        HuggingFace().list_files(RELEASES[0])


def test_a_silent_name_server_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: answered.wait(60))
    with pytest.raises(DownloadError, match="This machine is offline"):
        FirstReachable((HuggingFace(), ModelScope())).list_files(RELEASES[0])
    assert not answered.is_set()
    answered.set()


def test_asking_a_hub_needs_no_converter() -> None:
    """The server and the command start two seconds earlier."""
    code = (
        "import sys, wyoming_cosyvoice.cli.fetch, wyoming_cosyvoice.cli.serve\n"
        "print({'onnx'} & set(sys.modules))"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert child.stdout == "set()\n"
