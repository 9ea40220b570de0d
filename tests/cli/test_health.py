"""``health`` finds the server that runs here, however its address was set."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from wyoming_cosyvoice.cli.running import running_uri

if TYPE_CHECKING:
    from pathlib import Path

URI = "tcp://127.0.0.1:10300"
VARIABLE = f"WYOMING_COSYVOICE_URI={URI}"
SERVE = ("/opt/cosyvoice/bin/python", "/opt/cosyvoice/bin/wyoming-cosyvoice", "serve")


def process(
    proc: Path, number: int, *words: str, environ: tuple[str, ...] = ()
) -> None:
    folder = proc / str(number)
    (folder / "cwd").mkdir(parents=True)
    (folder / "cwd/settings.toml").write_text(f'uri = "{URI}"\n')
    for name, parts in (("cmdline", words), ("environ", ("HOME=/data", *environ))):
        (folder / name).write_bytes("".join(f"{part}\0" for part in parts).encode())


@pytest.mark.parametrize(
    ("words", "environ"),
    [
        ((*SERVE, "--uri", URI), ()),
        ((*SERVE[:2], f"--uri={URI}"), ()),
        ((*SERVE, "--uri", URI), ("WYOMING_COSYVOICE_URI=tcp://127.0.0.1:1",)),
        (SERVE, (VARIABLE,)),
        ((*SERVE, "--config", "settings.toml"), ()),
        (("python3", "-u", "-m", "wyoming_cosyvoice", "serve", "--uri", URI), ()),
    ],
)
def test_the_server_is_found_by_how_it_was_started(
    tmp_path: Path, words: tuple[str, ...], environ: tuple[str, ...]
) -> None:
    process(tmp_path, 1, *words, environ=environ)
    process(tmp_path, 7, *SERVE[:2], "health", "--uri", "tcp://127.0.0.1:1")
    process(tmp_path, 8, "vi", "wyoming-cosyvoice.conf")
    process(tmp_path, 9)  # of the kernel
    (tmp_path / "self").mkdir()
    assert running_uri(tmp_path) == URI


def test_a_server_in_another_network_is_not_asked(tmp_path: Path) -> None:
    other = "tcp://127.0.0.1:13200"
    process(tmp_path, 1, *SERVE, "--uri", other)
    process(tmp_path, 2, *SERVE, "--uri", URI)
    for name, network in (("self", "net:[1]"), ("1", "net:[2]"), ("2", "net:[1]")):
        (tmp_path / name / "ns").mkdir(parents=True)
        (tmp_path / name / "ns/net").symlink_to(network)
    assert running_uri(tmp_path) == URI


def test_no_server_or_several_are_not_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert running_uri(tmp_path / "none") is None
    process(tmp_path, 1, *SERVE, "--uri", "nonsense")
    process(tmp_path, 2, *SERVE, "--sped", "1")
    process(tmp_path, 3, *SERVE, "--config", "none.toml")
    process(tmp_path, 6, *SERVE, "--uri", "tcp://127.0.0.1:0")
    assert running_uri(tmp_path) is None
    process(tmp_path, 4, *SERVE, "--uri", URI)
    assert running_uri(tmp_path) == URI
    process(tmp_path, 5, *SERVE)
    assert running_uri(tmp_path) is None
    assert capsys.readouterr() == ("", "")


_CONTAINER = """
{python} -m wyoming_cosyvoice serve --no-http --uri tcp://0.0.0.0:{port} &
for _ in $(seq 300); do
    {python} -m wyoming_cosyvoice health --timeout 2 && break
    sleep 0.2
done
{python} -m wyoming_cosyvoice health
echo "code $?"
kill %1
"""


@pytest.mark.slow
def test_health_follows_the_flag_of_the_server_beside_it(tmp_path: Path) -> None:
    """As in a container: processes of its own, and a variable that says otherwise."""
    namespace = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
    if shutil.which("unshare") is None or subprocess.call((*namespace, "true")):
        pytest.skip("no namespace of processes can be made here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = _CONTAINER.format(python=sys.executable, port=port)
    environ = {**os.environ, "WYOMING_COSYVOICE_URI": "tcp://0.0.0.0:1"}
    environ |= {"WYOMING_COSYVOICE_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        (*namespace, "bash", "-c", script),
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode in {0, -signal.SIGTERM}, done.stderr
    assert "answers with" in done.stdout
    assert "code 0" in done.stdout
