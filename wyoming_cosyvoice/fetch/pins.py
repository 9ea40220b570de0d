"""What a release was made of when it was first fetched.

The hub's word is taken once. From then on a release must have the same contents from
every source, unless the user asks for an update.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import DownloadError

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
        with path.open("rb") as file:
            pins = json.loads(file.read(_MAX_BYTES))["sha256"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(pins, dict) or not all(
        isinstance(value, str) and _SHA256.fullmatch(value) for value in pins.values()
    ):
        raise _damaged(path)
    return pins


def write_pins(path: Path, pins: Mapping[str, str], origin: str) -> None:
    """Remember contents and where they came from."""
    part = path.with_name(f"{path.name}.part")
    content = {"origin": origin, "sha256": dict(sorted(pins.items()))}
    with part.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def check_pin(pins: Mapping[str, str], name: str, sha256: str) -> None:
    """Refuse contents that differ from what was fetched before.

    Raises: DownloadError.
    """
    if name in pins and pins[name] != sha256:
        raise DownloadError(
            f"{name} is not the file that was fetched before.",
            remedy="If its makers have published another one, add --update.",
        )


def _damaged(path: Path) -> DownloadError:
    return DownloadError(
        f"{path} is damaged.", remedy="Remove it to trust the hub's word anew."
    )
