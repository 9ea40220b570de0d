"""Releases as the page sees them."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import hub as faults
from wyoming_cosyvoice.errors import Conflict, UnknownModel
from wyoming_cosyvoice.fetch import ReleaseDownloads
from wyoming_cosyvoice.fetch.sources import HuggingFace
from wyoming_cosyvoice.pack.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.hub import Hub

pytestmark = pytest.mark.ci

NAME = "cosyvoice-300m-instruct"


class Watched(ReleaseDownloads):
    """Tells when a model is ready."""

    def __init__(self, hub: Hub, data_dir: Path) -> None:
        self.folders: list[Path] = []
        self.is_ready = threading.Event()
        super().__init__(
            data_dir,
            ready=self._note,
            source=HuggingFace(hub.url),
        )

    def _note(self, folder: Path) -> None:
        self.folders.append(folder)
        self.is_ready.set()

    def rest(self) -> str:
        """Wait until no download runs, and return the state."""
        wait = threading.Event()
        while self.state()["state"] == "downloading":
            wait.wait(0.01)
        return str(self.state()["state"])

    def state(self) -> dict[str, Any]:
        return next(asdict(model) for model in self.models() if model.name == NAME)


@pytest.fixture
def downloads(hub: Hub, tmp_path: Path) -> Iterator[Watched]:
    downloads = Watched(hub, tmp_path)
    yield downloads
    downloads.close()


def test_all_releases_can_be_had(downloads: Watched) -> None:
    assert [model.state for model in downloads.models()] == ["available"] * 5
    for model in downloads.models():
        assert model.size_bytes > 2e9
        assert model.size_is_about  # only the hub knows


def test_a_release_is_fetched_and_then_here(downloads: Watched, tmp_path: Path) -> None:
    downloads.start(NAME)
    assert downloads.is_ready.wait(60)
    assert downloads.rest() == "installed"
    assert downloads.folders == [tmp_path / "models" / NAME]
    assert Pack.open(downloads.folders[0]).manifest.kind == "instruct"


def test_progress_is_reported_and_can_be_cancelled(
    hub: Hub, downloads: Watched
) -> None:
    hub.faults["flow.pt"] = [faults.stall(0.5)]
    downloads.start(NAME)
    expected = len(hub.files["cosyvoice.yaml"] + hub.files["llm.pt"])
    wait = threading.Event()
    while downloads.state()["done_bytes"] <= expected:
        assert downloads.state()["state"] == "downloading"
        wait.wait(0.01)
    assert not downloads.state()["size_is_about"]
    with pytest.raises(Conflict, match="is being downloaded"):
        downloads.start("cosyvoice-300m")
    downloads.cancel(NAME)
    hub.is_over.set()
    assert downloads.rest() == "available"
    assert not downloads.folders


def test_a_failure_is_shown_until_the_next_attempt(
    hub: Hub, downloads: Watched
) -> None:
    hub.faults["llm.pt"] = [faults.status(404)]
    downloads.start(NAME)
    assert downloads.rest() == "failed"
    assert "404" in downloads.state()["error"]
    downloads.start(NAME)
    assert downloads.is_ready.wait(60)
    assert downloads.rest() == "installed"


def test_names_that_are_unknown_or_idle_are_refused(downloads: Watched) -> None:
    with pytest.raises(UnknownModel, match="cosyvoice-9000"):
        downloads.start("cosyvoice-9000")
    with pytest.raises(UnknownModel, match="cosyvoice-9000"):
        downloads.cancel("cosyvoice-9000")
    with pytest.raises(Conflict, match="is not being downloaded"):
        downloads.cancel(NAME)


@pytest.mark.parametrize("value", ['!!int ""', "!!timestamp x", "{[a]: 1}", "9" * 5000])
def test_a_release_with_an_odd_yaml_is_refused_by_name(
    hub: Hub, downloads: Watched, value: str
) -> None:
    hub.files["cosyvoice.yaml"] = f"x: {value}\n".encode()
    downloads.start(NAME)
    assert downloads.rest() == "failed"
    assert "cosyvoice.yaml is not valid YAML" in downloads.state()["error"]


def test_a_bug_while_fetching_ends_it_as_well(
    downloads: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("unexpected")

    body = threading.Event()
    downloads._failed = lambda *_: body.set()
    monkeypatch.setattr("wyoming_cosyvoice.fetch.downloads.ensure", fail)
    downloads.start(NAME)
    assert downloads.rest() == "failed"
    assert "See the log" in downloads.state()["error"]
    assert body.wait(10)


def test_the_download_of_an_unusable_model_ends(
    downloads: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise KeyError("unexpected")

    downloads._ready = fail
    downloads.start(NAME)
    assert downloads.rest() == "installed"
    downloads.start(NAME)  # nothing is on its way
    assert downloads.rest() == "installed"
