"""A model pack: a folder with ``manifest.json`` and the files that it lists.

``Pack.open`` always checks sizes. It verifies hashes the first time, and again when a
file may have changed. Verified files are cached in ``.verified.json`` in the folder, by
size, times and inode; without a valid cache, or in a read-only folder, hashes are
verified each time. So they are for the starter (10 ms): nothing is written into the
installed package, because uninstalling would leave the file. Only listed files are
read.
"""

from __future__ import annotations

import hashlib
import json
import logging
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

from wyoming_cosyvoice.errors import ModelCorrupt, ModelNotFound, UnusableFile
from wyoming_cosyvoice.files import open_file, parse_json, read_file, replace_file
from wyoming_cosyvoice.pack.decoding import MAX_MANIFEST_BYTES
from wyoming_cosyvoice.pack.external_data import external_files
from wyoming_cosyvoice.pack.manifest_checks import parse_manifest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from wyoming_cosyvoice.pack.manifest import Manifest, PackFile

_LOGGER = logging.getLogger(__name__)

MANIFEST = "manifest.json"
CACHE = ".verified.json"
_MAX_CACHE_BYTES = 1 << 20
_PROGRAM = Path(__file__).resolve().parents[1]
_REMEDY = "Convert or download the model again."

_Fingerprint = list[int | str]


@dataclass(frozen=True, slots=True)
class Pack:
    """An opened pack: complete, and verified against its manifest."""

    directory: Path
    manifest: Manifest
    _fingerprints: dict[str, _Fingerprint] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Fingerprint of each file when its content was verified."""

    @classmethod
    def open(cls, path: str | Path, *, verify: bool = False) -> Pack:
        """Open a folder; ``verify`` checks all hashes, even those in the cache.

        Raises: ModelNotFound if there is no pack, ModelCorrupt if a file is missing,
        damaged or not a regular file, ModelUnsupported if a later version wrote it.
        """
        directory = Path(path)
        manifest = read_manifest(directory)
        pack = cls(directory, manifest)
        found = {file.name: pack._check_file(file) for file in manifest.files}
        is_ours = directory.resolve().is_relative_to(_PROGRAM)
        cache = None if is_ours else directory / CACHE
        cached = {} if verify or cache is None else _read_cache(cache)
        for file in manifest.files:
            if cached.get(file.name) != found[file.name]:
                pack._check_content(file)
        if cache is not None and cached != found:
            _write_cache(cache, found)
        pack._fingerprints.update(found)
        return pack

    def companion(self, language: str, *, verify: bool = False) -> Pack:
        """Open the pack that has the networks of a language.

        Raises: as ``open``; ModelCorrupt if it does not fit this pack.
        """
        found = Pack.open(self.directory / language, verify=verify)
        for name in ("sample_rate", "token_rate", "tokenizer"):
            if getattr(found.manifest, name) != getattr(self.manifest, name):
                raise ModelCorrupt(
                    f"{found.directory} does not fit the pack that it is in: it has "
                    f"another {name}.",
                    remedy=_REMEDY,
                )
        return found

    def check_unchanged(self) -> None:
        """Verify files that were changed in place since the pack was opened.

        Networks are memory-mapped: reading beyond the end of a truncated file would
        kill the process. A file that was removed or replaced stays intact for processes
        that have it open. Takes a few microseconds per file.
        Raises: ModelCorrupt.
        """
        for file in self.manifest.files:
            known = self._fingerprints.get(file.name)
            try:
                status = (self.directory / file.name).stat()
            except OSError:
                continue
            found: _Fingerprint = [file.sha256, *_identity(status)]
            if known is None or known == found or known[-1] != status.st_ino:
                continue
            if status.st_size != file.size:
                raise ModelCorrupt(
                    f"{self.directory / file.name} was changed while in use: it "
                    f"has {status.st_size} bytes instead of {file.size}.",
                    remedy=f"{_REMEDY} Then restart the program.",
                )
            self._check_content(file)
            self._fingerprints[file.name] = found

    def file(self, name: str) -> Path:
        """Return the path of a listed file.

        Raises: ModelCorrupt if the manifest does not list it.
        """
        if all(file.name != name for file in self.manifest.files):
            self._fail(name, "is not listed in the manifest")
        return self.directory / name

    def _check_file(self, file: PackFile) -> _Fingerprint:
        """Check the size of a file; return the fingerprint of its content."""
        path = self.directory / file.name
        for part in (path, *path.parents[: file.name.count("/")]):
            if part.is_symlink():
                self._fail(file.name, "is a symbolic link")
        try:
            status = path.stat()
        except FileNotFoundError:
            self._fail(file.name, "is missing")
        except OSError as error:
            self._fail(file.name, f"cannot be read: {error.strerror}")
        if not stat.S_ISREG(status.st_mode):
            self._fail(file.name, "is not a regular file")
        if status.st_size != file.size:
            self._fail(file.name, f"has {status.st_size} bytes instead of {file.size}")
        return [file.sha256, *_identity(status)]

    def _check_content(self, file: PackFile) -> None:
        try:
            found = sha256(self.directory / file.name)
        except (OSError, UnusableFile) as error:
            self._fail(file.name, f"cannot be read: {error}")
        if found != file.sha256:
            self._fail(file.name, "has changed or was damaged (wrong SHA-256)")
        if file.name.endswith(".onnx"):
            self._check_weights(file.name)

    def _check_weights(self, name: str) -> None:
        """Check that a graph reads its weights only from files that the pack lists."""
        listed = {file.name for file in self.manifest.files}
        folder = PurePosixPath(name).parent
        try:
            wanted = external_files(self.directory / name)
        except (ValueError, OSError, UnusableFile) as error:
            self._fail(name, f"is not an ONNX file: {error}")
        for location in sorted(wanted):
            if (folder / location).as_posix() not in listed:
                self._fail(name, f"needs {location[:80]!r}, which is not in the pack")

    def _fail(self, name: str, reason: str) -> NoReturn:
        raise ModelCorrupt(f"{self.directory / name} {reason}.", remedy=_REMEDY)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_size, *times, status.st_ino)


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of a pack without opening its other files.

    Raises: ModelNotFound, ModelCorrupt, ModelUnsupported.
    """
    return parse_manifest(_manifest_bytes(directory), str(directory / MANIFEST))


