"""From a hub to a model that opens, with the real clients of both hubs."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import hub as faults
from tests.support.hub import HASTY, SOURCES
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.cli import main
from wyoming_cosyvoice.errors import (
    CheckpointError,
    CosyVoiceError,
    DownloadError,
    SynthesisCancelled,
)
from wyoming_cosyvoice.fetch import Progress, ensure
from wyoming_cosyvoice.fetch.sources import (
    HuggingFace,
    ModelScope,
)
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.hub import Hub
    from wyoming_cosyvoice.fetch.sources import Source

pytestmark = pytest.mark.ci

NAME = "cosyvoice-300m-sft"


def hugging_face(hub: Hub) -> Source:
    return HuggingFace(hub.url, timeout_s=2)


def fetch(hub: Hub, data_dir: Path, **changes: Any) -> Path:
    changes = {"source": hugging_face(hub), "retry": HASTY, **changes}
    return ensure(NAME, data_dir, **changes)


@pytest.mark.parametrize("name", SOURCES)
def test_a_release_becomes_a_pack(hub: Hub, tmp_path: Path, name: str) -> None:
    reports: list[Progress] = []
    folder = fetch(
        hub, tmp_path, source=SOURCES[name](hub.url), progress=reports.append
    )
    pack = Pack.open(folder, verify=True)
    assert folder == tmp_path / "models" / NAME
    assert pack.manifest.name == "CosyVoice-300M-SFT"
    assert pack.manifest.kind == "sft"
    assert pack.manifest.source.startswith(hub.url)
    assert [r.stage for r in reports] == sorted(
        (r.stage for r in reports), key=["download", "convert"].index
    )
    assert reports[-1].done == reports[-1].total > 0
    downloads = [r for r in reports if r.stage == "download"]
    assert downloads[-1].done == downloads[-1].total
    assert "README.md" not in {name for name, _ in hub.requests}
    assert sorted(p.name for p in (tmp_path / "downloads").iterdir()) == [
        f"{NAME}.json",
        f"{NAME}.lock",
    ]


def test_a_pack_that_is_there_is_taken_without_a_connection(
    hub: Hub, tmp_path: Path
) -> None:
    folder = fetch(hub, tmp_path)
    hub.requests.clear()
    assert fetch(hub, tmp_path) == folder
    assert hub.requests == []


def test_another_precision_is_another_pack(hub: Hub, tmp_path: Path) -> None:
    folder = fetch(hub, tmp_path, precision=Precision.INT4)
    assert folder == tmp_path / "models" / NAME
    assert Pack.open(folder).manifest.precision == "int4"
    assert fetch(hub, tmp_path) == folder
    exact = fetch(hub, tmp_path, precision=Precision.FP32)
    assert exact == tmp_path / "models" / f"{NAME}-fp32"
    assert Pack.open(exact).manifest.precision == "fp32"
    assert Pack.open(folder).manifest.precision == "int4"
    hub.requests.clear()
    assert fetch(hub, tmp_path, precision=Precision.FP32) == exact
    assert hub.requests == []
    # An update keeps the precision that was chosen once.
    assert fetch(hub, tmp_path, update=True) == folder
    assert Pack.open(folder).manifest.precision == "int4"


def test_originals_stay_if_asked_for(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path, keep=True)
    kept = {p.name for p in (tmp_path / "downloads" / NAME).iterdir()}
    assert kept == set(hub.files) - {"README.md"}


def test_what_was_downloaded_is_not_downloaded_again(hub: Hub, tmp_path: Path) -> None:
    hub.faults["flow.pt"] = [faults.cut(0.5), faults.status(404)]
    with pytest.raises(DownloadError, match="404"):
        fetch(hub, tmp_path)
    hub.requests.clear()
    fetch(hub, tmp_path)
    assert ("llm.pt", "") not in hub.requests
    assert ("flow.pt", f"bytes={len(hub.files['flow.pt']) // 2}-") in hub.requests


def test_another_hub_must_have_the_same_files(hub: Hub, tmp_path: Path) -> None:
    shutil.rmtree(fetch(hub, tmp_path))
    fetch(hub, tmp_path, source=ModelScope(hub.url))
    shutil.rmtree(tmp_path / "models" / NAME)
    hub.files["hift.pt"] += b"more"
    hub.requests.clear()
    with pytest.raises(DownloadError, match=r"hift\.pt differs") as caught:
        fetch(hub, tmp_path)
    assert "--update" in caught.value.remedy
    assert hub.requests == []


def test_a_changed_small_file_is_noticed_after_its_download(
    hub: Hub, tmp_path: Path
) -> None:
    shutil.rmtree(fetch(hub, tmp_path))
    hub.files["cosyvoice.yaml"] += b"# changed\n"
    with pytest.raises(DownloadError, match=r"cosyvoice\.yaml differs"):
        fetch(hub, tmp_path)
    fetch(hub, tmp_path, update=True)


def test_damaged_pins_are_not_skipped(hub: Hub, tmp_path: Path) -> None:
    shutil.rmtree(fetch(hub, tmp_path))
    pins = tmp_path / "downloads" / f"{NAME}.json"
    for content in ("", "[]", '{"sha256": []}', '{"sha256": {"llm.pt": "0"}}'):
        pins.write_text(content)
        with pytest.raises(DownloadError, match="is damaged"):
            fetch(hub, tmp_path)


def test_a_pack_in_use_stays_until_its_update_is_whole(
    hub: Hub, tmp_path: Path
) -> None:
    folder = fetch(hub, tmp_path)
    before = (folder / "manifest.json").read_bytes()
    hub.files["llm.pt"] = b"no checkpoint"
    with pytest.raises(CheckpointError):
        fetch(hub, tmp_path, update=True)
    assert (folder / "manifest.json").read_bytes() == before
    Pack.open(folder, verify=True)


@pytest.mark.parametrize("name", SOURCES)
def test_a_hub_that_answers_badly_is_asked_again(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    hub.list_faults = [500, 503]
    fetch(hub, tmp_path, source=SOURCES[name](hub.url))
    assert hub.list_faults == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_missing_release_is_reported_at_once(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    hub.list_faults = [404, 404]
    with pytest.raises(DownloadError, match="404"):
        fetch(hub, tmp_path, source=SOURCES[name](hub.url))
    assert hub.list_faults == [404]


def _no_llm(answer: Any) -> None:
    answer["siblings"] = [s for s in answer["siblings"] if s["rfilename"] != "llm.pt"]


def _siblings(value: Any) -> Any:
    return lambda answer: answer.update(siblings=value)


def _set(key: str, value: Any) -> Any:
    def change(answer: Any) -> None:
        for entry in answer["siblings"]:
            if "lfs" in entry:
                entry["lfs"][key] = value

    return change


HOSTILE_LISTS = {
    "no model": _no_llm,
    "no digest": _set("sha256", ""),
    "a path as digest": _set("sha256", "../" * 20 + "etcx"),
    "no size": _set("size", None),
    "a negative size": _set("size", -1),
    "a huge size": _set("size", 1 << 50),
    "no revision": lambda answer: answer.update(sha="main/../.."),
    "nothing": lambda answer: answer.clear(),
    "a number for the files": _siblings(7),
    "numbers as files": _siblings([1, 2]),
    "lists as names": _siblings([{"rfilename": ["llm.pt"], "size": 1, "blobId": ""}]),
    "no size at all": _siblings([{"rfilename": "llm.pt"}]),
}


@pytest.mark.parametrize("case", HOSTILE_LISTS)
def test_lists_without_sense_are_refused_before_any_download(
    hub: Hub, tmp_path: Path, case: str
) -> None:
    hub.list_changes = HOSTILE_LISTS[case]
    with pytest.raises(DownloadError):
        fetch(hub, tmp_path)
    assert hub.requests == []


@pytest.mark.parametrize("answer", [[], {"Data": None}, {"Data": {"Files": [1]}}])
def test_lists_of_another_form_are_refused(
    hub: Hub, tmp_path: Path, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults.Handler, "_model_scope_list", lambda _: answer)
    with pytest.raises(DownloadError, match="did not return the list"):
        fetch(hub, tmp_path, source=ModelScope(hub.url))


def test_too_little_space_is_reported_before_any_download(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1 << 20})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DownloadError, match="1 MB free"):
        fetch(hub, tmp_path)
    assert hub.requests == []


def test_a_folder_that_cannot_be_written_is_reported(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DownloadError, match="Cannot use"):
        fetch(hub, tmp_path / "data")


PLACES = (
    *("downloads/{}.lock", "downloads/{}.json", "downloads/{}/llm.pt"),
    *("models/.{}.lock", "models/{}/manifest.json"),
)


@pytest.mark.parametrize("name", PLACES)
def test_a_folder_in_place_of_a_file_is_reported(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    (tmp_path / name.format(NAME)).mkdir(parents=True)
    with pytest.raises(CosyVoiceError):
        fetch(hub, tmp_path)


@pytest.mark.parametrize("name", PLACES)
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name.format(NAME)
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    ended: list[Path | CosyVoiceError] = []

    def end() -> None:
        try:
            ended.append(fetch(hub, tmp_path))
        except CosyVoiceError as error:
            ended.append(error)

    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    thread.join(60)
    assert ended, "it waits for the other end of the pipe"
    if isinstance(ended[0], CosyVoiceError):
        assert NAME in str(ended[0])
    else:
        assert Pack.open(ended[0]).manifest.name


def test_a_second_process_waits_and_takes_what_the_first_made(
    hub: Hub, tmp_path: Path
) -> None:
    made = fetch(hub, tmp_path / "first")
    lock = tmp_path / "downloads" / f"{NAME}.lock"
    lock.parent.mkdir()
    waits = threading.Event()
    folders: list[Path] = []
    hub.requests.clear()
    with lock.open("ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        second = threading.Thread(
            target=lambda: folders.append(
                fetch(hub, tmp_path, progress=lambda p: waits.set())
            )
        )
        second.start()
        assert waits.wait(10)
        shutil.copytree(made, tmp_path / "models" / NAME)
    second.join(20)
    assert folders == [tmp_path / "models" / NAME]
    assert hub.requests == []


def test_waiting_for_another_process_can_be_cancelled(hub: Hub, tmp_path: Path) -> None:
    lock = tmp_path / "downloads" / f"{NAME}.lock"
    lock.parent.mkdir()
    token = CancelToken()
    with lock.open("ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(SynthesisCancelled):
            fetch(hub, tmp_path, cancel=token, progress=lambda _: token.cancel())


def test_conversion_can_be_cancelled_and_done_later(hub: Hub, tmp_path: Path) -> None:
    token = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.stage == "convert":
            token.cancel()

    with pytest.raises(SynthesisCancelled):
        fetch(hub, tmp_path, cancel=token, progress=stop)
    assert not (tmp_path / "models" / NAME).exists()
    hub.requests.clear()
    Pack.open(fetch(hub, tmp_path))
    assert hub.requests == []


def test_a_killed_fetch_is_continued(hub: Hub, tmp_path: Path) -> None:
    hub.faults["llm.pt"] = [faults.stall(0.5)]
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "wyoming_cosyvoice"),
            *("fetch", NAME, "--data-dir", str(tmp_path)),
        ],
        env={**os.environ, "HF_ENDPOINT": hub.url},
    )
    half = len(hub.files["llm.pt"]) // 2
    parts: list[Path] = []
    while not (parts and parts[0].stat().st_size >= half):
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended with {child.wait(0.02)}")
        parts = list((tmp_path / "downloads" / NAME).glob("llm.pt.*.part"))
    child.kill()
    child.wait()
    fetch(hub, tmp_path)
    assert ("llm.pt", f"bytes={half}-") in hub.requests


def test_the_command_prints_the_model(
    hub: Hub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url + "/")
    command = ["fetch", NAME.upper(), "--data-dir", str(tmp_path)]
    assert main([*command, "--precision", "int4"]) == 0
    assert "CosyVoice-300M-SFT, int4" in capsys.readouterr().out
    manifest = tmp_path / "models" / NAME / "manifest.json"
    assert json.loads(manifest.read_text())["precision"] == "int4"


def test_the_command_reports_the_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fetch", "cosyvoice-9000", "--data-dir", str(tmp_path)]) == 2
    assert "cosyvoice-300m-instruct" in capsys.readouterr().err
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.invalid")
    assert main(["fetch", NAME, "--data-dir", str(tmp_path)]) == 4
    assert "only https is safe" in capsys.readouterr().err
