"""Open and replace files in folders that others can write to.

A name in such a folder may be a FIFO without a writer, a device, a link to a secret, or
a sparse file of terabytes. So only regular files are opened, links out of the folder
are not followed, and reading is limited in size and time. JSON is read
strictly here, wherever it comes from.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import stat
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from wyoming_cosyvoice.errors import FolderUnreachable, UnusableFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader
    from pathlib import Path

Result = TypeVar("Result")

MAX_READ_S = 10.0
"""Time limit for reading one file; disks read at least 100 MB per second."""

PART = ".part-"
"""Prefix of files being written; a crash may leave one behind."""

_BLOCK_BYTES = 1 << 20


def open_file(path: Path, *, within: Path | None = None) -> BufferedReader:
    """Open a regular file for reading.

    Links may point to files in the folder ``within``, but not outside; with None, for
    files named by the user, they may point anywhere.
    Raises: FileNotFoundError if it does not exist; UnusableFile otherwise.
    """
    try:
        target = path.resolve()
        if within is not None and not target.is_relative_to(within.resolve()):
            raise UnusableFile(
                f"{path.name} is a link to a file outside of its folder.",
                remedy="Copy the file there.",
            )
        # Without blocking: the other end of a pipe may never be opened.
        number = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise
    # A RuntimeError is a loop of links.
    except (OSError, RuntimeError, ValueError) as error:
        raise _cannot_read(path, error) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise UnusableFile(f"{path.name} is not a regular file.")
    return open(number, "rb")  # noqa: PTH123 - by its number


def read_file(
    path: Path,
    *,
    max_bytes: int,
    within: Path | None = None,
    max_s: float = MAX_READ_S,
) -> bytes:
    """Return all bytes of a regular file of at most ``max_bytes``.

    ``within`` is as for ``open_file``.
    Raises: FileNotFoundError if it does not exist; UnusableFile otherwise, also if
    reading takes longer than ``max_s``.
    """
    content = bytearray()
    deadline = time.monotonic() + max_s
    with open_file(path, within=within) as file:
        if os.fstat(file.fileno()).st_size > max_bytes:
            raise _too_large(path, max_bytes)
        try:
            while block := file.read(_BLOCK_BYTES):
                content += block
                if len(content) > max_bytes:  # it grew, or its size is unknown
                    raise _too_large(path, max_bytes)
                if time.monotonic() > deadline:
                    raise UnusableFile(
                        f"Reading {path.name} takes longer than {max_s:.0f} s."
                    )
        except OSError as error:
            raise _cannot_read(path, error) from error
    return bytes(content)


class TimeLimit:
    """Limit the time of work on a folder that may be on a lost network mount.

    The system neither returns from such a call nor lets it be cancelled. So it
    runs in its own thread, which is abandoned after ``max_s``. Until that returns,
    further work is refused immediately, so threads do not accumulate. They do not keep
    the program from exiting.
    """

    def __init__(self, what: str, max_s: float = MAX_READ_S) -> None:
        """Prepare; ``what`` names the folder in messages."""
        self._what = what
        self._max_s = max_s
        self._abandoned: threading.Thread | None = None

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what ``work`` returns, or raise what it raises. For any thread.

        Raises: FolderUnreachable if it takes longer than ``max_s``.
        """
        if self._abandoned is not None and self._abandoned.is_alive():
            raise self._refusal()
        future: Future[Result] = Future()
        thread = threading.Thread(
            target=_settle, args=(future, work), name="files", daemon=True
        )
        thread.start()
        try:
            return future.result(self._max_s)
        except FutureTimeout:
            if future.done():
                raise  # of the work itself
            self._abandoned = thread
            raise self._refusal() from None

    def _refusal(self) -> FolderUnreachable:
        return FolderUnreachable(
            f"{self._what} does not answer.",
            remedy="Check the disk or the network share that it is on.",
        )


def _settle(future: Future[Result], work: Callable[[], Result]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        future.set_exception(error)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file atomically.

    Raises: OSError.
    """
    # A random name, so that no one can have placed a link there.
    part = path.with_name(f"{PART}{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _too_large(path: Path, max_bytes: int) -> UnusableFile:
    return UnusableFile(f"{path.name} is larger than {max_bytes} bytes.")


def _cannot_read(path: Path, error: Exception) -> UnusableFile:
    reason = getattr(error, "strerror", None) or error
    return UnusableFile(f"{path.name} cannot be read: {reason}.")


def parse_json(content: str | bytes) -> Any:
    """Read JSON strictly: finite numbers, no key twice.

    Raises: ValueError, also if it is nested too deeply.
    """
    try:
        return json.loads(
            content,
            parse_constant=_refuse,
            object_pairs_hook=_unique,
            parse_float=_finite,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is repeated")
    return dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value
