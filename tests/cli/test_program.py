"""What holds for every command: help, errors in one line, exit codes, light imports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.cli import parser, voices
from wyoming_cosyvoice.errors import EngineLost, ModelCorrupt, ServerUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome
    from wyoming_cosyvoice.pack.pack import Pack

    Run = Callable[..., Outcome]

COMMANDS = (
    *("serve", "say", "voices", "models", "clone", "fetch", "convert", "bench"),
    *("doctor", "health", "completion"),
)


def test_version(run: Run) -> None:
    outcome = run("--version")
    assert (outcome.code, outcome.out) == (0, f"wyoming-cosyvoice {__version__}\n")


def test_help_names_all_commands_and_gives_examples(run: Run) -> None:
    outcome = run("--help")
    assert outcome.code == 0
    for command in COMMANDS:
        assert re.search(rf"\n    {command}\s", outcome.out)
    assert "examples:" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_gives_an_example(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.code == 0
    assert f"wyoming-cosyvoice {command}" in outcome.out.partition("examples:")[2]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["say", "--help"]])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    heavy = {"numpy", "onnx", "onnxruntime", "tqdm", "wyoming", "asyncio"}
    code = (
        "import sys; from wyoming_cosyvoice.cli import main\n"
        f"try: main({words})\nexcept SystemExit as end: assert not end.code\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert child.stdout.splitlines()[-1] == "[]"


def test_alone_it_prints_the_help(run: Run) -> None:
    outcome = run()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == run("-h").out
    for command in COMMANDS:
        assert f"\n  {command} " in outcome.out


@pytest.mark.parametrize("command", [(), *((command,) for command in COMMANDS)])
def test_short_help_fits_a_screen(run: Run, command: tuple[str, ...]) -> None:
    outcome = run(*command, "-h")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert len(lines) <= 23  # of a screen of 24 one is the prompt's
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("usage: wyoming-cosyvoice")
    assert "examples:" in lines
    assert not command or lines[4] in {"arguments:", "options:"}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("models", "[ACTION] [NAME] [OPTION ...]"),
        ("say", "TEXT [OPTION ...]"),
        ("fetch", "RELEASE [OPTION ...]"),
        ("convert", "CHECKPOINT_DIR OUT_DIR [OPTION ...]"),
    ],
)
def test_usage_brackets_what_may_be_left_out(
    run: Run, command: str, words: str
) -> None:
    usage = run(command, "-h").out.splitlines()[0]
    assert usage == f"usage: wyoming-cosyvoice {command} {words}"


MISTAKES = {
    ("sya", "hi"): "There is no command 'sya'. Did you mean say?",
    ("sing",): "There is no command 'sing'. Commands: serve, say, ",
    ("say",): 'TEXT or --file is missing. Example: wyoming-cosyvoice say "Hello there"',
    ("clone",): "NAME and RECORDING are missing. Example: wyoming-cosyvoice clone ",
    ("clone", "Ann"): "RECORDING is missing. Example: ",
    ("say", "hello", "world"): "in quotes: wyoming-cosyvoice say 'hello world'",
    ("say", "hi", "--ouput", "x.wav"): "no option --ouput. Did you mean --output?",
    ("say", "hi", "--qqqqqq"): "There is no option --qqqqqq.",
    ("say", "hi", "-f", "x.txt"): "TEXT and --file cannot be combined.",
    ("say", "hi", "--speed"): "--speed needs a value.",
    ("say", "hi", "--speed", "5"): "'5' is not a number between 0.5 and 2.0.",
    ("say", "hi", "--text-format", "sml"): "'sml' is not one of text, ssml. Did you",
    ("--sped", "1"): "There is no option --sped. Did you mean --speed?",
    ("serve", "--hub", "modelscop"): "huggingface, modelscope. Did you mean modelsc",
    ("serve", "--sound", "trm"): "Did you mean trim?",
    ("serve", "--sound", "led=1"): "Did you mean lead?",
    ("--config", "a b.toml", "say", "hi"): (
        "Put the command first: wyoming-cosyvoice say --config 'a b.toml' hi"
    ),
    ("voices", "mine"): "'mine' was not expected.",
    (
        "convert",
        "a",
        "b",
        "--precision",
        "int9",
    ): "int4, fp16, fp32. Did you mean int8?",
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_mistakes_get_one_line_of_usage_and_a_tip(
    run: Run, words: tuple[str, ...]
) -> None:
    outcome = run(*words)
    assert (outcome.code, outcome.out) == (2, "")
    usage, message = outcome.err.splitlines()
    assert usage.startswith("usage: wyoming-cosyvoice")
    assert message.startswith("wyoming-cosyvoice")
    assert MISTAKES[words] in message


def test_flags_alone_serve() -> None:
    flags = ["--uri", "tcp://0.0.0.0:10200", "--zeroconf", "--voice", "zh-female"]
    alone, spelled_out = parser.parse(flags), parser.parse(["serve", *flags])
    assert alone == spelled_out
    assert alone.command == "serve"
    assert alone.zeroconf == "cosyvoice"


@pytest.mark.parametrize("command", [["say", "hi", "-o", "x.wav"], ["serve"]])
def test_without_a_model_one_line_names_the_remedy(
    run: Run, command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "wyoming_cosyvoice.library.installed.STARTER_DIR", tmp_path / "none"
    )
    outcome = run(*command)
    assert outcome.code == 3
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("wyoming-cosyvoice: There is no model yet.")
    assert "wyoming-cosyvoice convert" in outcome.err


@pytest.mark.parametrize(
    "error",
    [ModelCorrupt("A file.", remedy="Get it."), EngineLost("x"), ServerUnreachable("")],
)
def test_errors_of_ours_are_a_line_and_their_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: ModelCorrupt
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(voices, "run", fail)
    outcome = run("voices")
    assert outcome.code == error.exit_code
    assert outcome.err == f"wyoming-cosyvoice: {error}\n"


def test_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(voices, "run", interrupt)
    outcome = run("voices")
    assert (outcome.code, outcome.err) == (130, "")


def test_closed_pipe_is_quiet(tiny_pack: Pack) -> None:
    """As in ``wyoming-cosyvoice voices | true``."""
    reading, writing = os.pipe()
    os.close(reading)
    command = ["-m", "wyoming_cosyvoice", "voices", "--model", tiny_pack.directory]
    with os.fdopen(writing, "wb") as closed:
        child = subprocess.run(
            [sys.executable, *map(str, command)],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (child.returncode, child.stderr) == (141, b"")


@pytest.mark.ci
def test_log_level_is_a_setting(run: Run, tiny_pack: Pack, tmp_path: Path) -> None:
    """The cap of a random model is a warning, unless only errors are wanted."""
    say = ("say", "Hi", "--model", tiny_pack.directory, "-o", tmp_path / "hi.wav")
    child = [sys.executable, "-m", "wyoming_cosyvoice", *map(str, say)]
    loud = subprocess.run(child, capture_output=True, text=True, check=True)
    assert "WARNING A sentence was cut" in loud.stderr
    child += ["--log-level", "error"]
    quiet = subprocess.run(child, capture_output=True, text=True, check=True)
    assert "WARNING" not in quiet.stderr


def test_an_unknown_variable_is_warned_about_by_every_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WYOMING_COSYVOICE_MODLE", "starter")
    assert run("voices", "--model", "starter").code == 0
    assert "Did you mean WYOMING_COSYVOICE_MODEL?" in caplog.text


def shell(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which ``$CLI`` is the program."""
    child = {**os.environ, "CLI": f"{sys.executable} -m wyoming_cosyvoice", **variables}
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False, env=child
    )


