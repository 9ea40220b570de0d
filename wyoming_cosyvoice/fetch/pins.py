"""Pinned hashes of a release, recorded at its first download.

If the catalogue does not have the hashes of a release, those of the hub are trusted
once. From then on the release must have the same hashes from every source, unless the
user requests an update.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import DownloadError, UnusableFile
from wyoming_cosyvoice.files import parse_json, read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAX_BYTES = 1 << 16
_SHA256 = re.compile("[0-9a-f]{64}")


def read_pins(path: Path) -> dict[str, str]:
    """Return file name -> SHA-256; empty if nothing is pinned yet.

    Raises: DownloadError if the file is damaged: it must not be skipped silently.
    """
    try:
        content = read_file(path, max_bytes=_MAX_BYTES, within=path.parent)
        pins = parse_json(content)["sha256"]
    except FileNotFoundError:
        return {}
    except (UnusableFile, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if not isinstance(pins, dict) or not all(
        isinstance(value, str) and _SHA256.fullmatch(value) for value in pins.values()
    ):
        raise _damaged(path)
    return pins


def write_pins(path: Path, pins: Mapping[str, str], origin: str) -> None:
    """Record hashes and their origin."""
    content = {"origin": origin, "sha256": dict(sorted(pins.items()))}
    replace_file(path, f"{json.dumps(content, indent=2)}\n".encode())


def check_pin(pins: Mapping[str, str], name: str, sha256: str) -> None:
    """Check that a hash equals the pinned one.

    Raises: DownloadError.
    """
    if name in pins and pins[name] != sha256:
        raise DownloadError(
            f"{name} differs from the known or previously downloaded file.",
            remedy="If a new version was published, add --update.",
        )


def _damaged(path: Path) -> DownloadError:
    return DownloadError(
        f"{path} is damaged.", remedy="Remove it to trust the hub again."
    )
