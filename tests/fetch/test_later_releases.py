"""CosyVoice2 and 3: files in a folder of the release, contents known in advance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from models.random import later_layout
from models.random.make_checkpoint import write_release
from tests.support.hub import HASTY, SOURCES, running_hub
from wyoming_cosyvoice.errors import DownloadError
from wyoming_cosyvoice.fetch import ensure, find_release, install
from wyoming_cosyvoice.pack.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.hub import Hub

pytestmark = pytest.mark.ci

SIZES = {
    "cosyvoice2-0.5b": later_layout.TINY_2,
    "fun-cosyvoice3-0.5b": later_layout.TINY_3,
}


@pytest.fixture(scope="module", params=SIZES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def hub(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve a tiny release, with a file of weights that is not needed."""
    folder: Path = tmp_path_factory.mktemp("release")
    write_release(folder, SIZES[name])
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.*")
    }
    files["CosyVoice-BlankEN/model.safetensors"] = bytes(1000)
    with running_hub(files) as hub:
        hub.plain = {name for name in files if name.endswith((".yaml", ".json"))}
        yield hub


@pytest.mark.parametrize("source", SOURCES)
def test_a_release_becomes_a_pack(
    hub: Hub,
    name: str,
    source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unknown = replace(find_release(name), sha256={})
    monkeypatch.setattr(install, "find_release", lambda _: unknown)
    hub.requests.clear()
    folder = ensure(name, tmp_path, source=SOURCES[source](hub.url), retry=HASTY)
    manifest = Pack.open(folder, verify=True).manifest
    assert manifest.family in name.replace("-", "")
    assert manifest.kind == "instruct"
    asked = {name for name, _ in hub.requests}
    assert "CosyVoice-BlankEN/vocab.json" in asked
    assert "CosyVoice-BlankEN/model.safetensors" not in asked


def test_other_contents_than_the_known_ones_are_refused(
    hub: Hub, name: str, tmp_path: Path
) -> None:
    hub.requests.clear()
    source = SOURCES["huggingface"](hub.url)
    with pytest.raises(DownloadError, match="differs from the known"):
        ensure(name, tmp_path, source=source, retry=HASTY)
    assert hub.requests == []  # before gigabytes are downloaded
    assert not (tmp_path / "models").exists()


def test_what_is_downloaded_is_known(name: str) -> None:
    release = find_release(name.upper())
    assert {"llm.pt", "flow.pt", "hift.pt"} < release.sha256.keys()
    assert set(release.sha256) <= {*release.required, *release.optional}
    assert all(len(digest) == 64 for digest in release.sha256.values())
    expected = {"cosyvoice2-0.5b": 3.09e9, "fun-cosyvoice3-0.5b": 4.44e9}[name]
    assert release.download_bytes == pytest.approx(expected, rel=0.002)
