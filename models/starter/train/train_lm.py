"""Stage 3: train the language model.

    nice -n 19 python models/starter/train/train_lm.py --minutes 30

Two things that the layout does not show decide whether it learns: the embeddings are
sums of what is known of a token (tables.py), and the first head of the upper blocks is
told which text token each speech token says, since the teacher knows.
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
from data import CORPORA, Corpus, Run, open_corpora
from language_model import LanguageModel, LmSizes
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

POSITIONS = 3000  # of a batch
GUIDED = (2, 3)  # blocks whose first head is told where to look
NOISE = 0.02  # of the input tokens are wrong, so that it learns to recover


class Examples:
    """Tokenized sentences, in batches of like length."""

    def __init__(self, corpora: list[Corpus], tokenizer: tokens.Tokenizer) -> None:
        voices = tokens.speakers()
        self.training, self.validation = [], []
        for corpus in corpora:
            for kept, chosen in (
                (self.training, corpus.training),
                (self.validation, corpus.validation),
            ):
                for number, sentence in enumerate(chosen):
                    # The voices differ in timbre only: one plan does for both.
                    speaker = corpus.speaker
                    if corpus.is_planned:
                        speaker = sorted(voices)[number % len(voices)]
                    text = torch.tensor(tokenizer.text(sentence))
                    speech, says = (
                        torch.from_numpy(x) for x in tokenizer.speech(sentence)
                    )
                    kept.append((text, speech, says, voices[speaker][0]))

    def batches(self, rng: np.random.Generator | None) -> list[list[tuple]]:
        """Group the training sentences at random, or the validation ones in order."""
        kept = self.training if rng is not None else self.validation
        jitter = (
            rng.uniform(0, 25, len(kept)) if rng is not None else np.zeros(len(kept))
        )
        lengths = np.array([len(text) + len(speech) + 4 for text, speech, *_ in kept])
        found: list[list[tuple]] = [[]]
        for place in np.argsort(lengths + jitter):
            if (len(found[-1]) + 1) * lengths[place] > POSITIONS:
                found.append([])
            found[-1].append(kept[place])
        if rng is not None:
            rng.shuffle(found)
        return [group for group in found if group]


def measure(
    network: LanguageModel, group: list[tuple], noise: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return cross-entropy, attention loss and right first tokens of phones."""
    texts = [text for text, *_ in group]
    speeches = [speech for _, speech, *_ in group]
    text = pad_sequence(texts, batch_first=True)
    voice = torch.stack([row[3] for row in group])
    encoded = network.encode_text(text)
    prefix = network.prefix(voice, encoded)  # (B, 3 + L, D), padded inside
    heads = torch.tensor([len(t) for t in texts])
    tails = torch.tensor([len(s) for s in speeches])
    width = int((heads + tails).max()) + 3
    speech = pad_sequence(speeches, batch_first=True)
    given = speech
    if noise:
        wrong = torch.rand(speech.shape) < noise
        given = torch.where(
            wrong, torch.randint(0, tokens.TOKENS, speech.shape), speech
        )
    embedded = network.speech_embedding(given)
    B, D = len(group), prefix.shape[2]
    # Text, task mark and speech follow each other without gaps.
    rows = prefix.new_zeros(B, width, D)
    targets = torch.full((B, width), -1)
    looks = torch.full((B, width), -1)
    stop = torch.tensor([tokens.TOKENS])
    for b in range(B):
        head, tail = int(heads[b]), int(tails[b])
        rows[b, : 2 + head] = prefix[b, : 2 + head]
        rows[b, 2 + head] = prefix[b, -1]
        rows[b, 3 + head : 3 + head + tail] = embedded[b, :tail]
        targets[b, 2 + head : 3 + head + tail] = torch.cat([speeches[b], stop])
        looks[b, 2 + head : 2 + head + tail] = group[b][2] + 2
    hidden, weights = network(rows)
    chosen = targets >= 0
    logits = network.llm_decoder(hidden[chosen]).float()
    target = targets[chosen]
    cross_entropy = functional.cross_entropy(logits, target)
    where = looks >= 0
    attention = sum(
        -weights[block][:, 0][where]
        .gather(1, looks[where][:, None])
        .clamp(min=1e-6)
        .log()
        .mean()
        for block in GUIDED
    ) / len(GUIDED)
    phones = tokens_phones()
    at_change = torch.zeros_like(chosen)
    for b in range(B):
        head, tail = int(heads[b]), int(tails[b])
        said = group[b][2]
        at_change[b, 3 + head : 2 + head + tail] = said[1:] != said[:-1]
    at_change = at_change[chosen]
    right = phones[logits[at_change].argmax(1)] == phones[target[at_change]]
    return cross_entropy, attention, right.float().mean()


