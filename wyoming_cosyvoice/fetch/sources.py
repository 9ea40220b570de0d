"""Hubs: the files of a release with their sizes and digests.

Both return a digest for each file: SHA-256, or for small files on Hugging Face the git
blob id, a SHA-1 of the length and the content.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from wyoming_cosyvoice.errors import ConfigError, DownloadError
from wyoming_cosyvoice.fetch.transport import CONNECT_AND_READ_S, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wyoming_cosyvoice.fetch.catalogue import Release

_LOGGER = logging.getLogger(__name__)

_HUGGING_FACE = "https://huggingface.co"
_MODEL_SCOPE = "https://modelscope.cn"
_HEX = {"sha256": re.compile("[0-9a-f]{64}"), "git-sha1": re.compile("[0-9a-f]{40}")}
_COMMIT = re.compile("[0-9a-f]{40}")
_MAX_FILE_BYTES = 8 << 30
_NO_NETWORK = (errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file on a hub."""

    name: str
    size: int
    algorithm: str
    """``sha256`` or ``git-sha1``."""
    digest: str
    """In hexadecimal."""
    url: str

    def hasher(self) -> Any:
        """Return a hash object whose result is ``digest`` for the right content."""
        if self.algorithm == "sha256":
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a release at one revision."""

    origin: str
    """Address of the repository with its revision."""
    files: tuple[RemoteFile, ...]

    @property
    def size_bytes(self) -> int:
        """Size of all files."""
        return sum(file.size for file in self.files)


class Source(Protocol):
    """A hub."""

    def list_files(self, release: Release) -> Listing:
        """Return the required files of a release.

        Raises: DownloadError.
        """


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """Hugging Face, or a mirror with the same API."""

    endpoint: str = _HUGGING_FACE
    timeout_s: float = CONNECT_AND_READ_S

    def list_files(self, release: Release) -> Listing:
        """List the files of the main branch at one commit.

        No token is sent, because nothing here is private.
        Raises: DownloadError.
        """
        name = release.hugging_face
        answer = read_json(
            f"{self.endpoint}/api/models/{name}?blobs=true", timeout_s=self.timeout_s
        )
        base = f"{self.endpoint}/{name}"
        with _reading_list(self.endpoint, name) as host:
            commit = answer["sha"]
            if not _COMMIT.fullmatch(commit):
                raise DownloadError(f"{host} did not return a revision.")
            folder = f"{base}/resolve/{commit}"
            files = [_hugging_face_file(entry, folder) for entry in answer["siblings"]]
            return Listing(f"{base}@{commit}", _wanted(files, release, host))


def _hugging_face_file(entry: Mapping[str, Any], folder: str) -> RemoteFile:
    lfs = entry.get("lfs")  # large files only; small ones are stored in git
    name = entry["rfilename"]
    return RemoteFile(
        name=name,
        size=lfs["size"] if lfs else entry["size"],
        algorithm="sha256" if lfs else "git-sha1",
        digest=lfs["sha256"] if lfs else entry["blobId"],
        url=f"{folder}/{quote(name)}",
    )


@dataclass(frozen=True, slots=True)
class ModelScope:
    """ModelScope, with its public HTTP API."""

    endpoint: str = _MODEL_SCOPE
    timeout_s: float = CONNECT_AND_READ_S

    def list_files(self, release: Release) -> Listing:
        """List the files of the main branch; each has its own revision.

        Raises: DownloadError.
        """
        base = f"{self.endpoint}/api/v1/models/{release.model_scope}/repo"
        query = urlencode({"Revision": "master", "Recursive": "true"})
        answer = read_json(f"{base}/files?{query}", timeout_s=self.timeout_s)
        origin = f"{self.endpoint}/models/{release.model_scope}"
        with _reading_list(self.endpoint, release.model_scope) as host:
            entries = answer["Data"]["Files"]
            files = [
                _model_scope_file(entry, base)
                for entry in entries
                if entry["Type"] == "blob"
            ]
            return Listing(origin, _wanted(files, release, host))


def _model_scope_file(entry: Mapping[str, Any], base: str) -> RemoteFile:
    query = urlencode({"Revision": entry["Revision"], "FilePath": entry["Path"]})
    return RemoteFile(
        name=entry["Path"],
        size=entry["Size"],
        algorithm="sha256",
        digest=entry["Sha256"],
        url=f"{base}?{query}",
    )


@dataclass(frozen=True, slots=True)
class FirstReachable:
    """Several hubs; the first reachable one is used."""

    sources: tuple[Source, ...]

    def list_files(self, release: Release) -> Listing:
        """Return the files from the first reachable hub.

        Raises: DownloadError, the first hub's if none can be reached.
        """
        errors: list[DownloadError] = []
        for source in self.sources:
            try:
                listing = source.list_files(release)
            except DownloadError as error:
                # Any response counts, even "not found"; the next hub is used only if
                # there is none.
                if not error.retryable:
                    raise (errors[0] if errors else error) from None
                errors.append(error)
                continue
            for failure in errors:
                _LOGGER.warning("%s Using %s.", failure.message, listing.origin)
            return listing
        if not errors:
            raise DownloadError("There is no hub.")
        if all(map(_is_offline, errors)):
            raise DownloadError(
                "This machine is offline: no hub can be reached.",
                remedy="Check the network; HF_ENDPOINT can name a mirror.",
            ) from errors[0]
        if all(_is_offline(error) or _is_refused(error) for error in errors):
            first = errors[0]
            raise DownloadError(first.message, remedy=first.remedy) from first
        raise errors[0]


def choose_source(name: str, environ: Mapping[str, str]) -> Source:
    """Return a hub by name, with the other one as a fallback.

    ``HF_ENDPOINT`` selects a mirror of Hugging Face.
    Raises: ConfigError.
    """
    mirror = environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    hubs: dict[str, Source] = {
        "huggingface": HuggingFace(mirror or _HUGGING_FACE),
        "modelscope": ModelScope(),
    }
    if name not in hubs:
        raise ConfigError(
            f"No hub is named {name!r}.", remedy=f"Known are {', '.join(hubs)}."
        )
    others = [hub for other, hub in hubs.items() if other != name]
    return FirstReachable((hubs[name], *others))


@contextmanager
def _reading_list(endpoint: str, name: str) -> Iterator[str]:
    """Yield the host name; convert malformed responses to DownloadError."""
    host = str(urlsplit(endpoint).hostname)
    try:
        yield host
    except (KeyError, TypeError, AttributeError) as error:
        raise DownloadError(
            f"{host} did not return the list of files of {name}.",
            remedy="Try another hub with --hub.",
        ) from error


def _is_offline(error: DownloadError) -> bool:
    """Whether the host name cannot be resolved, or there is no route to the host.

    Unlike a busy server, this does not pass within seconds.
    """
    reason = _reason(error)
    return isinstance(reason, socket.gaierror) or (
        isinstance(reason, OSError) and reason.errno in _NO_NETWORK
    )


def _is_refused(error: DownloadError) -> bool:
    """Whether no program listens at the address: a wrong mirror or a stopped proxy."""
    return isinstance(_reason(error), ConnectionRefusedError)


def _reason(error: DownloadError) -> object:
    return getattr(error.__cause__, "reason", None)  # as urllib has it


def _wanted(
    files: list[RemoteFile], release: Release, host: str
) -> tuple[RemoteFile, ...]:
    """Return the files required for the conversion, after checking the response."""
    by_name = {file.name: file for file in files}
    missing = [name for name in release.required if name not in by_name]
    if missing:
        raise DownloadError(
            f"{host} has no {missing[0]} in {release.title}.",
            remedy="Try another source.",
        )
    names = release.required + release.optional
    wanted = [by_name[name] for name in names if name in by_name]
    for file in wanted:
        is_size = type(file.size) is int and 0 <= file.size <= _MAX_FILE_BYTES
        pattern = _HEX[file.algorithm]
        if not (
            is_size and isinstance(file.digest, str) and pattern.fullmatch(file.digest)
        ):
            raise DownloadError(
                f"{host} did not return a valid size and digest of {file.name}.",
                remedy="Try another source.",
            )
    return tuple(wanted)
