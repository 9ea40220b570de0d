"""Stage 3b: a listener of our own, which the flow learns from (``flow_heard.py``).

    nice -n 19 python models/starter/train/recogniser.py --minutes 6

It names the phone of each frame of a mel, from a tenth of a second to both sides: near
enough that it must hear the phone, and cannot guess it from the words. What it pays
attention to is what tells phones apart, which is little of what differs between mels.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import tokens
import torch
from crops import Crops
from data import CORPORA, Run, open_corpora
from features import HOP, SAMPLE_RATE, TOKEN_RATE
from torch import Tensor, nn
from torch.nn import functional

WIDTH, BLOCKS, TAPS = 192, 4, 5
# Of log mels, about: the network sees them with deviation 1.
MEAN, DEVIATION = -5.0, 2.3
NOISE = 0.6  # at most, in nats: what it hears shall not hang on single values
SMOOTHING = 0.1
RATE = 2e-3


class Hearing(nn.Module):
    """A convolution past which the frames go as well."""

    def __init__(self) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv1d(WIDTH, WIDTH, TAPS, padding=TAPS // 2),
            nn.BatchNorm1d(WIDTH),
            nn.SiLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C, T) -> (B, C, T)."""
        return x + self.block(x)


class Recogniser(nn.Module):
    """Mel to phones, frame by frame."""

    def __init__(self, phones: int) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.Conv1d(80, WIDTH, TAPS, padding=TAPS // 2), nn.BatchNorm1d(WIDTH)
        )
        self.blocks = nn.ModuleList(Hearing() for _ in range(BLOCKS))
        self.last = nn.Conv1d(WIDTH, phones, 1)

    def forward(self, mel: Tensor) -> tuple[list[Tensor], Tensor]:
        """Listen: mel (B, M, T) -> what it hears on the way (B, C, T), logits."""
        x = self.first((mel - MEAN) / DEVIATION)
        heard = []
        for block in self.blocks:
            x = block(x)
            heard.append(x)
        return heard, self.last(x)


def phones_at(said: Tensor, frames: int) -> Tensor:
    """Name the phone that sounds at each frame: tokens (B, N) -> (B, T)."""
    seconds = (torch.arange(frames) + 0.5) * HOP / SAMPLE_RATE + tokens.AHEAD_S
    places = (seconds * TOKEN_RATE).long().clamp(max=said.shape[1] - 1)
    return tokens.factors()[0][said[:, places]]


def phones() -> int:
    """Count the phones that ``phones_at`` may name."""
    return int(tokens.factors()[0].max()) + 1


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    network = Recogniser(phones())
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-2)
    run, rng = Run(options.state / "state", "recogniser"), np.random.default_rng(7)
    run.refuse_if_begun()
    corpora = open_corpora(options.state, options.corpora)
    ranges = torch.load(options.state / "state/flow.pt", weights_only=False)["ranges"]
    crops = Crops(corpora, tokens.Tokenizer.measure(corpora, ranges))
    started, steps, sums = time.monotonic(), 0, np.zeros(2)
    end = started + 60 * options.minutes
    while run.goes_on(end):
        left = (end - time.monotonic()) / (end - started)
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (steps + 1) / 100, max(left, 0.02))
        said, mel, _ = crops.batch(rng)
        wanted = phones_at(said, mel.shape[2])
        noise = torch.randn_like(mel) * torch.rand(len(mel), 1, 1) * NOISE
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            _, logits = network(mel + noise)
        loss = functional.cross_entropy(
            logits.float(), wanted, label_smoothing=SMOOTHING
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        steps += 1
        sums += loss.item(), (logits.argmax(1) == wanted).float().mean().item()
        if steps % 50 == 0:
            run.log(step=steps, loss=sums[0] / 50, right=sums[1] / 50)
            sums[:] = 0
    run.save_now_and_then(lambda: {"network": network.state_dict()}, force=True)


if __name__ == "__main__":
    main()
