"""The training loop of all stages.

What differs between them is a ``Task``: the network, its batches and its losses. The
loop does the rest: learning rate, gradients, the moving average of the weights, the
learning curve, and a checkpoint that is whole whenever the process ends. A run that was
stopped takes up the last checkpoint, so phases are counted in steps and not in time.
"""

from __future__ import annotations

import json
import math
import signal
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.starter.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from torch import Tensor, nn

    from models.starter.settings import Phase

    Batch = tuple[Any, ...]

SAVE_EVERY_S = 180.0
LOG_EVERY = 50  # steps
VALIDATE_EVERY = 200
WARM_UP = 100  # steps of each phase in which the learning rate rises
LEAST_RATE = 0.01  # of a phase's learning rate, where it falls
AVERAGE_DECAY = 0.998


class Task(ABC):
    """What a network learns, and from what."""

    network: nn.Module
    seed = 0
    betas = (0.9, 0.98)
    weight_decay = 1e-2
    clip = 1.0
    averaged_after: int | None = None
    """Steps after which the weights are averaged; first steps are no use to anyone."""

    def __init__(self, *, bf16: bool) -> None:
        self._bf16 = bf16

    def autocast(self) -> torch.autocast:
        """Return the context of what may be computed in bfloat16."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._bf16)

    def begin(self) -> None:  # noqa: B027 - most need none
        """Prepare a network whose weights are all new; nothing by default."""

    def buffers(self) -> dict[str, Tensor]:
        """Return what a checkpoint keeps beside weights; nothing by default."""
        return {}

    def set_buffers(self, kept: Mapping[str, Tensor]) -> None:  # noqa: B027
        """Take over what a checkpoint kept."""

    @abstractmethod
    def batch(self, rng: np.random.Generator, phase: Phase) -> Batch:
        """Draw a batch."""

    @abstractmethod
    def losses(self, batch: Batch, phase: Phase) -> dict[str, Tensor]:
        """Return what is minimised as "loss", and what else the curve shows."""

    def validate(self) -> dict[str, float]:
        """Measure on sentences that are kept aside; nothing by default."""
        return {}


class Checkpoint:
    """The file of a stage's weights, and the learning curve beside it."""

    def __init__(self, state: Path, stage: str) -> None:
        folder = state / "checkpoints"
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{stage}.pt"
        self.curve = folder / f"{stage}.jsonl"

    def read(self) -> dict[str, Any] | None:
        """Return what was saved last, if anything was."""
        if not self.path.exists():
            return None
        found: dict[str, Any] = torch.load(self.path, "cpu", weights_only=True)
        return found

    def weights(self) -> dict[str, Tensor]:
        """Return the averaged weights, or the last ones where none are averaged.

        Raises: FileNotFoundError if the stage has not been trained.
        """
        found: dict[str, Any] = torch.load(self.path, "cpu", weights_only=True)
        if "average" not in found:
            weights: dict[str, Tensor] = found["network"]
            return weights
        return {
            key.removeprefix("module."): value
            for key, value in found["average"].items()
            if key != "n_averaged"
        }

    def write(self, content: dict[str, Any]) -> None:
        """Save under another name first, so that the file is whole at any time."""
        part = self.path.with_suffix(".part")
        torch.save(content, part)
        part.replace(self.path)

    def log(self, line: dict[str, float]) -> None:
        """Add a line to the learning curve."""
        with self.curve.open("a", encoding="utf-8") as curve:
            curve.write(json.dumps(line) + "\n")


