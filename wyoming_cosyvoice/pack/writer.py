"""Write a model pack atomically.

The files are written into a hidden folder beside the target. ``finish`` hashes them,
adds the manifest, syncs everything to disk, reads it back and then renames the folder.
An earlier pack stays in place until then. If anything fails before, the hidden folder
is removed and the earlier pack is unchanged.

    with PackWriter(target, expected_bytes=480_000_000) as writer:
        ...  # write files into writer.directory
        pack = writer.finish(manifest)
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from wyoming_cosyvoice.errors import (
    ConfigError,
    ModelCorrupt,
    ModelError,
    UnusableFile,
)
from wyoming_cosyvoice.files import PART, read_file
from wyoming_cosyvoice.pack.decoding import MAX_MANIFEST_BYTES
from wyoming_cosyvoice.pack.manifest import (
    Manifest,
    PackFile,
)
from wyoming_cosyvoice.pack.manifest_checks import is_file_name, parse_manifest
from wyoming_cosyvoice.pack.pack import (
    CACHE,
    MANIFEST,
    Pack,
    list_files,
    sha256,
    sibling,
)

if TYPE_CHECKING:
    from types import TracebackType

_LOGGER = logging.getLogger(__name__)

_SPARE = 1.1
"""Required free space, relative to the expected size."""


class PackWriter:
    """Context manager that writes a pack.

    Raises on entering: ConfigError if the target exists and is not a pack, ModelError
    if another process is writing it or the disk is too full.
    """

    def __init__(self, target: str | Path, *, expected_bytes: int = 0) -> None:
        self.target = Path(target).resolve()
        self.directory = sibling(self.target, "new")
        """Folder for the files of the pack."""
        self._expected_bytes = expected_bytes
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            self._begin()
        except OSError as error:
            raise self._failure(error) from error
        return self

    def _begin(self) -> None:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(sibling(self.target, "lock"))
        try:
            self._restore_interrupted()
            # Leftovers of a killed process: we hold the lock, so nothing uses them.
            for role in ("new", "old"):
                _remove(sibling(self.target, role))
            _check_replaceable(self.target)
            self._check_space()
            self.directory.mkdir()
        except BaseException:
            self._unlock()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _remove(self.directory)
        self._unlock()
        if isinstance(error, OSError):
            raise self._failure(error) from error

    def finish(self, manifest: Manifest) -> Pack:
        """Complete the pack and move it to the target; ``manifest.files`` is filled in.

        Raises: ModelCorrupt if the pack cannot be read back or has a file with an
        invalid name; OSError, which becomes ModelError when the context exits.
        """
        files = tuple(self._describe(name) for name in list_files(self.directory))
        complete = replace(manifest, files=files)
        (self.directory / MANIFEST).write_bytes(complete.to_json())
        for name in (MANIFEST, *(file.name for file in files)):
            _sync(self.directory / name)
        for path in (self.directory, *self.directory.rglob("*")):
            if path.is_dir():
                _sync(path)
        Pack.open(self.directory, verify=True)
        self._move_to_target()
        return Pack.open(self.target)

    def _failure(self, error: OSError) -> ModelError:
        return ModelError(
            f"Writing {self.target} failed: {error.strerror or error}.",
            remedy="An earlier pack there is unchanged.",
        )

    def _describe(self, name: str) -> PackFile:
        path = self.directory / name
        if not is_file_name(name) or path.is_symlink():
            raise ModelCorrupt(f"{name!r} is not a valid file of a pack.")
        return PackFile(name, path.stat().st_size, sha256(path))

    def _move_to_target(self) -> None:
        earlier = sibling(self.target, "old")
        # If interrupted between these two renames, the next writer restores it.
        if self.target.exists():
            self.target.rename(earlier)
        self.directory.rename(self.target)
        _sync(self.target.parent)
        _remove(earlier)

    def _restore_interrupted(self) -> None:
        earlier = sibling(self.target, "old")
        if not self.target.exists() and (earlier / MANIFEST).is_file():
            earlier.rename(self.target)
            _LOGGER.warning("Restored %s: replacing it was interrupted", self.target)

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.target.parent).free
        needed = int(self._expected_bytes * _SPARE)
        if free < needed:
            raise ModelError(
                f"{self.target.parent} has {free >> 20} MB free; {needed >> 20} MB are "
                "needed.",
                remedy="Free some space, or write the model somewhere else.",
            )

    def _unlock(self) -> None:
        if self._lock is not None:
            sibling(self.target, "lock").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def _check_replaceable(target: Path) -> None:
    """Refuse to replace anything other than an earlier pack."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    refusal = ConfigError(
        f"{target} exists and is not a model pack.",
        remedy="Choose another folder, or remove this one.",
    )
    try:
        path = target / MANIFEST
        content = read_file(path, max_bytes=MAX_MANIFEST_BYTES, within=target)
        listed = {f.name for f in parse_manifest(content, str(target)).files}
    except (OSError, ModelError, UnusableFile):
        raise refusal from None
    for name in list_files(target):
        is_ours = name == MANIFEST or name.startswith((CACHE, PART))
        if not is_ours and name not in listed:
            raise ConfigError(
                f"{target} is a model pack, but also contains {name!r}.",
                remedy="Move that file, or choose another folder.",
            )


def _lock(path: Path) -> BinaryIO:
    """Lock a file; the holder removes it, and the lock of a killed holder is free."""
    while True:
        # Opened for reading and writing: opening a FIFO for writing alone would block.
        file = path.open("a+b", buffering=0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise ModelError(
                f"Another process is writing {path.parent}.",
                remedy="Wait until it has finished.",
            ) from None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        # It was removed between open and lock: this lock protects nothing.
        file.close()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
