"""Stage 4: train the flow.

    nice -n 19 python models/starter/train/train_flow.py --minutes 40 --sharpness 0.4

Three things that the layout does not show: the mean mel is trained too (as in Matcha);
the estimator starts as "go straight to the mean" (flow.py); and what it shall reach is
not the recording but a point between it and the mean, at ``--sharpness`` of the way:
what the mean cannot explain is what a small network turns into noise. Raise it late.

At last, with ``--heard``, the flow learns from the mels that it makes in the steps that
the pack will take (flow_heard.py).
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import tokens
import torch
from crops import FRAMES, Crops
from data import CORPORA, Run, open_corpora
from export import FLOW_STEPS, FLOW_TEMPERATURE
from flow import Flow, FlowSizes
from flow_estimator import open_identity_path
from flow_heard import MEASURED, Listener
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

MADE_FRAMES = 1300  # of a batch of which the flow makes the mels
FREE_OF_GUIDANCE = 0.2  # how often the conditions are hidden
SIGMA = 1e-6
UNAVERAGED = 500  # an average of first steps is no use to anyone
REOPEN_S = 600  # the corpora may be growing


def losses(
    flow: Flow,
    said: Tensor,
    mel: Tensor,
    speaker: Tensor,
    sharpness: float,
) -> tuple[Tensor, Tensor]:
    """Return the loss of the velocity and that of the mean mel."""
    B, _, T = mel.shape
    mu = flow.mean(said, T)
    voice = flow.voice(speaker)
    prior = (mu.float() - mel).abs().mean()
    goal = sharpness * mel + (1 - sharpness) * mu.detach().float()
    shown = (torch.rand(B) > FREE_OF_GUIDANCE).float()
    noise = torch.randn_like(mel)
    at = 1 - torch.cos(torch.rand(B) * 0.5 * torch.pi)
    t = at[:, None, None]
    x = (1 - (1 - SIGMA) * t) * noise + t * goal
    velocity = flow.decoder.estimator(
        x, mu * shown[:, None, None], at, voice * shown[:, None], torch.zeros_like(mel)
    )
    wanted = goal - (1 - SIGMA) * noise
    return ((velocity.float() - wanted) ** 2).mean(), prior


class Training:
    """The flow, and how it takes a step."""

    def __init__(self, options: argparse.Namespace, found: dict[str, Any]) -> None:
        self._options = options
        self._flow = Flow(FlowSizes(), tokens.factors())
        self._average = AveragedModel(
            self._flow, multi_avg_fn=get_ema_multi_avg_fn(0.998)
        )
        self._optimizer = torch.optim.AdamW(
            self._flow.parameters(), options.rate, (0.9, 0.98)
        )
        self._kept = {
            "network": self._flow,
            "average": self._average,
            "optimizer": self._optimizer,
        }
        # A flow that was read back from a pack has neither average nor optimizer.
        for name in self._kept.keys() & found.keys():
            self._kept[name].load_state_dict(found[name])
        self.steps, self.fall = found.get("step", 0), 1.0
        self._listener = None
        if options.heard:
            place = options.state / "state"
            self._listener = Listener(place, FLOW_STEPS, FLOW_TEMPERATURE)
        self.frames = MADE_FRAMES if options.heard else FRAMES
        self.measured = MEASURED if options.heard else ("velocity", "prior")
        self._flow.train()

    def state(self) -> dict[str, Any]:
        """Return all that must survive."""
        kept = {name: thing.state_dict() for name, thing in self._kept.items()}
        return {**kept, "step": self.steps}

    @torch.no_grad()
    def begin(self, mel: Tensor) -> None:
        """Start the mean as the mean of mels (M, T), the estimator as the way there."""
        self._flow.length_regulator.model[-1].bias[:] = mel.mean(1)
        offset, spread = mel.mean(1), (mel.var(1) + 1).sqrt()
        open_identity_path(self._flow.decoder.estimator, offset, spread)

    def step(self, *batch: Tensor) -> list[float]:
        """Learn from tokens, mels and speakers; return what ``measured`` names."""
        for group in self._optimizer.param_groups:
            rise = min(1.0, (self.steps + 1) / 100)
            group["lr"] = self._options.rate * rise * self.fall
        # Of short crops the plain attention is learned from faster than the fused one.
        with (
            torch.autocast("cpu", torch.bfloat16, enabled=self._options.bf16),
            sdpa_kernel(SDPBackend.MATH),
        ):
            if self._listener is not None:
                loss, values = self._listener.losses(self._flow, *batch)
            else:
                velocity, prior = losses(self._flow, *batch, self._options.sharpness)
                loss, values = velocity + prior, [velocity.item(), prior.item()]
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._flow.parameters(), 1.0)
        self._optimizer.step()
        if self.steps < UNAVERAGED:
            self._average.module.load_state_dict(self._flow.state_dict())
        else:
            self._average.update_parameters(self._flow)
        self.steps += 1
        return values


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--sharpness", type=float, default=0.4)
    parser.add_argument(
        "--decay", action="store_true", help="let the rate fall to zero"
    )
    parser.add_argument("--heard", action="store_true", help="the last part")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(3)
    run = Run(options.state / "state", "flow")
    found = run.load() or {}
    training = Training(options, found)
    if found:
        torch.manual_seed(training.steps)
    rng = np.random.default_rng(3000 + training.steps)
    corpora = open_corpora(options.state, options.corpora)
    tokenizer = tokens.Tokenizer.measure(corpora, found.get("ranges", {}))
    crops = Crops(corpora, tokenizer)
    if training.steps == 0:
        mels = [crops.batch(rng)[1].transpose(0, 1).flatten(1) for _ in range(5)]
        training.begin(torch.cat(mels, 1))

    def state() -> dict[str, Any]:
        return {**training.state(), "ranges": tokenizer.ranges}

    started = opened = time.monotonic()
    end = started + 60 * options.minutes
    sums = np.zeros(len(training.measured))
    while run.goes_on(end):
        if time.monotonic() - opened > REOPEN_S:
            corpora = open_corpora(options.state, options.corpora)
            crops, opened = Crops(corpora, tokenizer), time.monotonic()
        if options.decay:
            part = (time.monotonic() - started) / (end - started)
            training.fall = 0.5 + 0.5 * math.cos(math.pi * part)
        sums += training.step(*crops.batch(rng, training.frames))
        if training.steps % 50 == 0:
            means = dict(zip(training.measured, sums / 50, strict=True))
            run.log(step=training.steps, sharpness=options.sharpness, **means)
            sums[:] = 0
        run.save_now_and_then(state)
    run.save_now_and_then(state, force=True)


if __name__ == "__main__":
    main()
