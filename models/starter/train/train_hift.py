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

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import torch
from data import Corpus, Run, open_corpora
from hift import Hift, HiftSizes, open_source_path
from spectra import Ear, distance
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

SEGMENT = 48  # frames
BATCH = 6
RATE = 1.5e-3


def batch(
    corpora: list[Corpus], rng: np.random.Generator, count: int
) -> tuple[torch.Tensor, ...]:
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


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path("/root/starter"))
    parser.add_argument("--corpora", nargs="+", default=["en_heart", "zh_heart"])
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--energy", action="store_true", help="the second part")
    parser.add_argument("--eager", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    network, ear = Hift(HiftSizes()), Ear()
    open_source_path(network)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(0.998))
    optimizer = torch.optim.AdamW(
        network.parameters(), options.rate, (0.8, 0.99), weight_decay=1e-3
    )
    run, step = Run(options.state / "state", "hift"), 0
    if found := run.load():
        network.load_state_dict(found["network"])
        average.load_state_dict(found["average"])
        optimizer.load_state_dict(found["optimizer"])
        step = found["step"]
        rng = np.random.default_rng(1000 + step)
        torch.manual_seed(step)
    spectrum = network.spectrum if options.eager else torch.compile(network.spectrum)

    def state() -> dict[str, object]:
        return {
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
        }

    corpora = open_corpora(options.state, options.corpora)
    opened = time.monotonic()
    end = opened + 60 * options.minutes
    sums = np.zeros(4)
    while run.goes_on(end):
        if time.monotonic() - opened > 600:  # the corpora may have grown
            corpora, opened = (
                open_corpora(options.state, options.corpora),
                time.monotonic(),
            )
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1.0, (step + 1) / 200)
        mel, pitch, samples = batch(
            corpora, rng, BATCH if options.energy else 2 * BATCH
        )
        found_pitch = network.f0_predictor(mel)
        pitch_loss = (found_pitch - pitch).abs().mean() / 100
        if options.energy:
            mel, pitch = torch.cat([mel, mel]), torch.cat([pitch, pitch])
        source = network.excite(pitch)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            magnitude, phase = spectrum(mel, network.analyse(source))
        made = network.synthesize(magnitude.float(), phase.float())
        heard = ear(samples)
        if options.energy:
            first, second = ear(made[:BATCH]), ear(made[BATCH:])
            near = (distance(first, heard) + distance(second, heard)) / 2
            apart = distance(first, second)
            loss = 2 * near - apart
        else:
            near = loss = distance(ear(made), heard)
            apart = torch.zeros(())
        loss = loss + 0.3 * pitch_loss
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        if step < 1000:  # an average of first steps is no use to anyone
            average.module.load_state_dict(network.state_dict())
        else:
            average.update_parameters(network)
        step += 1
        sums += [loss.item(), near.item(), apart.item(), pitch_loss.item()]
        if step % 50 == 0:
            names = ("loss", "near", "apart", "pitch")
            run.log(step=step, **dict(zip(names, sums / 50, strict=True)))
            sums[:] = 0
        run.save_now_and_then(state)
    run.save_now_and_then(state, force=True)


if __name__ == "__main__":
    main()
