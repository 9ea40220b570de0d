"""Open hostile checkpoints in a process that is watched and short of memory.

Usage: checkpoint_child.py FOLDER LIMIT_BYTES. Prints JSON: what each file led to, which
forbidden events the interpreter saw, and the peak of resident memory.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

FORBIDDEN = (
    "import",
    "exec",
    "compile",
    "code.__new__",
    "marshal.",
    "pickle.",
    "subprocess.",
    "os.",
    "pty.",
    "socket.",
    "ctypes.",
    "shutil.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)
_WRITE_MODES = "wax+"


def main() -> None:
    """Open each file of the folder, good.pt first to have all modules loaded."""
    folder, limit = Path(sys.argv[1]), int(sys.argv[2])
    from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint  # noqa: PLC0415
    from wyoming_cosyvoice.errors import CheckpointError  # noqa: PLC0415

    def attempt(path: Path) -> list[str]:
        try:
            with Checkpoint.open(path) as checkpoint:
                checkpoint.read_table()
                for name in checkpoint.names:
                    checkpoint.read(name)
        except CheckpointError as error:
            return [type(error).__name__, str(error)]
        except BaseException as error:  # noqa: BLE001 - the point of the test
            return [f"escaped: {type(error).__name__}", str(error)]
        return ["read", ""]

    attempt(folder / "good.pt")
    paths = sorted(folder.iterdir())
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    seen: list[str] = []
    is_watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if not is_watching:
            return
        if event.startswith(FORBIDDEN):
            seen.append(f"{event} {arguments!r:.200}")
        elif event == "open":
            mode = arguments[1]
            if isinstance(mode, str) and set(mode) & set(_WRITE_MODES):
                seen.append(f"{event} {arguments!r:.200}")

    sys.addaudithook(watch)
    results = {path.stem: attempt(path) for path in paths}
    is_watching = False
    # Not ru_maxrss: a child inherits the peak of the process that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
    print(json.dumps({"results": results, "seen": seen, "peak": peak}))  # noqa: T201


main()
