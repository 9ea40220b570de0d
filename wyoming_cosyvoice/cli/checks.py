"""The checks of ``doctor``: each returns what was found and how to fix it.

ONNX Runtime is imported in a child process first: on a CPU for which it was not built,
it ends the process with an illegal instruction. Modules that import it are therefore
imported in functions, after that check.
"""

from __future__ import annotations

import asyncio
import platform
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.config import LEXICON, VOICES
from wyoming_cosyvoice.config.addresses import TcpAddress, UnixAddress, parse_uri
from wyoming_cosyvoice.errors import ConfigError, CosyVoiceError, ModelError
from wyoming_cosyvoice.machine.cpu import read_cpu
from wyoming_cosyvoice.machine.memory import available_mb
from wyoming_cosyvoice.server.sockets import open_everywhere
from wyoming_cosyvoice.server.wyoming.health import health_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.machine.cpu import Cpu

IMPORT_ONNX_RUNTIME = (
    *(sys.executable, "-c"),
    "import onnxruntime; print(onnxruntime.__version__)",
)

_IMPORT_TIMEOUT_S = 120.0
_ANSWER_TIMEOUT_S = 2.0
_MAX_SHOWN = 5
# Measured: the weights are in memory once, and a sentence of the 300M model takes up
# to half a gigabyte on top.
_MEMORY_FACTOR = 2.0
_PROGRAM_MB = 100


class State(Enum):
    """Result of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check, with its message."""

    name: str
    state: State
    message: str
    remedy: str = ""
    exit_code: int = 0
    """Exit code of the program if this check failed."""


def examine(config: Config) -> Iterator[Finding]:
    """Yield the findings of all checks; each check runs when it is requested."""
    yield check_python()
    yield check_cpu(read_cpu())
    yield from check_settings(config)
    runtime = check_onnx_runtime()
    yield runtime
    if runtime.state is not State.FAILED:
        yield from check_model(config)
        yield check_lexicon(config)
        yield from check_voices(config)
    yield check_address(config.server.uri)


def check_python() -> Finding:
    """Report the versions of Python and of this program."""
    message = f"{platform.python_version()}, wyoming-cosyvoice {__version__}"
    return Finding("Python", State.OK, message)


def check_cpu(cpu: Cpu) -> Finding:
    """Report whether the CPU has the vector instructions that ONNX Runtime needs."""
    message = f"{cpu.name} ({cpu.machine}), {cpu.cores} cores available"
    if not cpu.has_wide_vectors:
        return Finding(
            "CPU",
            State.WARNING,
            f"{message}, without AVX2",
            "Speech will be slow.",
        )
    if not cpu.has_dot_products:
        return Finding(
            "CPU",
            State.WARNING,
            f"{message}, without int8 dot products",
            "int8 models run at about half the speed.",
        )
    return Finding("CPU", State.OK, message)


def check_onnx_runtime(command: Sequence[str] = IMPORT_ONNX_RUNTIME) -> Finding:
    """Import ONNX Runtime in a child process, which may crash."""
    reinstall = "Install it again: pip install --force-reinstall onnxruntime"
    try:
        child = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_IMPORT_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"does not load within {_IMPORT_TIMEOUT_S:g} s"
        return _failed_runtime(reason, reinstall)
    if child.returncode == -signal.SIGILL:
        reason = "was built for another CPU (illegal instruction)"
        return _failed_runtime(reason, "Try another version of onnxruntime.")
    if child.returncode < 0:
        return _failed_runtime(f"crashes (signal {-child.returncode})", reinstall)
    if child.returncode:
        lines = child.stderr.strip().splitlines() or ["no reason given"]
        return _failed_runtime(f"cannot be imported: {lines[-1]}", reinstall)
    return Finding("ONNX Runtime", State.OK, child.stdout.strip())


def _failed_runtime(reason: str, remedy: str) -> Finding:
    message = f"ONNX Runtime {reason}."
    code = ModelError.exit_code
    return Finding("ONNX Runtime", State.FAILED, message, remedy, code)


