"""Download one file, with resume and verification.

The bytes are written to ``NAME.DIGEST.part``; with the digest in the name, a part of
another revision is never resumed. Only a part with the right length and digest is
renamed to ``NAME``. An interrupted part is kept and resumed by the next attempt, even
after a restart; its bytes are hashed again first.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import DownloadError, UnusableFile
from wyoming_cosyvoice.fetch.retries import with_retries
from wyoming_cosyvoice.fetch.transport import RANGE_NOT_SATISFIABLE, opened
from wyoming_cosyvoice.files import open_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.client import HTTPResponse
    from pathlib import Path
    from typing import BinaryIO

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.fetch.retries import RetryPolicy
    from wyoming_cosyvoice.fetch.sources import RemoteFile

_CHUNK_BYTES = 1 << 18
_PARTIAL_CONTENT = 206
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


def part_path(folder: Path, file: RemoteFile) -> Path:
    """Return the path of the partial file."""
    return folder / f"{file.name}.{file.digest[:16]}.part"


def download(
    file: RemoteFile,
    folder: Path,
    *,
    cancel: CancelToken,
    progress: Callable[[int], None],
    retry: RetryPolicy,
) -> Path:
    """Return the path of the complete file; ``progress`` gets the bytes so far.

    Raises: DownloadError, SynthesisCancelled.
    """
    target, part = folder / file.name, part_path(folder, file)
    if _is_complete(target, file):
        progress(file.size)
        return target
    if target.parent != folder:
        with contextlib.suppress(OSError):  # reported when it is written
            target.parent.mkdir(exist_ok=True)
    for stale in folder.glob(f"{file.name}.*.part"):
        if stale != part:
            stale.unlink()
    fetching = _Fetching(file, part, cancel, progress, retry.silence_s)
    try:
        with_retries(
            fetching.attempt,
            retry=retry,
            cancel=cancel,
            position=lambda: fetching.reached,
        )
        part.replace(target)
    except OSError as error:
        # Do not leave a full disk full.
        if error.errno in _NO_SPACE:
            part.unlink(missing_ok=True)
        raise DownloadError(
            f"Cannot write {target}: {error.strerror}.",
            remedy="Free some space, or choose another --data-dir.",
        ) from error
    return target


def _is_complete(path: Path, file: RemoteFile) -> bool:
    """Whether an earlier run has already downloaded the file."""
    try:
        if path.stat().st_size != file.size:
            return False
        hasher = file.hasher()
        with open_file(path) as content:
            _hash_into(hasher, content)
    except (FileNotFoundError, UnusableFile):
        return False
    return bool(hasher.hexdigest() == file.digest)


class _Fetching:
    """The attempts to download one file."""

    def __init__(
        self,
        file: RemoteFile,
        part: Path,
        cancel: CancelToken,
        progress: Callable[[int], None],
        silence_s: float,
    ) -> None:
        self.reached = 0
        """Largest size of the part so far; more bytes count as progress."""
        self._file = file
        self._part = part
        self._cancel = cancel
        self._progress = progress
        self._silence_s = silence_s
        self._mismatches = 0

    def attempt(self) -> None:
        """Complete the part.

        Raises: DownloadError, OSError of the disk, SynthesisCancelled.
        """
        file = self._file
        hasher = file.hasher()
        with self._part.open("a+b") as part:
            part.seek(0)
            _hash_into(hasher, part)
            if part.tell() > file.size:
                _empty(part)
                hasher = file.hasher()
            if part.tell() < file.size:
                hasher = self._receive(part, hasher)
            part.flush()
            os.fsync(part.fileno())
        if hasher.hexdigest() != file.digest:
            self._refuse_content()

    def _receive(self, part: BinaryIO, hasher: Any) -> Any:
        offset = part.tell()
        url, silence_s = self._file.url, self._silence_s
        try:
            with opened(url, offset=offset, timeout_s=silence_s) as answer:
                _check_encoding(answer)
                if offset and not _continues(answer, offset, self._file.size):
                    _empty(part)
                    hasher = self._file.hasher()
                _check_length(answer, self._file.size - part.tell())
                self._copy(answer, part, hasher)
        except DownloadError as error:
            if error.status == RANGE_NOT_SATISFIABLE:
                _empty(part)
            raise
        if part.tell() < self._file.size:
            raise DownloadError(
                f"{self._file.name} ended after {part.tell()} of {self._file.size} "
                "bytes.",
                retryable=True,
            )
        return hasher

    def _copy(self, answer: HTTPResponse, part: BinaryIO, hasher: Any) -> None:
        size = self._file.size
        while part.tell() < size:
            self._cancel.raise_if_cancelled()
            chunk = answer.read1(_CHUNK_BYTES)
            if not chunk:
                return
            if part.tell() + len(chunk) > size:
                _empty(part)
                raise DownloadError(
                    f"{self._file.name} is longer than its {size} bytes.",
                    retryable=True,
                )
            hasher.update(chunk)
            part.write(chunk)
            self.reached = max(self.reached, part.tell())
            self._progress(part.tell())

    def _refuse_content(self) -> None:
        self._part.unlink()
        self._mismatches += 1
        raise DownloadError(
            f"{self._file.name} has arrived with the wrong content.",
            remedy="Try another source; a proxy may have changed the content.",
            retryable=self._mismatches == 1,
        )


def _continues(answer: HTTPResponse, offset: int, size: int) -> bool:
    """Whether a response continues the part; False if it starts from the beginning.

    Raises: DownloadError for any other range.
    """
    if answer.status != _PARTIAL_CONTENT:
        return False
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if found and int(found[1]) == offset and found[2] in ("*", str(size)):
        return True
    raise DownloadError("The server sent another range than requested.", retryable=True)


def _check_encoding(answer: HTTPResponse) -> None:
    encoding = answer.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise DownloadError(
            f"The server sent {encoding[:20]!r} instead of the file itself.",
            retryable=True,
        )


def _check_length(answer: HTTPResponse, wanted: int) -> None:
    announced = answer.headers.get("Content-Length")
    if announced is not None and announced != str(wanted):
        raise DownloadError(
            f"The server announced {announced[:20]} bytes instead of {wanted}.",
            retryable=True,
        )


def _empty(part: BinaryIO) -> None:
    part.seek(0)
    part.truncate()


def _hash_into(hasher: Any, content: BinaryIO) -> None:
    while chunk := content.read(1 << 20):
        hasher.update(chunk)
