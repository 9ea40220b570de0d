"""Speak the sentence of ``bench`` with one pack and measure it.

The Python of the version that is measured runs this file by itself, so it may use only
what all versions since d03410a have.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wyoming_cosyvoice.bench.opening import Measurable
    from wyoming_cosyvoice.bench.workload import Workload
    from wyoming_cosyvoice.model.utterance import Utterance
    from wyoming_cosyvoice.pack.pack import Pack

STATUS = Path("/proc/self/status")


def main() -> None:
    """Read an order from the arguments and print the figures as JSON."""
    order = json.loads(sys.argv[1])
    from wyoming_cosyvoice.bench.opening import open_model  # noqa: PLC0415
    from wyoming_cosyvoice.bench.workload import Workload  # noqa: PLC0415

    try:
        from wyoming_cosyvoice.pack.pack import Pack  # noqa: PLC0415
    except ImportError:  # where it was in d03410a
        from wyoming_cosyvoice.model.pack import Pack  # noqa: PLC0415

    pack = Pack.open(Path(order["folder"]))
    flow = pack.manifest.flow
    if order["steps"]:
        flow = dataclasses.replace(flow, steps=order["steps"])
    opened = open_model(pack, threads=order["threads"], flow=flow)
    opened.warm_up()
    tokens = round(order["audio_s"] * pack.manifest.token_rate)
    workload = Workload.make(
        pack, opened.model, text_tokens=order["text_tokens"], speech_tokens=tokens
    )
    if order["with_prompt"]:
        workload = dataclasses.replace(
            workload, utterance=with_prompt(workload.utterance, pack)
        )
    speak(workload, opened.model)
    runs = [speak(workload, opened.model) for _ in range(order["runs"])]
    figures = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(json.dumps(figures | {"memory_mb": peak_mb()}))


def with_prompt(utterance: Utterance, pack: Pack) -> Utterance:
    """Return the sentence as the first voice of the pack says it, a cloned one."""
    from wyoming_cosyvoice.model.speakers import load_speaker  # noqa: PLC0415

    speaker = load_speaker(pack.file(pack.manifest.voices[0].file))
    return dataclasses.replace(
        utterance,
        speaker=speaker,
        prompt_text=tuple(speaker.text_tokens),
        prompt_speech=speaker.prompt.speech_tokens,
    )


def speak(workload: Workload, model: Measurable) -> dict[str, float]:
    """Return the time and the CPU time of a sentence and of its first sound."""
    began, cpu_began = time.perf_counter(), time.process_time()
    first_s = first_cpu_s = 0.0
    for samples in workload.speak(model):
        if samples.size and not first_s:
            first_s = time.perf_counter() - began
            first_cpu_s = time.process_time() - cpu_began
    return {
        "cpu_s": time.process_time() - cpu_began,
        "first_cpu_s": first_cpu_s,
        "wall_s": time.perf_counter() - began,
        "first_s": first_s,
    }


def peak_mb() -> float:
    """Return the largest resident memory of this process."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    amount = next(line for line in lines if line.startswith("VmHWM"))
    return int(amount.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
