"""The attacks of ``script/attack``, with a real server and the starter voice."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("floods",), ("files",), ("texts", "--texts", "40")], ids=lambda w: w[0]
)
def test_nothing_is_beyond_the_promises(words: tuple[str, ...]) -> None:
    found = subprocess.run(
        [str(ROOT / "script/attack"), *words],
        env={**os.environ, "VENV": sys.prefix},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
