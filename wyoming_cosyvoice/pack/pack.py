"""A model pack: a folder with ``manifest.json`` and the files that it lists.

``Pack.open`` compares sizes always and contents at first sight, and again whenever a
file looks changed. What was compared is remembered in ``.verified.json`` in the folder,
by size, times and file number; without that file, or with a damaged one, or in a folder
that cannot be written, contents are compared each time. So are those of the starter,
unless the caller has a place to remember it: nothing is written into the installed
program, since uninstalling it would leave the file. Only listed files are read.
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
from wyoming_cosyvoice.files import open_file, read_file, replace_file
from wyoming_cosyvoice.pack.external_data import external_files
from wyoming_cosyvoice.pack.manifest import MAX_MANIFEST_BYTES, Manifest, PackFile

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

_LOGGER = logging.getLogger(__name__)

MANIFEST = "manifest.json"
CACHE = ".verified.json"
_MAX_CACHE_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 20
_PROGRAM = Path(__file__).resolve().parents[1]
_REMEDY = "Convert or download the model again."

_Seen = list[int | str]


@dataclass(frozen=True, slots=True)
class Pack:
    """An opened pack: complete, and with the contents that its manifest promises."""

    directory: Path
    manifest: Manifest
    _seen: dict[str, _Seen] = field(default_factory=dict, repr=False, compare=False)
    """What identified each file when its content was compared."""

    @classmethod
    def open(
        cls, path: str | Path, *, verify: bool = False, memory: Path | None = None
    ) -> Pack:
        """Open a folder; ``verify`` compares all contents, whatever is remembered.

        ``memory`` is the file in which it is remembered, if not in the folder.
        Raises: ModelNotFound if there is no pack, ModelCorrupt if a file is missing,
        damaged or no plain file, ModelUnsupported if a later version wrote it.
        """
        directory = Path(path)
        manifest = read_manifest(directory)
        pack = cls(directory, manifest)
        found = {file.name: pack._check_file(file) for file in manifest.files}
        if memory is None and not directory.resolve().is_relative_to(_PROGRAM):
            memory = directory / CACHE
        remembered = {} if verify or memory is None else _read_cache(memory)
        for file in manifest.files:
            if remembered.get(file.name) != found[file.name]:
                pack._check_content(file)
        if memory is not None and remembered != found:
            _write_cache(memory, found)
        pack._seen.update(found)
        return pack

    def check_unchanged(self) -> None:
        """Compare what was changed in place since the pack was opened.

        Networks are mapped: reading a weight where the file was cut off would end the
        process. A file that was removed or replaced stays as it was for those who have
        opened it, and is no concern here. Takes some microseconds a file.
        Raises: ModelCorrupt.
        """
        for file in self.manifest.files:
            seen = self._seen.get(file.name)
            try:
                status = (self.directory / file.name).stat()
            except OSError:
                continue
            found: _Seen = [file.sha256, *_identity(status)]
            if seen is None or seen == found or seen[-1] != status.st_ino:
                continue
            if status.st_size != file.size:
                raise ModelCorrupt(
                    f"{self.directory / file.name} was changed while it is in use: it "
                    f"has {status.st_size} bytes instead of {file.size}.",
                    remedy=f"{_REMEDY} Then restart the program.",
                )
            self._check_content(file)
            self._seen[file.name] = found

    def file(self, name: str) -> Path:
        """Return the path of a listed file.

        Raises: ModelCorrupt if the manifest does not list it.
        """
        if all(file.name != name for file in self.manifest.files):
            self._fail(name, "is not listed in the manifest")
        return self.directory / name

    def _check_file(self, file: PackFile) -> _Seen:
        """Return what identifies the present content of a file of the right size."""
        path = self.directory / file.name
        for part in (path, *path.parents[: file.name.count("/")]):
            if part.is_symlink():
                self._fail(file.name, "leads to another place")
        try:
            status = path.stat()
        except FileNotFoundError:
            self._fail(file.name, "is missing")
        except OSError as error:
            self._fail(file.name, f"cannot be read: {error.strerror}")
        if not stat.S_ISREG(status.st_mode):
            self._fail(file.name, "is no file")
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
        """Refuse a graph whose weights lie in files that the pack does not list."""
        listed = {file.name for file in self.manifest.files}
        folder = PurePosixPath(name).parent
        try:
            wanted = external_files(self.directory / name)
        except (ValueError, OSError, UnusableFile) as error:
            self._fail(name, f"is no ONNX file: {error}")
        for location in sorted(wanted):
            if (folder / location).as_posix() not in listed:
                self._fail(name, f"wants {location[:80]!r}, which the pack has not")

    def _fail(self, name: str, reason: str) -> NoReturn:
        raise ModelCorrupt(f"{self.directory / name} {reason}.", remedy=_REMEDY)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_size, *times, status.st_ino)


def read_manifest(directory: Path) -> Manifest:
    """Return what a pack says of itself, without a look at its other files.

    Raises: ModelNotFound, ModelCorrupt, ModelUnsupported.
    """
    return Manifest.from_json(_manifest_bytes(directory), str(directory / MANIFEST))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def aside(target: Path, role: str) -> Path:
    """Return the hidden sibling of a pack that writing it uses for ``role``."""
    return target.with_name(f".{target.name}.{role}")


def _manifest_bytes(directory: Path) -> bytes:
    path = directory / MANIFEST
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise ModelCorrupt(f"{path} is no file.", remedy=_REMEDY)
        with path.open("rb") as file:
            return file.read(MAX_MANIFEST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        remedy = "Give the folder of a converted model."
        earlier = aside(directory.absolute(), "old")
        if (earlier / MANIFEST).is_file():
            remedy = (
                f"Replacing it was cut short: rename {earlier} to {directory.name}."
            )
        elif (directory / "cosyvoice.yaml").exists():
            remedy = f"Convert it first: wyoming-cosyvoice convert {directory} OUT_DIR"
        raise ModelNotFound(
            f"There is no model pack at {directory}.", remedy=remedy
        ) from None
    except OSError as error:
        raise ModelCorrupt(
            f"{path} cannot be read: {error.strerror}.", remedy=_REMEDY
        ) from error


def _read_cache(path: Path) -> dict[str, _Seen]:
    try:
        content = read_file(path, max_bytes=_MAX_CACHE_BYTES, within=path.parent)
        cache = json.loads(content)
    except (FileNotFoundError, UnusableFile, ValueError, RecursionError):
        return {}
    return cache if isinstance(cache, dict) else {}


def _write_cache(path: Path, found: dict[str, _Seen]) -> None:
    try:
        replace_file(path, json.dumps(found).encode())
    except OSError as error:
        _LOGGER.debug("Cannot remember in %s what was verified: %s", path, error)


def list_files(directory: Path) -> Iterator[str]:
    """Yield the names of all entries below a folder that are no folders, sorted."""
    for path in sorted(directory.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(directory).as_posix()