class Training:
    """A task on its way through its phases."""

    def __init__(
        self, task: Task, phases: tuple[Phase, ...], state: Path, stage: str
    ) -> None:
        self._task, self._phases, self._stage = task, phases, stage
        self._checkpoint = Checkpoint(state, stage)
        self._steps = sum(phase.steps for phase in phases)
        self._optimizer = torch.optim.AdamW(
            task.network.parameters(), betas=task.betas, weight_decay=task.weight_decay
        )
        self._step, self._cpu_s = 0, 0.0
        found = self._checkpoint.read()
        if found is None:
            task.begin()
        else:
            self._resume(found)
        self._average = None
        if task.averaged_after is not None:
            self._average = AveragedModel(
                task.network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE_DECAY)
            )
            if found is not None and "average" in found:
                self._average.load_state_dict(found["average"])

    def _resume(self, found: dict[str, Any]) -> None:
        self._task.network.load_state_dict(found["network"])
        self._task.set_buffers(found["buffers"])
        # Weights that were read from a pack have no optimizer yet.
        if "optimizer" in found:
            self._optimizer.load_state_dict(found["optimizer"])
        self._step, self._cpu_s = found["step"], found["cpu_s"]

    def run(self) -> None:
        """Train to the end of the last phase.

        Raises: SystemExit on SIGTERM, after saving.
        """
        progress = Progress(self._stage, "steps")
        progress.begin(self._step, self._steps)
        if self._step >= self._steps:
            return
        task, before_s = self._task, self._cpu_s - time.process_time()
        torch.manual_seed(task.seed + self._step)
        rng = np.random.default_rng([task.seed, self._step])
        task.network.train()
        saved, sums = time.monotonic(), dict[str, float]()
        with _stop_signals() as signals:
            while self._step < self._steps and not signals:
                for name, value in self._take_step(rng).items():
                    sums[name] = sums.get(name, 0.0) + value / LOG_EVERY
                self._cpu_s = before_s + time.process_time()
                if self._step % VALIDATE_EVERY == 0:
                    sums |= task.validate()
                if self._step % LOG_EVERY == 0:
                    self._log(sums, progress)
                    sums.clear()
                if time.monotonic() - saved > SAVE_EVERY_S:
                    self._save()
                    saved = time.monotonic()
            self._save()
        progress.show(self._step)
        if signals:
            raise SystemExit(f"{self._stage} stopped after {self._step} steps.")

    def _take_step(self, rng: np.random.Generator) -> dict[str, float]:
        phase, within = self._phase()
        for group in self._optimizer.param_groups:
            group["lr"] = phase.learning_rate * scale(phase, within)
        found = self._task.losses(self._task.batch(rng, phase), phase)
        self._optimizer.zero_grad(set_to_none=True)
        found["loss"].backward()
        network = self._task.network
        torch.nn.utils.clip_grad_norm_(network.parameters(), self._task.clip)
        self._optimizer.step()
        if self._average is not None:
            if self._step < (self._task.averaged_after or 0):
                self._average.module.load_state_dict(network.state_dict())
            else:
                self._average.update_parameters(network)
        self._step += 1
        return {name: value.item() for name, value in found.items()}

    def _phase(self) -> tuple[Phase, int]:
        """Return the phase of the next step, and the steps since its beginning."""
        within = self._step
        for phase in self._phases:
            if within < phase.steps:
                return phase, within
            within -= phase.steps
        raise IndexError(f"{self._stage} has {self._steps} steps")

    def _log(self, values: dict[str, float], progress: Progress) -> None:
        line = {name: round(value, 5) for name, value in values.items()}
        line |= {"step": self._step, "cpu_s": round(self._cpu_s)}
        self._checkpoint.log(line)
        rate = self._optimizer.param_groups[0]["lr"]
        progress.show(
            self._step, f", loss {values['loss']:.4f}, learning rate {rate:.1e}"
        )

    def _save(self) -> None:
        content = {
            "network": self._task.network.state_dict(),
            "buffers": self._task.buffers(),
            "optimizer": self._optimizer.state_dict(),
            "step": self._step,
            "cpu_s": self._cpu_s,
        }
        if self._average is not None:
            content["average"] = self._average.state_dict()
        self._checkpoint.write(content)


def scale(phase: Phase, step: int) -> float:
    """Return what the learning rate of a phase is multiplied by at a step of it."""
    rise = min(1.0, (step + 1) / WARM_UP)
    if not phase.falls:
        return rise
    fall = 0.5 + 0.5 * math.cos(math.pi * step / phase.steps)
    return rise * max(LEAST_RATE, fall)


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Return a list that is filled when the process gets SIGTERM."""
    signals: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: signals.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
