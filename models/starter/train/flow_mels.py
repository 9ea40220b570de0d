"""Stage 4b: what the flow makes of the teacher's tokens, for the vocoder to learn from.

    nice -n 19 python models/starter/train/flow_mels.py --hours 2

A mel of the flow is smoother than a recording's. A vocoder that has heard both learns
to put back what is missing (``train_hift.py --flow-mels``). The mels go into
``made.f16`` beside a corpus's ``mel.f16``, at the same places; zeros where none was
made. Each run starts over, with the flow as it is then.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import tokens
import torch
from data import CORPORA, Sentence, open_corpora
from export import FLOW_STEPS, read_state
from features import HOP, SAMPLE_RATE
from flow import Flow, FlowSizes
from torch import Tensor

HEAD_AND_TAIL = 20


@torch.no_grad()
def make(flow: Flow, said: np.ndarray, sentence: Sentence, guidance: float) -> Tensor:
    """Say tokens (N,) as inference would: log-mel (80, T)."""
    mu = flow.mean(torch.from_numpy(said)[None], sentence.frames, HEAD_AND_TAIL)
    voice = flow.voice(tokens.speakers()[sentence.corpus.speaker])
    noise = torch.randn(mu.shape)
    return flow.generate(mu, voice, noise, steps=FLOW_STEPS, guidance=guidance)[0]


def main() -> None:
    """Read the options and make the mels."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hours", type=float, required=True, help="of all corpora")
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--guidance", type=float, default=0.7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(5)
    flow = Flow(FlowSizes(), tokens.factors())
    flow.load_state_dict(read_state(options.state / "state", "flow"))
    flow.eval()
    corpora = open_corpora(options.state, options.corpora)
    kept = torch.load(options.state / "state/flow.pt", weights_only=False)
    tokenizer = tokens.Tokenizer.measure(corpora, kept["ranges"])
    goal = options.hours * 3600 * SAMPLE_RATE / HOP / len(corpora)
    rng = np.random.default_rng(5)
    for corpus in corpora:
        part = corpus.place / "made.part"
        shape = corpus.mels.shape
        made = np.memmap(part, np.float16, "w+", shape=shape)
        frames = 0
        for place in rng.permutation(len(corpus.training)):
            sentence = corpus.training[place]
            mel = make(flow, tokenizer.speech(sentence)[0], sentence, options.guidance)
            first = sentence.start
            made[first : first + sentence.frames] = mel.T.numpy()
            frames += sentence.frames
            if frames >= goal:
                break
        made.flush()
        part.replace(corpus.place / "made.f16")
        hours = frames * HOP / SAMPLE_RATE / 3600
        print(f"{corpus.place.name}: {hours:.2f} h", flush=True)


if __name__ == "__main__":
    main()
