"""Measure load time and memory in a new process.

``measure_footprint`` runs this module as a separate program, so the memory of the
parent does not count. Resident memory includes memory-mapped weights.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import ModelError
from wyoming_cosyvoice.files import parse_json
from wyoming_cosyvoice.machine.memory import (
    peak_resident_bytes,
    reset_peak,
    resident_bytes,
)

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.pack.settings import FlowSettings


@dataclass(frozen=True, slots=True)
class Footprint:
    """Load time and memory of a process with a model."""

    load_s: float
    """Importing libraries, opening the pack, networks, tokenizer and voices."""

    warm_up_s: float
    """The warm-up of the server: a few tokens."""

    loaded_mb: float
    """Resident memory before the first sentence."""

    speaking_mb: float
    """Peak resident memory while speaking."""

    peak_mb: float
    """Peak resident memory, including loading."""


def measure_footprint(
    folder: Path,
    *,
    threads: int,
    text_tokens: int,
    speech_tokens: int,
    flow: FlowSettings,
    device: str = "cpu",
) -> Footprint:
    """Load and speak in a child process.

    Raises: ModelError if it fails; its output has the reason.
    """
    order = {
        "folder": str(folder),
        "threads": threads,
        "text_tokens": text_tokens,
        "speech_tokens": speech_tokens,
        "flow": dataclasses.asdict(flow),
        "device": device,
    }
    child = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps(order)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if child.returncode:
        raise ModelError(
            f"A process that loads {folder} exited with code {child.returncode}.",
            remedy="See its messages above.",
        )
    return Footprint(**parse_json(child.stdout))


def _measure(order: dict[str, Any]) -> Footprint:
    """Load and speak in this process, which has imported little as yet."""
    began = time.perf_counter()
    from wyoming_cosyvoice.bench.opening import open_model  # noqa: PLC0415
    from wyoming_cosyvoice.bench.workload import Workload  # noqa: PLC0415
    from wyoming_cosyvoice.model.device_choice import choose_device  # noqa: PLC0415
    from wyoming_cosyvoice.model.session import available_providers  # noqa: PLC0415
    from wyoming_cosyvoice.pack.pack import Pack  # noqa: PLC0415
    from wyoming_cosyvoice.pack.settings import FlowSettings  # noqa: PLC0415

    pack = Pack.open(order["folder"])
    flow = FlowSettings(**order["flow"])
    device = choose_device(pack.manifest, order["device"], available_providers())
    opened = open_model(pack, threads=order["threads"], flow=flow, device=device)
    loaded = time.perf_counter()
    loaded_mb = resident_bytes() / 1e6
    opened.warm_up()
    warm = time.perf_counter()
    workload = Workload.make(
        pack,
        opened.model,
        text_tokens=order["text_tokens"],
        speech_tokens=order["speech_tokens"],
    )
    peak_mb = peak_resident_bytes() / 1e6
    reset_peak()
    for _ in range(2):
        for _samples in workload.speak(opened.model):
            pass
    speaking_mb = peak_resident_bytes() / 1e6
    return Footprint(
        load_s=loaded - began,
        warm_up_s=warm - loaded,
        loaded_mb=loaded_mb,
        speaking_mb=speaking_mb,
        peak_mb=max(peak_mb, speaking_mb),
    )


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(_measure(parse_json(sys.argv[1])))))
