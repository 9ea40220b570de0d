"""Folders that do not answer, as a network mount that is gone."""

from __future__ import annotations

import asyncio
import logging
import runpy
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.addon.supervisor import ADDON
from tests.support.cloning_fake import ListeningFake
from tests.support.fake import DEADLINE_S
from tests.support.fake_models import FakeModels
from tests.support.hanging import hanging
from tests.support.http_server import serving
from tests.support.page import Page
from tests.support.programs import running, speaks
from tests.support.recordings import wav
from wyoming_cosyvoice.errors import UnusableFile
from wyoming_cosyvoice.files import TimeLimit
from wyoming_cosyvoice.server.http import context
from wyoming_cosyvoice.text import Lexicon, lexicon
from wyoming_cosyvoice.user_voices import loader, sync
from wyoming_cosyvoice.user_voices.store import read_recording

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.fetch.known_model import KnownModel

pytestmark = pytest.mark.ci


def test_work_that_hangs_is_left_behind_once() -> None:
    retry, back = TimeLimit("The folder", max_s=0.05), threading.Event()
    before = threading.active_count()
    for _ in range(5):
        with pytest.raises(UnusableFile, match="The folder does not answer"):
            retry.run(back.wait)
    assert threading.active_count() == before + 1
    back.set()
    for thread in threading.enumerate():
        if thread.name == "files":
            assert thread.daemon
            thread.join(DEADLINE_S)
    assert retry.run(lambda: 5) == 5
    with pytest.raises(TimeoutError, match="of the work"):
        retry.run(late)


def late() -> None:
    raise TimeoutError("of the work")


def test_speech_does_not_wait_for_a_lexicon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lexicon, "_TIME_LIMIT_S", 0.05)
    (tmp_path / "lexicon.txt").write_text("Bye: so long\n")
    words = Lexicon(tmp_path / "lexicon.txt")
    with hanging(tmp_path):
        assert [words.apply("Bye") for _ in range(3)] == ["so long"] * 3
        (problem,) = words.problems
        assert "does not answer" in problem.message
        assert len(Lexicon(tmp_path / "lexicon.txt")) == 0
    assert len(caplog.records) == 2
    for thread in threading.enumerate():
        if thread.name == "files":
            thread.join(DEADLINE_S)
    (tmp_path / "lexicon.txt").write_text("Bye: farewell\n")
    assert words.apply("Bye") == "farewell"
    assert words.problems == ()


class _HungModels(FakeModels):
    """Models whose folder does not answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def models(self) -> list[KnownModel]:
        list((self._folder / "models").iterdir())
        return []


async def test_everything_else_works_while_the_data_folder_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_TIME_LIMIT_S", 0.2)
    usual = context.TimeLimit
    monkeypatch.setattr(context, "TimeLimit", lambda what: usual(what, 0.2))
    voices = tmp_path / "voices"
    (voices / "grandma").mkdir(parents=True)
    (voices / "grandma/neutral.wav").write_bytes(wav())
    models = _HungModels(tmp_path)
    options = {"models": models, "user_voices": voices, "data_dir": tmp_path}
    async with serving(ListeningFake(), **options) as http:
        await Page(http.session).until("ready", {"grandma"})
        with hanging(tmp_path):
            for _ in range(3):
                for method, path in (
                    ("DELETE", "/voices/grandma"),
                    ("GET", "/voices/grandma/sample"),
                    ("GET", "/lexicon"),
                    ("GET", "/models"),
                ):
                    async with http.session.request(method, path) as answer:
                        body = await answer.json()
                        assert (answer.status, body["code"]) == (503, "unusable-file")
                async with http.session.get("/voices") as answer:
                    assert answer.status == 200
                async with http.tts("Hello.") as answer:
                    assert answer.status == 200
                    assert await answer.read()


async def test_a_voice_is_tried_again_when_its_folder_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_TIME_LIMIT_S", 0.5)
    monkeypatch.setattr(sync, "_SCAN_S", 0.02)
    back = threading.Event()

    def read(*arguments: Any) -> Any:
        back.wait()
        return read_recording(*arguments)

    monkeypatch.setattr(loader, "read_recording", read)
    (tmp_path / "grandma").mkdir()
    (tmp_path / "grandma/neutral.wav").write_bytes(wav())
    async with serving(ListeningFake(), user_voices=tmp_path) as http:
        page = Page(http.session)
        voices = await page.until("failed", {"grandma"})
        assert "does not answer" in voices["grandma"]["notices"][0]
        back.set()
        await page.until("ready", {"grandma"})


async def test_the_program_starts_without_a_data_folder_that_hangs(
    tmp_path: Path,
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.hung_data", str(tmp_path)),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with running(process) as program:
        assert await speaks(program)
        assert "The data folder does not answer" in "".join(program.lines)


def test_the_add_on_starts_without_a_share_that_hangs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    start = runpy.run_path(str(ADDON / "start.py"))
    (tmp_path / "share").mkdir()
    options = {"speed": 1.5, "own_model": "mine"}
    with hanging(tmp_path / "share"), caplog.at_level(logging.WARNING):
        chosen = start["look_at_share"](
            options, tmp_path / "share", tmp_path / "data", max_s=0.05
        )
    assert chosen == {"speed": 1.5}
    assert "The share is not used: The share does not answer." in caplog.text
