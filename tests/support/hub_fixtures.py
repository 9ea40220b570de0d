"""A hub with a tiny release, and a pack of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.hub import Hub, running_hub
from tests.support.release import write_tiny_release
from wyoming_cosyvoice.fetch import ensure
from wyoming_cosyvoice.fetch.sources import HuggingFace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def release_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a tiny release, and one that is not needed."""
    folder: Path = write_tiny_release(tmp_path_factory.mktemp("release"))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return {**files, "README.md": b"# Read me\n"}


@pytest.fixture(scope="session")
def tiny_pack(
    release_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a pack of the tiny release, to be copied."""
    with running_hub(dict(release_files)) as hub:
        data_dir = tmp_path_factory.mktemp("data")
        return ensure("cosyvoice-300m-sft", data_dir, source=HuggingFace(hub.url))


@pytest.fixture
def hub(release_files: dict[str, bytes]) -> Iterator[Hub]:
    with running_hub(dict(release_files)) as hub:
        yield hub
