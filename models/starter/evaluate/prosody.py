"""Compare how long and how high a pack says its phones with the teacher's plan.

    python -m models.starter.evaluate.prosody en zh --pack models/starter/pack

Speech tokens name phones, how long each lasts and how high it is, and the alignment
holds the language model to the phones; so lengths and pitches can be compared one by
one, without making sound. A line of JSON a language: correlation of log lengths and
mean distance in tokens (20 ms); correlation and mean distance in classes (an eighth of
the speaker's range) of pitch, and correlation of its slope, which distinguishes tones.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from models.starter.corpora import readings, tokens
from models.starter.corpora.corpus import Sentence
from models.starter.corpora.tokens import Said, said_phones
from models.starter.evaluate.product import Product
from models.starter.evaluate.sentences import first_list, spread
from models.starter.evaluate.systems import NewFrames, Reader

SPEAKER = "heart"


class Planner:
    """What the teacher plans for a text."""

    def __init__(self, state: Path) -> None:
        self._reader = Reader(state)
        self._tokenizer = tokens.Tokenizer.open(state)

    def phones(self, text: str, language: str) -> list[Said]:
        """Return the phones of a text as the teacher would say them."""
        teacher, units = self._reader.read(text, language, SPEAKER)
        plan = teacher.plan(readings.pieces(units))
        if plan is None:
            raise ValueError(text)
        frames = NewFrames(SPEAKER, language, plan.hertz)
        sentence = Sentence(
            frames, 0, len(plan.hertz), plan.tokens, text, units, plan.segments
        )
        speech, _ = self._tokenizer.speech(sentence)
        return said_phones([int(token) for token in speech])


def compare(pairs: list[tuple[Said, Said]]) -> dict[str, float]:
    """Compare phones of the teacher with those of the pack, pair by pair."""
    lengths = np.array([[a.tokens, b.tokens] for a, b in pairs])
    voiced = [(a.pitches, b.pitches) for a, b in pairs if a.pitches and b.pitches]
    means = np.array([[np.mean(a), np.mean(b)] for a, b in voiced])
    slopes = np.array([[a[-1] - a[0], b[-1] - b[0]] for a, b in voiced])

    def correlation(rows: np.ndarray) -> float:
        return round(float(np.corrcoef(rows.T)[0, 1]), 3)

    def distance(rows: np.ndarray) -> float:
        return round(float(np.abs(rows[:, 0] - rows[:, 1]).mean()), 3)

    return {
        "phones": len(pairs),
        "length_correlation": correlation(np.log(lengths)),
        "length_distance": distance(lengths),
        "pitch_correlation": correlation(means),
        "pitch_distance": distance(means),
        "slope_correlation": correlation(slopes),
    }


def main() -> None:
    """Read the options, decode and compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("languages", nargs="+", choices=("en", "zh", "mixed"))
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    product = Product(options.pack, SPEAKER)
    planner = Planner(options.state)
    for language in options.languages:
        read_as = "en" if language == "en" else "zh"
        pairs: list[tuple[Said, Said]] = []
        skipped = 0
        for sentence in spread(first_list(language), options.limit):
            text = sentence.text
            decoded = product.decode(text, read_as, seed=1)
            got = [token for _, speech in decoded for token in speech]
            wanted, said = planner.phones(text, read_as), said_phones(got)
            if [a.phone for a in wanted] != [b.phone for b in said]:
                skipped += 1  # read in another way, as numbers and names may be
                continue
            pairs += zip(wanted, said, strict=True)
        line = {"language": language, "skipped": skipped, **compare(pairs)}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
