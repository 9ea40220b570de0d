"""Files in folders that others write to: regular, inside, bounded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from wyoming_cosyvoice.errors import UnusableFile
from wyoming_cosyvoice.files import read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_BYTES = 1000


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 3 << 30)


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "not a regular file"),
    "folder": (os.mkdir, "not a regular file"),
    "sparse": (sparse, "larger than 1000 bytes"),
    "link out": (lambda path: path.symlink_to("/etc/passwd"), "outside"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "outside"),
    "link up": (lambda path: path.symlink_to("../../secret"), "outside"),
    "loop": (lambda path: path.symlink_to(path), "cannot be read"),
}


@pytest.mark.parametrize(("make", "reason"), ODD.values(), ids=ODD)
def test_irregular_files_are_refused(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "data" / "voices"
    folder.mkdir(parents=True)
    make(folder / "odd")
    with pytest.raises(UnusableFile, match=reason) as refused:
        read_file(folder / "odd", max_bytes=MAX_BYTES, within=folder)
    assert "odd" in refused.value.message


def test_a_folder_that_is_a_link_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_bytes(b"secret")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnusableFile, match="outside"):
        read_file(
            tmp_path / "data" / "link" / "file", max_bytes=9, within=tmp_path / "data"
        )


def test_a_plain_file_is_read_also_by_a_link_within(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * MAX_BYTES)
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link"):
        read = read_file(tmp_path / name, max_bytes=MAX_BYTES, within=tmp_path)
        assert read == b"x" * MAX_BYTES
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none", max_bytes=MAX_BYTES, within=tmp_path)


def test_a_file_without_a_size_is_still_bounded(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/proc/kallsyms")
    with pytest.raises(UnusableFile, match="larger"):
        read_file(tmp_path / "link", max_bytes=MAX_BYTES)


def test_reading_is_bounded_in_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(UnusableFile, match="takes longer"):
        read_file(tmp_path / "file", max_bytes=MAX_BYTES, max_s=0)


def test_refused_files_are_closed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - numbers, no paths
    for _ in range(20):
        with pytest.raises(UnusableFile):
            read_file(tmp_path / "folder", max_bytes=MAX_BYTES)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_writing_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "file").symlink_to(tmp_path / "secret")
    replace_file(folder / "file", b"new")
    assert (folder / "file").read_bytes() == b"new"
    assert (tmp_path / "secret").read_bytes() == b"secret"
    assert [path.name for path in folder.iterdir()] == ["file"]


def test_writing_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_file(tmp_path / "folder", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
