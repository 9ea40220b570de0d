"""Stage 4: train the flow.

    nice -n 19 python models/starter/train/train_flow.py --minutes 40 --sharpness 0.4

Three things that the layout does not show: the mean mel is trained too (as in Matcha);
the estimator starts as "go straight to the mean" (flow.py); and what it shall reach is
not the recording but a point between it and the mean, at ``--sharpness`` of the way:
what the mean cannot explain is what a small network turns into noise. Raise it late.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import tokens
import torch
from data import CORPORA, Corpus, Run, Sentence, open_corpora
from features import frames_of
from flow import Flow, FlowSizes
from flow_estimator import open_identity_path
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

FRAMES = 2600  # of a batch
FREE_OF_GUIDANCE = 0.2  # how often the conditions are hidden
SIGMA = 1e-6


class Crops:
    """Cuts batches of equal length out of the corpora."""

    def __init__(self, corpora: list[Corpus], tokenizer: tokens.Tokenizer) -> None:
        self._voices = tokens.speakers()
        self._tokenizer = tokenizer
        self._known: dict[int, np.ndarray] = {}
        self._sentences = [s for c in corpora for s in c.training]
        weights = [1 / math.sqrt(c.hours) for c in corpora for _ in c.training]
        weights = np.array(weights) * [s.tokens for s in self._sentences]
        self._odds = np.cumsum(weights / weights.sum())
        self.validation = [s for c in corpora for s in c.validation]

    def tokens_of(self, sentence: Sentence) -> np.ndarray:
        """Return the speech tokens of a sentence (N,), kept once made."""
        key = id(sentence)
        if key not in self._known:
            self._known[key] = self._tokenizer.speech(sentence)[0]
        return self._known[key]

    def batch(self, rng: np.random.Generator) -> tuple[torch.Tensor, ...]:
        """Cut a batch: tokens (B, N), mel (B, 80, T), speakers (B, 192).

        Sentence beginnings and ends are as frequent as middles, though they are rare.
        """
        length = int(rng.choice((50, 80, 120, 170, 240)))
        frames = frames_of(length)
        rows: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []
        while len(rows) < max(1, FRAMES // frames):
            sentence = self._sentences[int(np.searchsorted(self._odds, rng.random()))]
            room = sentence.tokens - length
            if room < 0:
                continue
            where = rng.random()
            begin = (
                0
                if where < 0.4
                else room
                if where < 0.6
                else int(rng.integers(room + 1))
            )
            first = min(round(begin * 22050 / 256 / 50), sentence.frames - frames)
            said = self.tokens_of(sentence)[begin : begin + length]
            rows.append(
                (
                    torch.from_numpy(said),
                    torch.from_numpy(sentence.mel(first, first + frames).T.copy()),
                    self._voices[sentence.corpus.speaker][0],
                )
            )
        return tuple(torch.stack(column) for column in zip(*rows, strict=True))


def losses(
    flow: Flow,
    said: torch.Tensor,
    mel: torch.Tensor,
    speaker: torch.Tensor,
    sharpness: float,
) -> tuple[torch.Tensor, torch.Tensor]:
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
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(3)
    flow = Flow(FlowSizes(), tokens.factors())
    average = AveragedModel(flow, multi_avg_fn=get_ema_multi_avg_fn(0.998))
    optimizer = torch.optim.AdamW(flow.parameters(), options.rate, (0.9, 0.98))
    run, step, ranges = Run(options.state / "state", "flow"), 0, {}
    if found := run.load():
        flow.load_state_dict(found["network"])
        average.load_state_dict(found["average"])
        optimizer.load_state_dict(found["optimizer"])
        step, ranges = found["step"], found["ranges"]
        torch.manual_seed(step)
    rng = np.random.default_rng(3000 + step)
    corpora = open_corpora(options.state, options.corpora)
    tokenizer = tokens.Tokenizer.measure(corpora, ranges)
    crops = Crops(corpora, tokenizer)
    if step == 0:
        # The mean starts as the mel's mean; the estimator as the way there.
        mel = torch.cat(
            [crops.batch(rng)[1].transpose(0, 1).flatten(1) for _ in range(5)], 1
        )
        with torch.no_grad():
            flow.length_regulator.model[-1].bias[:] = mel.mean(1)
        offset, spread = mel.mean(1), (mel.var(1) + 1).sqrt()
        open_identity_path(flow.decoder.estimator, offset, spread)
        average.module.load_state_dict(flow.state_dict())

    def state() -> dict[str, object]:
        return {
            "network": flow.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
            "ranges": tokenizer.ranges,
        }

    opened = time.monotonic()
    started, end = opened, opened + 60 * options.minutes
    flow.train()
    sums = np.zeros(2)
    while run.goes_on(end):
        if time.monotonic() - opened > 600:
            corpora, opened = (
                open_corpora(options.state, options.corpora),
                time.monotonic(),
            )
            crops = Crops(corpora, tokenizer)
        part = (time.monotonic() - started) / (end - started) if options.decay else 0.0
        for group in optimizer.param_groups:
            fall = 0.5 + 0.5 * math.cos(math.pi * part)
            group["lr"] = options.rate * min(1.0, (step + 1) / 100) * fall
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            velocity, prior = losses(flow, *crops.batch(rng), options.sharpness)
        optimizer.zero_grad(set_to_none=True)
        (velocity + prior).backward()
        torch.nn.utils.clip_grad_norm_(flow.parameters(), 1.0)
        optimizer.step()
        if step < 500:  # an average of first steps is no use to anyone
            average.module.load_state_dict(flow.state_dict())
        else:
            average.update_parameters(flow)
        step += 1
        sums += [velocity.item(), prior.item()]
        if step % 50 == 0:
            run.log(
                step=step,
                sharpness=options.sharpness,
                velocity=sums[0] / 50,
                prior=sums[1] / 50,
            )
            sums[:] = 0
        run.save_now_and_then(state)
    run.save_now_and_then(state, force=True)


if __name__ == "__main__":
    main()
