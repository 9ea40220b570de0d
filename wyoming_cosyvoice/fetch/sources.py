"""Hubs: which files a release has, how large they are and what they contain.

Both answer with a digest of each file: SHA-256, or for small files on Hugging Face the
git blob id, which is a SHA-1 over the content with its length in front.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import getproxies

from wyoming_cosyvoice.errors import ConfigError, DownloadError
from wyoming_cosyvoice.fetch.transport import (
    CONNECT_AND_READ_S,
    check_url,
    read_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.fetch.catalogue import Release

_LOGGER = logging.getLogger(__name__)

SOURCES = ("huggingface", "modelscope")
"""Names of the hubs, as users write them."""

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
        """Return a hash object that ends in ``digest`` if the content is right."""
        if self.algorithm == "sha256":
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a release at one revision."""

    origin: str
    """Address of the repository with its revision."""
    files: tuple[RemoteFile, ...]


class Source(Protocol):
    """A hub."""

    def list_files(self, release: Release) -> Listing:
        """Return the files that are needed of a release.

        Raises: DownloadError.
        """


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """Hugging Face, or a mirror that speaks its protocol."""

    endpoint: str = _HUGGING_FACE
    timeout_s: float = CONNECT_AND_READ_S

    def list_files(self, release: Release) -> Listing:
        """Ask the hub's own client; no token is sent, as nothing here is private.

        Raises: DownloadError.
        """
        check_url(self.endpoint)
        _check_name(self.endpoint)
        from huggingface_hub import HfApi  # noqa: PLC0415 - slow to import
        from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

        host = urlsplit(self.endpoint).hostname
        api = HfApi(endpoint=self.endpoint, token=False)
        try:
            info = api.model_info(
                release.hugging_face, files_metadata=True, timeout=self.timeout_s
            )
        except HfHubHTTPError as error:
            status = getattr(error.response, "status_code", 0)
            # Mirrors and gateways answer 5xx for a while; what is not there stays so.
            raise DownloadError(
                f"{host} answered {status} for {release.hugging_face}.",
                remedy="Try --hub modelscope.",
                retryable=status == 429 or status >= 500,  # noqa: PLR2004
            ) from error
        except Exception as error:
            # Its network errors had another base class in each major version.
            raise DownloadError(
                f"Cannot ask {host} for {release.hugging_face}: {error}.",
                remedy="Check the network, or try --hub modelscope.",
                retryable=True,
            ) from error
        commit = str(info.sha)
        if not _COMMIT.fullmatch(commit):
            raise DownloadError(f"{host} did not say which revision it has.")
        base = f"{self.endpoint}/{release.hugging_face}"
        files = []
        for entry in info.siblings or ():
            lfs = entry.lfs
            size = entry.size if lfs is None else lfs.size
            digest = entry.blob_id if lfs is None else lfs.sha256
            files.append(
                RemoteFile(
                    name=entry.rfilename,
                    size=-1 if size is None else size,
                    algorithm="git-sha1" if lfs is None else "sha256",
                    digest=digest or "",
                    url=f"{base}/resolve/{commit}/{quote(entry.rfilename)}",
                )
            )
        return Listing(f"{base}@{commit}", _wanted(files, release, str(host)))


@dataclass(frozen=True, slots=True)
class ModelScope:
    """ModelScope, by its public HTTP interface."""

    endpoint: str = _MODEL_SCOPE
    timeout_s: float = CONNECT_AND_READ_S

    def list_files(self, release: Release) -> Listing:
        """Ask for the files of the main branch; each carries its own revision.

        Raises: DownloadError.
        """
        base = f"{self.endpoint}/api/v1/models/{release.model_scope}/repo"
        host = str(urlsplit(self.endpoint).hostname)
        query = urlencode({"Revision": "master", "Recursive": "true"})
        answer = read_json(f"{base}/files?{query}", timeout_s=self.timeout_s)
        try:
            entries = answer["Data"]["Files"]
            files = [
                RemoteFile(
                    name=entry["Path"],
                    size=entry["Size"],
                    algorithm="sha256",
                    digest=entry["Sha256"],
                    url=base
                    + "?"
                    + urlencode(
                        {"Revision": entry["Revision"], "FilePath": entry["Path"]}
                    ),
                )
                for entry in entries
                if entry["Type"] == "blob"
            ]
        except (KeyError, TypeError) as error:
            raise DownloadError(
                f"{host} gave no list of the files of {release.model_scope}.",
                remedy="Try --hub huggingface.",
            ) from error
        origin = f"{self.endpoint}/models/{release.model_scope}"
        return Listing(origin, _wanted(files, release, host))


@dataclass(frozen=True, slots=True)
class FirstReachable:
    """Several hubs; the first that answers is asked."""

    sources: tuple[Source, ...]

    def list_files(self, release: Release) -> Listing:
        """Return what the first hub has that can be reached.

        Raises: DownloadError, the first hub's if none can be reached.
        """
        errors: list[DownloadError] = []
        for source in self.sources:
            try:
                listing = source.list_files(release)
            except DownloadError as error:
                # An answer counts, even "not here"; only silence asks the next.
                if not error.retryable:
                    raise (errors[0] if errors else error) from None
                errors.append(error)
                continue
            for failure in errors:
                _LOGGER.warning("%s Using %s.", failure.message, listing.origin)
            return listing
        if not errors:
            raise DownloadError("There is no hub to ask.")
        if all(map(_is_offline, errors)):
            raise DownloadError(
                "This machine is offline: no hub can be reached.",
                remedy="Check the network; HF_ENDPOINT can name a mirror.",
            ) from errors[0]
        raise errors[0]


def choose_source(name: str, environ: Mapping[str, str]) -> Source:
    """Return a hub by its name, backed by the other one.

    ``HF_ENDPOINT`` names a mirror of Hugging Face.
    Raises: ConfigError.
    """
    mirror = environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    hubs: dict[str, Source] = {
        "huggingface": HuggingFace(mirror or _HUGGING_FACE),
        "modelscope": ModelScope(),
    }
    if name not in hubs:
        raise ConfigError(
            f"No hub is named {name!r}.", remedy=f"Known are {', '.join(SOURCES)}."
        )
    others = [hub for other, hub in hubs.items() if other != name]
    return FirstReachable((hubs[name], *others))


def _check_name(endpoint: str) -> None:
    """Fail early where the name of a hub cannot be looked up.

    A proxy looks up names itself. Raises: DownloadError.
    """
    parts = urlsplit(endpoint)
    if getproxies().get(parts.scheme):
        return
    try:
        socket.getaddrinfo(parts.hostname, parts.port or 443)
    except OSError as error:
        raise DownloadError(
            f"Cannot reach {parts.hostname}: {error.strerror}.",
            remedy="Check the network, or try --hub modelscope.",
            retryable=True,
        ) from error


def _is_offline(error: BaseException) -> bool:
    """Whether a name cannot be looked up, or no network leads to the host.

    That does not pass within seconds, as a busy server does.
    """
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, BaseException) or current in seen:
            continue
        seen.append(current)
        waiting += [current.__cause__, current.__context__]
        waiting.append(getattr(current, "reason", None))  # as urllib has it
    return any(
        isinstance(each, socket.gaierror)
        or (isinstance(each, OSError) and each.errno in _NO_NETWORK)
        for each in seen
    )


def _wanted(
    files: list[RemoteFile], release: Release, host: str
) -> tuple[RemoteFile, ...]:
    """Return the files that conversion needs, after a look at what the hub said."""
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
                f"{host} gave no usable size or digest of {file.name}.",
                remedy="Try another source.",
            )
    return tuple(wanted)
