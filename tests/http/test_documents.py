"""The programs in docs/http-api.md run as they stand, but for the address."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

if TYPE_CHECKING:
    from tests.http.conftest import Serving

DOCUMENT = Path(__file__).parents[2] / "docs/http-api.md"
PROGRAMS = re.findall(
    r"^```python\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE
)
ADDRESS = "http://127.0.0.1:8080"


@pytest.mark.parametrize("program", PROGRAMS, ids=["requests", "openai"])
async def test_the_program_gets_sound(
    http: Serving, program: str, tmp_path: Path
) -> None:
    pytest.importorskip(program.split()[1])
    assert program.count(ADDRESS) == 1
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program.replace(ADDRESS, http.url)],
        cwd=tmp_path,
        check=True,
    )
    samples, _ = soundfile.read(tmp_path / "hello.wav")
    assert len(samples) > 0
