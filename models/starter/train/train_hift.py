"""Stage 2: train the vocoder.

    nice -n 19 python models/starter/train/train_hift.py --minutes 60

First a plain spectral distance. Then, with ``--energy``, the generalised energy
distance (Gritsenko et al. 2020, arXiv 2008.01160): the generator speaks each segment
twice, with other noise; both shall be near the recording, and not nearer to each other
than to it. A plain distance is best served by a buzz, which has no randomness; this one
is best served by sounds that are as random as the recordings are. No discriminator is
needed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import torch
from critics import Critics
from data import CORPORA, Corpus, Run, open_corpora
from hift import Hift, HiftSizes, open_source_path
from spectra import Ear, distance
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

SEGMENT = 32  # frames
# How much the critics' opinions count beside the distance of spectra.
BELIEVED, ALIKE = 0.1, 0.5
CRITIC_RATE = 2e-4
# An average of the first steps is no use to anyone.
UNAVERAGED = 1000
REOPEN_S = 600  # the corpora may be growing
MEASURED = ("loss", "near", "apart", "pitch", "critics")
RATE = 1.5e-3


def batch(
    corpora: list[Corpus], rng: np.random.Generator, count: int
) -> tuple[Tensor, ...]:
    """Cut segments at random: mel (B, 80, T), pitch (B, T), samples (B, 256 T)."""
    hours = np.array([c.hours for c in corpora]) ** 0.5
    rows = []
    while len(rows) < count:
        corpus = corpora[rng.choice(len(corpora), p=hours / hours.sum())]
        sentence = corpus.training[rng.integers(len(corpus.training))]
        if sentence.frames <= SEGMENT:
            continue
        begin = int(rng.integers(sentence.frames - SEGMENT + 1))
        cut = begin, begin + SEGMENT
        rows.append(
            (sentence.mel(*cut).T, sentence.pitch(*cut), sentence.samples(*cut))
        )
    return tuple(
        torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True)
    )


def mel_scale(corpora: list[Corpus], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Measure the mean and the deviation of mels: (80, 1) each."""
    mel = batch(corpora, rng, 256)[0].transpose(0, 1).flatten(1)
    return mel.mean(1, keepdim=True), mel.std(1, keepdim=True)


class Training:
    """The vocoder, its critics, and how they take a step."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._network, self._ear, self._critics = Hift(HiftSizes()), Ear(), Critics()
        open_source_path(self._network)
        self._average = AveragedModel(
            self._network, multi_avg_fn=get_ema_multi_avg_fn(0.998)
        )
        self._optimizer = torch.optim.AdamW(
            self._network.parameters(), options.rate, (0.8, 0.99), weight_decay=1e-3
        )
        self._critic_optimizer = torch.optim.AdamW(
            self._critics.parameters(), CRITIC_RATE, (0.8, 0.99)
        )
        self._spectrum = self._network.spectrum
        if not options.eager:
            self._spectrum = torch.compile(self._spectrum)
        self._kept = {
            "network": self._network,
            "average": self._average,
            "optimizer": self._optimizer,
            "critics": self._critics,
            "critic_optimizer": self._critic_optimizer,
        }
        self.steps, self.fall = 0, 1.0

    def state(self) -> dict[str, Any]:
        """Return all that must survive."""
        kept = {name: thing.state_dict() for name, thing in self._kept.items()}
        scale = self._network.mean, self._network.spread
        return {**kept, "scale": scale, "step": self.steps}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        for name, thing in self._kept.items():
            if name in state:
                thing.load_state_dict(state[name])
        self.set_scale(*state["scale"])
        self.steps = state["step"]

    def set_scale(self, mean: Tensor, spread: Tensor) -> None:
        """Tell the network the mean and the deviation of mels: (80, 1) each."""
        self._network.mean.copy_(mean)
        self._network.spread.copy_(spread)

    def step(self, mel: Tensor, pitch: Tensor, samples: Tensor) -> list[float]:
        """Take a step: mel (B, 80, T), pitch (B, T), samples (B, S).

        Returns what was measured, as ``MEASURED`` names it.
        """
        options, network = self._options, self._network
        for group in self._optimizer.param_groups:
            group["lr"] = options.rate * min(1.0, (self.steps + 1) / 200) * self.fall
        pitch_loss = (network.predict_pitch(mel) - pitch).abs().mean() / 100
        if options.energy:
            mel, pitch = torch.cat([mel, mel]), torch.cat([pitch, pitch])
        source = network.excite(pitch)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            magnitude, phase = self._spectrum(mel, network.analyse(source))
        made = network.synthesize(magnitude.float(), phase.float())
        loss, near, apart = self._distances(made, samples)
        loss = loss + 0.3 * pitch_loss
        told = torch.zeros(())
        if options.critics:
            told, taught = self._criticise(made, samples)
            loss = loss + taught
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        self._optimizer.step()
        self.steps += 1
        if self.steps < UNAVERAGED:
            self._average.module.load_state_dict(network.state_dict())
        else:
            self._average.update_parameters(network)
        return [x.item() for x in (loss, near, apart, pitch_loss, told)]

    def _distances(
        self, made: Tensor, samples: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the loss, how near to the recordings, and how far apart two tries."""
        heard = self._ear(samples)
        if not self._options.energy:
            near = distance(self._ear(made), heard)
            return near, near, torch.zeros(())
        first, second = (self._ear(half) for half in made.chunk(2))
        near = (distance(first, heard) + distance(second, heard)) / 2
        apart = distance(first, second)
        return 2 * near - apart, near, apart

    def _criticise(self, made: Tensor, samples: Tensor) -> tuple[Tensor, Tensor]:
        """Let the critics take a step; return their loss and the vocoder's."""
        real = samples.repeat(len(made) // len(samples), 1)
        told = self._critics.loss(real, made)
        self._critic_optimizer.zero_grad(set_to_none=True)
        told.backward()
        self._critic_optimizer.step()
        believed, alike = self._critics.teach(real, made)
        return told.detach(), BELIEVED * believed + ALIKE * alike


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--batch", type=int, default=8, help="segments spoken a step")
    parser.add_argument("--energy", action="store_true", help="the second part")
    parser.add_argument("--critics", action="store_true", help="the third part")
    parser.add_argument("--decay", action="store_true", help="let the rate fall")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--eager", action="store_true", help="do not compile")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    training, run = Training(options), Run(options.state / "state", "hift")
    if found := run.load():
        training.load(found)
        torch.manual_seed(training.steps)
    rng = np.random.default_rng(1000 + training.steps)
    count = options.batch // (2 if options.energy else 1)
    corpora = open_corpora(options.state, options.corpora)
    if training.steps == 0:
        training.set_scale(*mel_scale(corpora, rng))
    opened = time.monotonic()
    end = opened + 60 * options.minutes
    sums = np.zeros(len(MEASURED))
    while run.goes_on(end):
        if time.monotonic() - opened > REOPEN_S:
            corpora = open_corpora(options.state, options.corpora)
            opened = time.monotonic()
        if options.decay:
            training.fall = max(0.02, (end - time.monotonic()) / (60 * options.minutes))
        sums += training.step(*batch(corpora, rng, count))
        if training.steps % 50 == 0:
            values = dict(zip(MEASURED, sums / 50, strict=True))
            run.log(step=training.steps, **values)
            sums[:] = 0
        run.save_now_and_then(training.state)
    run.save_now_and_then(training.state, force=True)


if __name__ == "__main__":
    main()
