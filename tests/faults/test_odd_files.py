"""Hostile and odd files in the data folder: one bad voice hides nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from attacking.odd_files import SECRET, fill

from tests.support.cloning_fake import ListeningFake
from tests.support.fake import DEADLINE_S
from tests.support.http_server import serving
from tests.support.page import Page
from tests.support.recordings import wav
from wyoming_cosyvoice.user_voices import sync
from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support.programs import Program
    from wyoming_cosyvoice.model.cloning import PromptFeatures

pytestmark = pytest.mark.ci

MOST_MEMORY_KB = 700_000


async def test_odd_files_spoil_their_own_voice_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_SCAN_S", 0.02)
    folder = tmp_path / "data" / "voices"
    folder.mkdir(parents=True)
    speaking = fill(folder, wav())
    async with serving(ListeningFake(), user_voices=folder) as http:
        page = Page(http.session)
        voices = await page.until("ready", speaking)
        assert voices["good"]["notices"] == ["It is short."]
        assert any("voice.json" in n for n in voices["junk-digits"]["notices"])
        failed = {i for i, v in voices.items() if v["state"] == "failed"}
        assert failed == {
            *("pipe-as-neutral-wav", "sparse-as-neutral-wav", "link-as-neutral-wav")
        }
        assert all(voices[voice_id]["notices"] for voice_id in failed)
        assert voices["junk-html"]["languages"] == ["en"]
        for voice_id in voices:
            assert await page.sample(voice_id) == (422 if voice_id in failed else 200)
        assert SECRET.encode() not in page.seen
        for voice_id in voices:
            assert await page.delete(voice_id) == 204
        assert await page.voices() == {}
    assert (tmp_path / "outside" / "secret.txt").read_text() == SECRET


def peak_kb(program: Program) -> int:
    """Return the most memory that the program took so far."""
    status = Path(f"/proc/{program.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


async def test_ten_thousand_recordings_and_odd_files_hold_nothing_up(
    start_program: Callable[..., Awaitable[Program]], tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "voices"
    folder.mkdir(parents=True)
    fill(folder, wav())
    (tmp_path / "one.wav").write_bytes(wav())
    for number in range(10_000):
        os.link(tmp_path / "one.wav", folder / f"Drop {number:05}.wav")
    os.mkfifo(tmp_path / "data" / "lexicon.txt")
    program = await start_program("--data-dir", str(tmp_path / "data"))
    url = (await program.wait_for(r"web page is at (\S+)"))[1].rstrip("/")
    async with aiohttp.ClientSession(url) as session:
        page = Page(session)
        await page.until("ready", {"good", "junk-digits", "drop-00000"})
        for voice_id in ("good", "pipe-as-neutral-wav", "sparse-as-voice-json"):
            assert await page.delete(voice_id) == 204
    assert peak_kb(program) < MOST_MEMORY_KB
    program.send(signal.SIGTERM)
    assert await program.wait_exit() == 0
    log = "".join(program.lines)
    assert "Traceback" not in log, log[log.index("Traceback") - 300 :][:3000]
    assert len(program.lines) < 400


class Busy(ListeningFake):
    """Listens until it is told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.over = threading.Event(), threading.Event()

    def listen(self, recording: object, transcript: str) -> PromptFeatures:
        self.begun.set()
        assert self.over.wait(DEADLINE_S)
        return super().listen(recording, transcript)


async def test_a_voice_is_deleted_while_it_is_listened_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_SCAN_S", 0.02)
    VoiceStore(tmp_path).add("Ann", wav())
    model = Busy()
    async with serving(model, user_voices=tmp_path) as http:
        try:
            assert await asyncio.to_thread(model.begun.wait, DEADLINE_S)
            page = Page(http.session)
            async with asyncio.timeout(DEADLINE_S / 2):
                assert await page.delete("ann") == 204
            assert await page.voices() == {}
        finally:
            model.over.set()
        assert http.user_voices is not None
        await http.user_voices.scan()
        assert await page.voices() == {}
        assert model.known == set()
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_a_voice_that_becomes_bad_is_listed_once_and_speaks_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_SCAN_S", 0.02)
    voice = VoiceStore(tmp_path).add("Ann", wav())
    model = ListeningFake()
    async with serving(model, user_voices=tmp_path) as http:
        page = Page(http.session)
        await page.until("ready", {"ann"})
        voice.recordings["neutral"].unlink()
        os.mkfifo(voice.recordings["neutral"])
        async with asyncio.timeout(DEADLINE_S):
            while (await page.voices())["ann"]["state"] != "failed":
                pass
        async with http.session.get("/voices") as answer:
            listed = [v["id"] for v in (await answer.json())["voices"]]
        assert listed.count("ann") == 1
        assert model.known == set()


def test_a_folder_that_is_full_keeps_the_rest_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("wyoming_cosyvoice.user_voices.store.MAX_VOICES", 3)
    store = VoiceStore(tmp_path)
    for number in range(5):
        (tmp_path / f"{number}.wav").write_bytes(wav())
        (tmp_path / f"empty-{number}").mkdir()  # hides no voice behind it
    for _ in range(3):
        store.import_dropped()
    assert [voice.id for voice in store.voices()] == ["0", "1", "2"]
    assert sum("wait until some" in line for line in caplog.messages) == 1
    store.delete("1")
    store.import_dropped()
    assert [voice.id for voice in store.voices()] == ["0", "2", "3"]
    assert (tmp_path / "4.wav").exists()


def test_a_read_only_disk_is_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "Ann.wav").write_bytes(b"no recording" * 10)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(VoiceStore, "add", refuse)
    store = VoiceStore(tmp_path)
    for _ in range(5):
        store.import_dropped()
    assert sum("cannot be made a voice" in line for line in caplog.messages) == 1
