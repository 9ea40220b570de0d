"""What a release was made of when it was first fetched.

Where the catalogue does not know the contents of a release in advance, the hub's word
is taken once. From then on a release must have the same contents from every source,
unless the user asks for an update.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import DownloadError, UnusableFile
from wyoming_cosyvoice.files import read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MAX_BYTES = 1 << 16
_SHA256 = re.compile("[0-9a-f]{64}")


def read_pins(path: Path) -> dict[str, str]:
    """Return the SHA-256 by file name; nothing if nothing is pinned yet.

    Raises: DownloadError if the file is damaged: it may not be skipped silently.
    """
    try:
        content = read_file(path, max_bytes=_MAX_BYTES, within=path.parent)
        pins = json.loads(content)["sha256"]
    except FileNotFoundError:
        return {}
    except (UnusableFile, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(pins, dict) or not all(
        isinstance(value, str) and _SHA256.fullmatch(value) for value in pins.values()
    ):
        raise _damaged(path)
    return pins


def write_pins(path: Path, pins: Mapping[str, str], origin: str) -> None:
    """Remember contents and where they came from."""
    content = {"origin": origin, "sha256": dict(sorted(pins.items()))}
    replace_file(path, f"{json.dumps(content, indent=2)}\n".encode())


def check_pin(pins: Mapping[str, str], name: str, sha256: str) -> None:
    """Refuse contents that differ from what was fetched before.

    Raises: DownloadError.
    """
    if name in pins and pins[name] != sha256:
        raise DownloadError(
            f"{name} is not the file that is known or was fetched before.",
            remedy="If its makers have published another one, add --update.",
        )


def _damaged(path: Path) -> DownloadError:
    return DownloadError(
        f"{path} is damaged.", remedy="Remove it to trust the hub's word anew."
    )