def check_model(config: Config) -> Iterator[Finding]:
    """Verify all files of the model, then compare its memory with what is free."""
    from wyoming_cosyvoice.library.installed import find_model  # noqa: PLC0415
    from wyoming_cosyvoice.model.device_choice import choose_device  # noqa: PLC0415
    from wyoming_cosyvoice.model.session import available_providers  # noqa: PLC0415
    from wyoming_cosyvoice.model.threads import choose_threads  # noqa: PLC0415
    from wyoming_cosyvoice.pack.pack import Pack  # noqa: PLC0415

    try:
        folder = find_model(
            config.model.name, config.data_folder, precision=config.model.precision
        )
        pack = Pack.open(folder, verify=True)
        manifest = pack.manifest
        packs = [pack] + [
            pack.companion(language, verify=True) for language in manifest.companions
        ]
    except CosyVoiceError as error:
        yield _failed("model", error)
        return
    size_mb = sum(each.manifest.own_bytes for each in packs) / 1e6
    threads = choose_threads(manifest, config.model.threads)
    yield Finding(
        "model",
        State.OK,
        f"{manifest.name} ({manifest.precision}, {size_mb:.0f} MB, "
        f"{len(manifest.voices)} voices) in {folder}, all files verified",
    )
    yield Finding("threads", State.OK, f"{threads.count}: {threads.reason}")
    device = choose_device(manifest, config.model.device, available_providers())
    is_wanted = config.model.device in ("auto", device.name)
    yield Finding(
        "device",
        State.OK if is_wanted else State.WARNING,
        f"{device.name}: {device.reason}",
    )
    needed_mb = round(_PROGRAM_MB + _MEMORY_FACTOR * size_mb)
    yield check_memory(needed_mb, available_mb())


def check_memory(needed_mb: int, free_mb: int | None) -> Finding:
    """Compare the memory that a model needs with the free memory."""
    if free_mb is None:
        return Finding("memory", State.WARNING, "The free memory is unknown.")
    message = f"{free_mb} MB free, about {needed_mb} MB needed"
    if free_mb >= needed_mb:
        return Finding("memory", State.OK, message)
    remedy = "Convert the model with --precision int4, or stop other programs."
    return Finding("memory", State.WARNING, message, remedy)


def check_lexicon(config: Config) -> Finding:
    """Check the user's lexicon."""
    from wyoming_cosyvoice.text import Lexicon  # noqa: PLC0415

    path = config.data_folder / LEXICON
    lexicon = Lexicon(path)
    found = f"{len(lexicon)} words in {path}" if path.exists() else f"none at {path}"
    if not lexicon.problems:
        return Finding("lexicon", State.OK, found)
    shown = " ".join(str(problem) for problem in lexicon.problems[:_MAX_SHOWN])
    more = len(lexicon.problems) - _MAX_SHOWN
    return Finding(
        "lexicon",
        State.WARNING,
        f"{found}. Ignored: {shown}{f' And {more} more.' if more > 0 else ''}",
    )


def check_settings(config: Config) -> Iterator[Finding]:
    """Report what was set and is not used."""
    if config.problems:
        yield Finding("settings", State.WARNING, " ".join(config.problems))


def check_voices(config: Config) -> Iterator[Finding]:
    """Check the user's own voices, if there are any."""
    from wyoming_cosyvoice.user_voices.store import MAX_VOICES, VoiceStore  # noqa: PLC0415

    folder = config.data_folder / VOICES
    store = VoiceStore(folder)
    voices = store.voices()
    problems = [f"{v.id}: {problem}" for v in voices for problem in v.problems]
    if len(voices) == MAX_VOICES:
        waiting = len(store.recordings())
        full = f"No more are read; {waiting} recordings wait until some are deleted."
        problems.insert(0, full)
    found = f"{len(voices)} of your own in {folder}"
    if problems:
        more = len(problems) - _MAX_SHOWN
        shown = " ".join(problems[:_MAX_SHOWN]) + (
            f" And {more} more." if more > 0 else ""
        )
        yield Finding("voices", State.WARNING, f"{found}. {shown}")
    elif voices:
        yield Finding("voices", State.OK, found)


def check_address(uri: str) -> Finding:
    """Report whether a server answers at an address, or could listen there."""
    try:
        info = asyncio.run(health_check(uri, _ANSWER_TIMEOUT_S))
    except CosyVoiceError:
        return _check_free(uri)
    programs = ", ".join(f"{p.name} {p.version}" for p in info.tts)
    return Finding("address", State.OK, f"{programs} answers at {uri}")


def _check_free(uri: str) -> Finding:
    try:
        match parse_uri(uri):
            case TcpAddress(host, port):
                _try_to_listen(host, port)
            case UnixAddress() as address:
                _check_socket_path(address.path)
    except OSError as error:
        reason = error.strerror or str(error)
        failure = ConfigError(
            f"The server cannot listen at {uri}: {reason}.",
            remedy="Another program may be using it; choose another --uri.",
        )
        return _failed("address", failure)
    return Finding("address", State.OK, f"{uri} is free")


def _try_to_listen(host: str, port: int) -> None:
    everywhere = open_everywhere(host, port)
    if everywhere is not None:
        everywhere.close()
        return
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        # As the server does: a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen()


def _check_socket_path(path: Path) -> None:
    if path.exists() and not path.is_socket():
        raise FileExistsError(None, "the path exists and is not a socket")
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(
            None, f"the folder {path.absolute().parent} does not exist"
        )


def _failed(name: str, error: CosyVoiceError) -> Finding:
    return Finding(name, State.FAILED, error.message, error.remedy, error.exit_code)
