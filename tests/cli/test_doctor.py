"""``doctor`` and ``health``: each fault in one line, and no check that ends another."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.recordings import wav
from wyoming_cosyvoice.cli import checks
from wyoming_cosyvoice.cli.checks import State
from wyoming_cosyvoice.config import Config
from wyoming_cosyvoice.machine.cpu import Cpu, read_cpu
from wyoming_cosyvoice.machine.memory import available_mb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome
    from wyoming_cosyvoice.pack.pack import Pack

    Run = Callable[..., Outcome]

pytestmark = pytest.mark.ci


@pytest.fixture
def free_uri() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


def child(code: str) -> list[str]:
    """Return a child process that stands for the import of ONNX Runtime."""
    return [sys.executable, "-c", code]


def cpu(machine: str, flags: str) -> Cpu:
    return Cpu("Some CPU", machine, 4, frozenset(flags.split()))


def test_all_is_well(run: Run, tiny_pack: Pack, free_uri: str) -> None:
    outcome = run("doctor", "--model", tiny_pack.directory, "--uri", free_uri)
    assert outcome.code == 0
    names = [line.split()[1] for line in outcome.out.splitlines()]
    wanted = ["Python", "CPU", "ONNX", "model"]
    wanted += ["threads", "device", "memory", "lexicon", "address"]
    assert names == wanted
    assert "failed" not in outcome.out
    assert f"{free_uri} is free" in outcome.out


def test_what_users_wrote_wrong_is_named(
    run: Run,
    tiny_pack: Pack,
    free_uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WYOMING_COSYVOICE_VOISE", "heart")
    voice = tmp_path / "voices/grandma"
    voice.mkdir(parents=True)
    (voice / "neutral.wav").write_bytes(b"RIFF")
    (voice / "voice.json").write_text('{"name": 5, "languages": ["klingon!"]}')
    (tmp_path / "lexicon.txt").write_text("no colon here\nGood: gud\n")
    flags = ("--model", tiny_pack.directory, "--uri", free_uri)
    outcome = run("doctor", *flags, "--data-dir", tmp_path)
    assert outcome.code == 0
    warnings = {
        line.split()[1]: line
        for line in outcome.out.splitlines()
        if line.startswith("warning")
    }
    assert "Did you mean WYOMING_COSYVOICE_VOICE?" in warnings["settings"]
    assert "grandma" in warnings["voices"]
    assert "languages" in warnings["voices"]
    assert "1 words" in warnings["lexicon"]


def test_json_has_the_same(run: Run, tiny_pack: Pack, free_uri: str) -> None:
    flags = ("--json", "--model", tiny_pack.directory, "--uri", free_uri)
    findings = json.loads(run("doctor", *flags).out)
    assert [finding["check"] for finding in findings][:3] == [
        *("Python", "CPU", "ONNX Runtime")
    ]
    assert {finding["state"] for finding in findings} <= {"ok", "warning"}


def test_damaged_model_is_found(
    run: Run, tiny_pack: Pack, tmp_path: Path, free_uri: str
) -> None:
    """One bit, in a file whose size and time are as they were."""
    folder = tmp_path / "model"
    shutil.copytree(tiny_pack.directory, folder)
    path = folder / "speech_lm.weights"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    outcome = run("doctor", "--model", folder, "--uri", free_uri)
    assert outcome.code == 3
    (line,) = [ln for ln in outcome.out.splitlines() if ln.startswith("failed")]
    assert "speech_lm.weights has changed or was damaged" in line
    assert "lexicon" in outcome.out


def test_no_model_is_found_out(
    run: Run, free_uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "wyoming_cosyvoice.library.installed.STARTER_DIR", tmp_path / "none"
    )
    outcome = run("doctor", "--uri", free_uri)
    assert outcome.code == 3
    assert "wyoming-cosyvoice convert" in outcome.out


def test_wrong_line_of_the_lexicon_is_found(
    run: Run, tiny_pack: Pack, data_dir: Path, free_uri: str
) -> None:
    lines = "good: gut\nno colon here\n"
    (data_dir / "lexicon.txt").write_text(lines, encoding="utf-8")
    outcome = run("doctor", "--model", tiny_pack.directory, "--uri", free_uri)
    assert outcome.code == 0
    assert "warning  lexicon       1 words" in outcome.out
    assert "Line 2: 'no colon here'" in outcome.out


def test_voices_beyond_the_limit_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wyoming_cosyvoice.user_voices.store.MAX_VOICES", 2)
    voices = tmp_path / "voices"
    for name in ("anna", "ben", "carl"):
        (voices / name).mkdir(parents=True)
        (voices / name / "neutral.wav").write_bytes(wav())
    for name in ("Dora.wav", "Emil.mp3", "notes.txt"):
        (voices / name).write_bytes(b"RIFF")
    (finding,) = checks.check_voices(Config(data_dir=tmp_path))
    assert finding.state is State.WARNING
    assert "2 of your own" in finding.message
    assert "2 recordings wait until some are deleted" in finding.message


def test_port_of_another_program(run: Run, tiny_pack: Pack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        uri = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        outcome = run("doctor", "--model", tiny_pack.directory, "--uri", uri)
    assert outcome.code == 2
    assert f"The server cannot listen at {uri}" in outcome.out


def test_socket_path_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine", encoding="utf-8")
    finding = checks.check_address(f"unix://{path}")
    assert finding.state is State.FAILED
    assert "not a socket" in finding.message
    assert checks.check_address(f"unix://{tmp_path}/new").state is State.OK
    assert checks.check_address(f"unix://{tmp_path}/no/new").state is State.FAILED


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os.kill(os.getpid(), 4)", "another CPU (illegal instruction)"),
        ("import os; os.kill(os.getpid(), 11)", "crashes (signal 11)"),
        ("import no_such_module_anywhere", "No module named 'no_such_module"),
        ("raise SystemExit(3)", "no reason given"),
    ],
)
def test_onnx_runtime_that_does_not_load(code: str, said: str) -> None:
    """An illegal instruction ends the child, and is one line here."""
    finding = checks.check_onnx_runtime(child(code))
    assert finding.state is State.FAILED
    assert said in finding.message
    assert finding.exit_code == 3
    assert finding.remedy


def test_nothing_imports_onnx_runtime_if_it_cannot_be(
    run: Run, monkeypatch: pytest.MonkeyPatch, tiny_pack: Pack, free_uri: str
) -> None:
    broken = checks.Finding("ONNX Runtime", State.FAILED, "It is broken.", "", 3)
    monkeypatch.setattr(checks, "check_onnx_runtime", lambda: broken)
    monkeypatch.setattr(checks, "check_model", lambda _: pytest.fail("imports it"))
    outcome = run("doctor", "--model", tiny_pack.directory, "--uri", free_uri)
    assert outcome.code == 3
    assert "It is broken." in outcome.out
    assert "address" in outcome.out


@pytest.mark.parametrize(
    ("machine", "flags", "state", "said"),
    [
        ("x86_64", "sse4_2 avx avx2 avx512_vnni", State.OK, "4 cores"),
        ("x86_64", "sse4_2 avx avx2 avx_vnni", State.OK, "4 cores"),
        ("x86_64", "sse4_2 avx avx2", State.WARNING, "dot products"),
        ("x86_64", "sse4_2", State.WARNING, "AVX2"),
        ("aarch64", "fp asimd asimddp", State.OK, "4 cores"),
        ("aarch64", "fp asimd", State.WARNING, "dot products"),
        ("aarch64", "sse4_2", State.WARNING, "dot products"),  # emulated
    ],
)
def test_cpus(machine: str, flags: str, state: State, said: str) -> None:
    finding = checks.check_cpu(cpu(machine, flags))
    assert (finding.name, finding.state) == ("CPU", state)
    assert said in finding.message


def test_cpu_of_a_raspberry_pi(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(
        "processor\t: 0\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd crc32\n\n"
        "Model\t\t: Raspberry Pi 4 Model B Rev 1.4\n",
        encoding="utf-8",
    )
    found = read_cpu(cpuinfo)
    assert found.name == "Raspberry Pi 4 Model B Rev 1.4"
    assert found.flags == {"fp", "asimd", "crc32"}
    assert found.cores >= 1
    assert read_cpu(tmp_path / "none").name == "unknown CPU"


def test_memory_is_what_the_machine_or_the_container_has_left(tmp_path: Path) -> None:
    meminfo, limit = tmp_path / "meminfo", tmp_path / "memory.max"
    meminfo.write_text("MemTotal: 2000000 kB\nMemAvailable: 1000000 kB\n", "ascii")
    assert available_mb(meminfo, limit) == 1024
    limit.write_text("max\n", "ascii")
    assert available_mb(meminfo, limit) == 1024
    limit.write_text("500000000\n", "ascii")
    assert available_mb(meminfo, limit) == 500
    assert available_mb(tmp_path / "none", limit) is None


@pytest.mark.parametrize(
    ("free_mb", "state"),
    [(2000, State.OK), (1000, State.OK), (999, State.WARNING), (None, State.WARNING)],
)
def test_memory_for_a_model(free_mb: int | None, state: State) -> None:
    assert checks.check_memory(1000, free_mb).state is state


def test_health_without_a_server(run: Run, free_uri: str) -> None:
    outcome = run("health", "--uri", free_uri, "--timeout", "2")
    assert outcome.code == 6
    assert outcome.err.count("\n") == 1
    assert f"No server answers at {free_uri}. Is it running?" in outcome.err
    assert "Errno" not in outcome.err
