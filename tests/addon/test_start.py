"""The add-on's first program: options, recordings and discovery."""

from __future__ import annotations

import io
import json
import logging
import os
import runpy
import socket
import threading
import wave
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.addon.supervisor import ADDON, load
from wyoming_cosyvoice.cli.configuration import read_config
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.config import SpeechConfig
from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = runpy.run_path(str(ADDON / "start.py"))
PREFIX = "WYOMING_COSYVOICE_"
environment, read_options = START["environment"], START["read_options"]
import_recordings, announce = START["import_recordings"], START["announce"]
import_lexicon = START["import_lexicon"]
choose_own_model = START["choose_own_model"]


def test_the_default_options_become_variables() -> None:
    variables = environment(load("config.yaml")["options"])
    assert variables[f"{PREFIX}MODEL"] == "starter"
    assert variables[f"{PREFIX}STREAMING"] == "yes"
    assert variables[f"{PREFIX}URI"] == "tcp://0.0.0.0:10200"
    assert variables[f"{PREFIX}DATA_DIR"] == "/data"


def test_chosen_options_reach_the_settings() -> None:
    chosen = {"language": "yue", "precision": "int4", "loudness": -18.0, "speed": 1}
    variables = environment({**load("config.yaml")["options"], **chosen})
    config = read_config(parse(["serve"]), variables)
    assert config.speech == SpeechConfig(language="yue", speed=1.0)
    assert config.model.precision == "int4"
    assert config.sound.loudness_lufs == -18.0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("speed", 9),
        ("speed", "fast"),
        ("threads", 0),
        ("steps", 1.5),
        ("log_level", "loud"),
        ("noise_scale", 0.6),
        ("uri", "tcp://0.0.0.0:1"),
        ("data_dir", "/config"),
        ("guidance", {"a": 1}),
        ("language", "klingon"),
        ("precision", "fp8"),
        ("loudness", 3),
        ("loudness", True),
        ("voice", "a\x00b"),
        ("a=b", 1),
    ],
)
def test_a_bad_option_costs_one_line_and_is_left_out(
    option: str, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        variables = environment({option: value})
    config, usual = (
        read_config(parse(["serve"]), each) for each in (variables, environment({}))
    )
    assert replace(config, problems=()) == usual
    said = [*(record.getMessage() for record in caplog.records), *config.problems]
    assert [option in line.casefold() for line in said] == [True]


def test_empty_options_keep_their_defaults(caplog: pytest.LogCaptureFixture) -> None:
    empty = {"voice": "", "threads": None, "language": "", "precision": ""}
    assert environment({**empty, "loudness": None}) == environment({})
    assert caplog.records == []


@pytest.mark.parametrize("content", [None, "", "[]", "{", '"text"', "\x00"])
def test_damaged_options_do_not_stop_the_start(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "options.json"
    if content is not None:
        path.write_text(content)
    assert read_options(path) == {}


def test_options_that_are_a_pipe_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "options.json")
    assert read_options(tmp_path / "options.json") == {}


def test_recordings_are_imported_and_others_left(tmp_path: Path) -> None:
    share, voices = tmp_path / "share", tmp_path / "data" / "voices"
    import_recordings(share, voices)
    assert not voices.exists()
    share.mkdir()
    (share / "anna.wav").write_bytes(b"first")
    (share / "notes.txt").write_text("no recording")
    (share / "secret.wav").symlink_to("/etc/hostname")
    (share / "folder.wav").mkdir()
    os.mkfifo(share / "pipe.wav")
    with (share / "huge.flac").open("wb") as file:
        file.truncate((16 << 20) + 1)
    import_recordings(share, voices)
    assert [path.name for path in voices.iterdir()] == ["anna.wav"]


def wav(loudness: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(22_050)
        writer.writeframes(bytes([0, loudness]) * 22_050 * 4)
    return file.getvalue()


class House:
    """A share, and the add-on that starts again and again."""

    def __init__(self, root: Path) -> None:
        self.share, self.data = root / "share", root / "data"
        self.share.mkdir()
        self.store = VoiceStore(self.data / "voices")

    def start(self) -> dict[str, str]:
        """Return the transcripts of all voices after a start."""
        import_recordings(self.share, self.data / "voices")
        import_lexicon(self.share, self.data)
        for _ in range(2):  # it looks twice, as a file may still grow
            self.store.import_dropped()
        return {v.id: v.transcripts.get("neutral", "") for v in self.store.voices()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_recording_comes_with_its_transcript_once(house: House) -> None:
    (house.share / "Grandma.wav").write_bytes(wav(1))
    (house.share / "Grandma.txt").write_text("Dinner is ready.", "utf-8")
    assert house.start() == {"grandma": "Dinner is ready."}
    (path,) = house.store.get("grandma").recordings.values()
    before = path.stat().st_mtime_ns
    assert house.start() == {"grandma": "Dinner is ready."}
    assert path.stat().st_mtime_ns == before


def test_what_was_done_on_the_page_stays_done(house: House) -> None:
    for name in ("Grandma", "Anna"):
        (house.share / f"{name}.wav").write_bytes(wav(len(name)))
    assert house.start() == {"anna": "", "grandma": ""}
    house.store.add("Anna", wav(4), transcript="Typed on the page.")
    house.store.delete("grandma")
    assert house.start() == {"anna": "Typed on the page."}


def test_what_changed_in_the_share_is_imported_again(house: House) -> None:
    (house.share / "Grandma.wav").write_bytes(wav(1))
    house.start()
    (house.share / "Grandma.txt").write_text("Dinner is ready.", "utf-8")
    assert house.start() == {"grandma": "Dinner is ready."}
    house.store.delete("grandma")
    (house.share / "Grandma.wav").write_bytes(wav(2))
    assert house.start() == {"grandma": "Dinner is ready."}
    house.store.delete("grandma")
    (house.share / "Grandma.wav").unlink()
    assert house.start() == {}
    (house.share / "Grandma.wav").write_bytes(wav(2))  # put there once more
    assert house.start() == {"grandma": "Dinner is ready."}


@pytest.mark.parametrize("content", ["", "[]", "{", "{}", '{"Grandma.wav": 1}'])
def test_a_damaged_memory_loses_nothing(house: House, content: str) -> None:
    (house.share / "Grandma.wav").write_bytes(wav(1))
    house.start()
    house.store.add("Grandma", wav(1), transcript="Typed on the page.")
    (house.data / "share-imports.json").write_text(content, "utf-8")
    assert set(house.start()) == {"grandma"}
    assert set(house.start()) == {"grandma"}


def test_the_lexicon_of_the_share_is_used_and_words_of_the_page_stay(
    house: House,
) -> None:
    shared, own = house.share / "lexicon.txt", house.data / "lexicon.txt"
    house.start()
    assert not own.exists()
    shared.write_text("one: eins\ntwo: zwei\n", "utf-8")
    house.start()
    assert own.read_text("utf-8") == "one: eins\ntwo: zwei\n"
    shared.write_text("one: ein\n", "utf-8")
    house.start()
    assert own.read_text("utf-8") == "one: ein\n"  # it came from there
    own.write_text("one: uno\nthree: tre\n", "utf-8")  # on the page
    house.start()
    assert own.read_text("utf-8") == "one: uno\nthree: tre\n"
    shared.write_text("one: un\nfour: quatre", "utf-8")
    house.start()
    assert own.read_text("utf-8") == "three: tre\none: un\nfour: quatre\n"


def test_a_lexicon_that_cannot_be_read_stops_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    (house.share / "lexicon.txt").write_bytes(b"\xff\xfe\x00")
    house.start()
    assert "UTF-8" in caplog.text
    assert not (house.data / "lexicon.txt").exists()


class Supervisor(HTTPServer):
    answers: list[int]
    received: list[tuple[str, Any]]


class _Handler(BaseHTTPRequestHandler):
    server: Supervisor

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.server.answers.pop(0))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    server = Supervisor(("127.0.0.1", 0), _Handler)
    server.answers, server.received = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_discovery_is_retried_until_it_succeeds(supervisor: Supervisor) -> None:
    supervisor.answers = [502, 400, 200]
    addresses = iter([[], *[["127.0.0.1"]] * 3])
    with socket.create_server(("127.0.0.1", 0)) as wyoming:
        port = wyoming.getsockname()[1]
        url = f"http://127.0.0.1:{supervisor.server_address[1]}/discovery"
        is_told = announce(
            "secret",
            url=url,
            port=port,
            addresses=lambda _: next(addresses),
            wait_s=0.01,
        )
    assert is_told
    message = {"service": "wyoming", "config": {"uri": f"tcp://127.0.0.1:{port}"}}
    assert supervisor.received == [("Bearer secret", message)] * 3


def test_discovery_gives_up_with_advice(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    url = f"http://127.0.0.1:{supervisor.server_address[1]}/discovery"
    arguments = {"url": url, "port": port, "wait_s": 0.001}
    assert not announce("secret", addresses=lambda _: ["127.0.0.1"], **arguments)
    assert supervisor.received == []
    assert "by hand" in caplog.text


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_the_program_gives_up_root_for_good(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "options.json").write_text("{}")
    (tmp_path / "models").mkdir()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            START["become_user"](10200, tmp_path)
            regain = "kept"
            try:
                os.setuid(0)
            except PermissionError:
                regain = "refused"
            state = [*os.getresuid(), *os.getresgid(), *os.getgroups(), regain]
            os.write(writer, json.dumps(state).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    assert json.loads(os.read(reader, 1000)) == [10200] * 6 + ["refused"]
    assert (tmp_path / "models").stat().st_uid == 10200
    assert (tmp_path / "options.json").stat().st_uid == 0


def test_a_model_of_the_share_takes_the_place_of_the_chosen_one(tmp_path: Path) -> None:
    folder = tmp_path / "models/mine"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    options = {"model": "starter", "own_model": "mine"}
    chosen = choose_own_model(options, tmp_path)
    assert chosen == {"model": str(folder)}
    assert environment(chosen)[f"{PREFIX}MODEL"] == str(folder)
    assert choose_own_model({"model": "starter"}, tmp_path) == {"model": "starter"}
    empty = {"model": "starter", "own_model": " "}
    assert choose_own_model(empty, tmp_path) == {"model": "starter"}


@pytest.mark.parametrize("name", ["yours", "../mine", "models/mine", "..", 5])
def test_a_model_that_is_not_in_the_share_is_named(
    tmp_path: Path, name: object, caplog: pytest.LogCaptureFixture
) -> None:
    for place in ("models/mine", "mine"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "manifest.json").write_text("{}")
    options = {"model": "starter", "own_model": name}
    assert choose_own_model(options, tmp_path) == {"model": "starter"}
    assert ("there are: mine." in caplog.text) == isinstance(name, str)