_PHONES: list[torch.Tensor] = []


def tokens_phones() -> torch.Tensor:
    """Return the phone of each token, and of the stop: int64 (4097,)."""
    if not _PHONES:
        phones = tokens.factors()[0]
        _PHONES.append(torch.cat([phones, phones.max()[None] + 1]))
    return _PHONES[0]


def validate(network: LanguageModel, examples: Examples) -> list[float]:
    """Return the means of ``measure`` over the first validation batches."""
    network.eval()
    with torch.no_grad():
        found = [measure(network, g) for g in examples.batches(None)[::2][:8]]
    network.train()
    return [float(torch.stack(column).mean()) for column in zip(*found, strict=True)]


def opened_corpora(options: argparse.Namespace) -> list[Corpus]:
    """Open the corpora to learn from: those with sound, and those only planned."""
    return [
        *open_corpora(options.state, options.corpora),
        *open_corpora(options.state, options.corpora, "planned"),
    ]


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument(
        "--decay", action="store_true", help="let the rate fall to zero"
    )
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(2)
    network = LanguageModel(LmSizes(), tokens.factors())
    optimizer = torch.optim.AdamW(network.parameters(), options.rate, (0.9, 0.98))
    run, step = Run(options.state / "state", "lm"), 0
    ranges = {}
    if found := run.load():
        network.load_state_dict(found["network"])
        optimizer.load_state_dict(found["optimizer"])
        step, ranges = found["step"], found["ranges"]
        torch.manual_seed(step)
    rng = np.random.default_rng(2000 + step)
    corpora = opened_corpora(options)
    tokenizer = tokens.Tokenizer.measure(corpora, ranges)
    print(
        tokenizer.ranges, [(c.language, c.speaker, round(c.hours, 2)) for c in corpora]
    )

    def state() -> dict[str, object]:
        return {
            "network": network.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
            "ranges": tokenizer.ranges,
        }

    opened = time.monotonic()
    started, end = opened, opened + 60 * options.minutes
    examples = Examples(corpora, tokenizer)
    network.train()
    queue: list[list[tuple]] = []
    sums = np.zeros(3)
    while run.goes_on(end):
        if time.monotonic() - opened > 600:
            corpora, opened = opened_corpora(options), time.monotonic()
            examples, queue = Examples(corpora, tokenizer), []
        queue = queue or examples.batches(rng)
        part = (time.monotonic() - started) / (end - started) if options.decay else 0.0
        for group in optimizer.param_groups:
            fall = 0.5 + 0.5 * math.cos(math.pi * part)
            group["lr"] = options.rate * min(1.0, (step + 1) / 100) * fall
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            cross_entropy, attention, right = measure(network, queue.pop(), NOISE)
        loss = cross_entropy + 0.5 * attention
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        step += 1
        sums += [cross_entropy.item(), attention.item(), right.item()]
        if step % 25 == 0:
            names = ("loss", "attention", "right")
            line = dict(zip(names, sums / 25, strict=True))
            sums[:] = 0
            if step % 200 == 0:
                measured = validate(network, examples)
                line |= {f"val_{n}": v for n, v in zip(names, measured, strict=True)}
            run.log(step=step, **line)
        run.save_now_and_then(state)
    run.save_now_and_then(state, force=True)


if __name__ == "__main__":
    main()
