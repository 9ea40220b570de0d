"""One file from a server that misbehaves: it arrives whole, or with an error."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import hub as faults
from tests.support.hub import Hub, running_hub
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import DownloadError, SynthesisCancelled
from wyoming_cosyvoice.fetch.download import download, part_path
from wyoming_cosyvoice.fetch.retries import RetryPolicy
from wyoming_cosyvoice.fetch.sources import RemoteFile

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = bytes(range(256)) * 4096
NAME = "llm.pt"
HASTY = RetryPolicy(tries=5, first_wait_s=0.01, longest_wait_s=0.02, silence_s=0.3)


@pytest.fixture
def server() -> Iterator[Hub]:
    with running_hub({NAME: CONTENT}) as hub:
        yield hub


def remote(hub: Hub, content: bytes = CONTENT) -> RemoteFile:
    digest = hashlib.sha256(content).hexdigest()
    url = f"{hub.url}/a/b/resolve/main/{NAME}"
    return RemoteFile(NAME, len(content), "sha256", digest, url)


def fetch(
    hub: Hub, folder: Path, cancel: CancelToken | None = None, **changes: object
) -> Path:
    seen = changes.pop("seen", None)
    return download(
        remote(hub),
        folder,
        cancel=cancel or CancelToken(),
        progress=seen.append if isinstance(seen, list) else lambda _: None,
        retry=HASTY,
    )


GOOD_IN_THE_END = {
    "cut at once": [faults.cut(0)],
    "cut at 1 %": [faults.cut(0.01)],
    "cut at 10 %": [faults.cut(0.1)],
    "cut at half": [faults.cut(0.5)],
    "cut at 99 %": [faults.cut(0.99)],
    "last byte missing": [faults.cut(1)],
    "cut twelve times": [faults.cut(0.2)] * 12,
    "stalls": [faults.stall(0.3), faults.stall(0)],
    "too short": [faults.too_short],
    "too long once": [faults.too_long],
    "wrong bytes once": [faults.wrong_bytes],
    "wrong bytes after a cut": [faults.cut(0.5), faults.wrong_bytes],
    "range ignored": [faults.cut(0.5), faults.whole],
    "another range": [faults.cut(0.5), faults.wrong_range],
    "416": [faults.cut(0.5), faults.status(416)],
    "500 three times": [faults.status(500)] * 3,
    "429": [faults.status(429)],
    "gzip once": [faults.compressed],
}


@pytest.mark.ci
@pytest.mark.parametrize("case", GOOD_IN_THE_END)
def test_passing_trouble_ends_in_the_right_file(
    server: Hub, tmp_path: Path, case: str
) -> None:
    server.faults[NAME] = list(GOOD_IN_THE_END[case])
    path = fetch(server, tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.faults[NAME] == []
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


BAD_FOR_GOOD = {
    "404": ([faults.status(404)], "404", 1),
    "403": ([faults.status(403)], "403", 1),
    "always 500": ([faults.status(500)] * 9, "500", 5),
    "always wrong": ([faults.wrong_bytes] * 9, "wrong content", 2),
    "always too long": ([faults.too_long] * 9, "announced", 5),
    "always gzip": ([faults.compressed] * 9, "gzip", 5),
    "http elsewhere": ([faults.redirect("http://example.invalid/x")], "only https", 1),
    "file": ([faults.redirect("file:///etc/passwd")], "302", 1),
}


@pytest.mark.parametrize("case", BAD_FOR_GOOD)
def test_permanent_errors_are_reported_and_leave_no_wrong_file(
    server: Hub, tmp_path: Path, case: str
) -> None:
    server.faults[NAME], words, requests = BAD_FOR_GOOD[case]
    with pytest.raises(DownloadError, match=words):
        fetch(server, tmp_path)
    assert not (tmp_path / NAME).exists()
    assert len(server.requests) == requests


def test_a_redirect_to_another_store_is_followed(server: Hub, tmp_path: Path) -> None:
    server.faults[NAME] = [faults.redirect(f"{server.url}/cdn/{NAME}")]
    assert fetch(server, tmp_path).read_bytes() == CONTENT


def test_a_redirect_loop_ends(server: Hub, tmp_path: Path) -> None:
    loop = f"{server.url}/cdn/{NAME}"
    server.faults[NAME] = [faults.redirect(loop)] * 99
    with pytest.raises(DownloadError, match="302"):
        fetch(server, tmp_path)


def test_only_the_missing_bytes_are_asked_for(server: Hub, tmp_path: Path) -> None:
    half = len(CONTENT) // 2
    server.faults[NAME] = [faults.cut(0.5)]
    seen: list[int] = []
    fetch(server, tmp_path, seen=seen)
    assert server.requests == [(NAME, ""), (NAME, f"bytes={half}-")]
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)


def test_a_part_of_another_revision_is_not_continued(
    server: Hub, tmp_path: Path
) -> None:
    other = part_path(tmp_path, remote(server, b"other"))
    other.write_bytes(b"oth")
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.requests == [(NAME, "")]
    assert not other.exists()


@pytest.mark.parametrize("junk", [b"", b"x" * 100, b"x" * 2 * len(CONTENT)])
def test_a_part_with_wrong_bytes_is_replaced(
    server: Hub, tmp_path: Path, junk: bytes
) -> None:
    part_path(tmp_path, remote(server)).write_bytes(junk)
    assert fetch(server, tmp_path).read_bytes() == CONTENT


def test_a_complete_part_needs_no_download(server: Hub, tmp_path: Path) -> None:
    part_path(tmp_path, remote(server)).write_bytes(CONTENT)
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.requests == []


def test_a_complete_file_is_checked_and_kept(server: Hub, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(CONTENT)
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.requests == []


def test_a_damaged_file_of_the_right_size_is_fetched_again(
    server: Hub, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(b"\0" * len(CONTENT))
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert len(server.requests) == 1


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_full_disk_is_reported_and_the_part_removed(
    server: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    room, usual = int(len(CONTENT) * share), Path.open

    class FullDisk(io.BufferedRandom):
        def write(self, chunk: Any) -> int:
            if self.tell() + len(chunk) > room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(chunk)

    def limited(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if mode == "a+b":
            return FullDisk(io.FileIO(path, mode))
        return usual(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", limited)
    with pytest.raises(DownloadError, match="No space left"):
        fetch(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_cancelling_leaves_a_part_that_is_continued(
    server: Hub, tmp_path: Path
) -> None:
    token = CancelToken()
    server.faults[NAME] = [faults.cut(0.5)]

    def stop(_: int) -> None:
        token.cancel()

    with pytest.raises(SynthesisCancelled):
        download(remote(server), tmp_path, cancel=token, progress=stop, retry=HASTY)
    assert part_path(tmp_path, remote(server)).stat().st_size > 0
    assert fetch(server, tmp_path).read_bytes() == CONTENT


def test_cancelling_ends_the_wait_between_tries(server: Hub, tmp_path: Path) -> None:
    token = CancelToken()
    server.faults[NAME] = [faults.status(500)] * 9
    long_wait = RetryPolicy(first_wait_s=600, longest_wait_s=600)
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    with pytest.raises(SynthesisCancelled):
        download(
            remote(server),
            tmp_path,
            cancel=token,
            progress=lambda _: None,
            retry=long_wait,
        )
    timer.join()


def test_an_unreachable_server_is_reported(tmp_path: Path) -> None:
    with running_hub({}) as gone:
        pass
    with pytest.raises(DownloadError, match=r"Cannot reach 127\.0\.0\.1"):
        fetch(gone, tmp_path)


def endless(handler: faults.Handler, content: bytes, offset: int) -> None:
    """Send more than there is, and no length that would tell."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(content * 2)
    handler.close_connection = True


def test_an_answer_without_end_is_cut_off(server: Hub, tmp_path: Path) -> None:
    server.faults[NAME] = [endless] * 2
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


def test_a_missing_folder_is_reported(server: Hub, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="No such file"):
        fetch(server, tmp_path / "gone")