def size_bytes(directory: Path, manifest: Manifest) -> int:
    """Return the size of a pack's files, with those of its companions.

    Raises: ModelError if the manifest of a companion cannot be read.
    """
    companions = (read_manifest(directory / each) for each in manifest.companions)
    return manifest.own_bytes + sum(each.own_bytes for each in companions)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sibling(target: Path, role: str) -> Path:
    """Return the hidden path beside a pack that its writer uses for ``role``."""
    return target.with_name(f".{target.name}.{role}")


def _manifest_bytes(directory: Path) -> bytes:
    path = directory / MANIFEST
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise ModelCorrupt(f"{path} is not a regular file.", remedy=_REMEDY)
        with path.open("rb") as file:
            return file.read(MAX_MANIFEST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        remedy = "Give the folder of a converted model."
        earlier = sibling(directory.absolute(), "old")
        if (earlier / MANIFEST).is_file():
            remedy = (
                f"Replacing it was interrupted: rename {earlier} to {directory.name}."
            )
        elif any(directory.glob("cosyvoice*.yaml")):
            remedy = f"Convert it first: wyoming-cosyvoice convert {directory} OUT_DIR"
        raise ModelNotFound(
            f"There is no model pack at {directory}.", remedy=remedy
        ) from None
    except OSError as error:
        raise ModelCorrupt(
            f"{path} cannot be read: {error.strerror}.", remedy=_REMEDY
        ) from error


def _read_cache(path: Path) -> dict[str, _Fingerprint]:
    try:
        content = read_file(path, max_bytes=_MAX_CACHE_BYTES, within=path.parent)
        cache = parse_json(content)
    except (FileNotFoundError, UnusableFile, ValueError):
        return {}
    return cache if isinstance(cache, dict) else {}


def _write_cache(path: Path, found: dict[str, _Fingerprint]) -> None:
    try:
        replace_file(path, json.dumps(found).encode())
    except OSError as error:
        _LOGGER.debug("Cannot write the cache %s: %s", path, error)


def list_files(directory: Path) -> Iterator[str]:
    """Yield the paths of all files below a folder, sorted."""
    for path in sorted(directory.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(directory).as_posix()