@pytest.mark.parametrize(
    "script",
    [
        "$CLI voices --model starter > /dev/full",
        "$CLI completion bash > /dev/full",
        "$CLI say Hi --model starter > /dev/full",
        "$CLI say Hi --model starter >&-",
        "$CLI say - --model starter -o $OUT <&-",
        "printf 'a\\377b' | PYTHONIOENCODING=utf-8 $CLI say - --model starter -o $OUT",
        "$CLI say Hi --model starter -o $LONG.wav",
        "$CLI say Hi --model starter -o $OUT --subtitles $LONG/a.srt",
        "$CLI clone Ann $OUT --data-dir $LONG",
        "$CLI convert $LONG $OUT",
        "$CLI voices --model $LONG",
    ],
)
def test_what_the_system_refuses_is_said_in_one_line(
    script: str, tmp_path: Path
) -> None:
    out = str(tmp_path / "out.wav")
    child = shell(script, OUT=out, LONG="x" * 300)
    assert child.returncode in {1, 2, 3}
    assert child.stderr.splitlines()[-1].startswith("wyoming-cosyvoice")
    assert "Traceback" not in child.stderr
    assert list(tmp_path.glob("*out*")) == []


def test_a_name_that_is_too_long_is_left_out_of_variables(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WYOMING_COSYVOICE_DATA_DIR", "x" * 300)
    assert run("voices", "--model", "starter").code == 0
    assert "is left out" in caplog.text


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-"])
def test_closed_standard_streams_do_not_end_a_command(
    closed: str, tmp_path: Path
) -> None:
    child = shell(f"$CLI voices --model starter {closed}")
    assert (child.returncode, child.stderr) == (0, "")


def test_text_beyond_the_encoding_of_the_terminal_is_escaped() -> None:
    child = shell("PYTHONIOENCODING=ascii $CLI say 你好 --model starter --explain")
    assert child.returncode == 0
    assert "\\u4f60\\u597d" in child.stdout
