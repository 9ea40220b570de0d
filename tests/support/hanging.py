"""A folder whose disk is gone: what asks for it does not come back."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALLS = ("stat", "lstat", "open", "listdir", "scandir", "mkdir", "rename", "unlink")


@contextlib.contextmanager
def hanging(folder: Path) -> Iterator[None]:
    """Let each call of the system for what is in a folder wait until the end.

    As with a network mount whose server is gone; making one needs rights that tests
    seldom have.
    """
    back = threading.Event()
    place = str(folder)

    def waiting(call: Any) -> Any:
        def wait(path: Any, *arguments: Any, **named: Any) -> Any:
            if isinstance(path, str | Path) and str(path).startswith(place):
                back.wait()
            return call(path, *arguments, **named)

        return wait

    with pytest.MonkeyPatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, waiting(getattr(os, name)))
        try:
            yield
        finally:
            back.set()
