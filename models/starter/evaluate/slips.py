"""Count the sentences in which the language model repeats, drops or cuts something.

    python -m models.starter.evaluate.slips --pack PACK en zh

Speech tokens say which phone they are (corpora/tokens.py), so no recognizer is needed:
the phones that the product's language model says are compared with those of the text.
Two or more phones in a row too many are a repeat, too few a dropped word, and at the
end a cut. Each of the 100 sentences is said with several seeds.
"""

from __future__ import annotations

import argparse
import difflib
import json
from pathlib import Path

from models.starter.corpora import readings, tokens
from models.starter.corpora.piece import SILENCE, SPACE
from models.starter.evaluate.product import Product
from models.starter.evaluate.sentences import first_list, spread

LONGEST_SLIP = 1  # phones: what is not longer is a slip of a sound, not of a word


def wanted_phones(text_tokens: list[int], units: list[str]) -> list[str]:
    """Return the phones that text tokens stand for, without silences."""
    said = [units[token] for token in text_tokens][1:-1]
    silent = (SILENCE, SPACE)
    return [p.phone for p in readings.pieces(said) if p.phone not in silent]


def slips(wanted: list[str], got: list[str]) -> set[str]:
    """Name what went wrong: any of "repeat", "drop" and "cut"."""
    found = set()
    blocks = difflib.SequenceMatcher(None, wanted, got, autojunk=False)
    for kind, i, j, m, n in blocks.get_opcodes():
        if kind == "equal":
            continue
        more = (n - m) - (j - i)
        if more > LONGEST_SLIP:
            found.add("repeat")
        elif max(j - i, n - m) > LONGEST_SLIP:
            found.add("cut" if j == len(wanted) else "drop")
    return found


def main() -> None:
    """Read the options, decode and count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("languages", nargs="+", choices=("en", "zh", "mixed"))
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--speaker", default="heart")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", action="store_true", help="show what went wrong")
    options = parser.parse_args()
    product = Product(options.pack, options.speaker)
    units = tokens.vocabulary()
    for language in options.languages:
        counts = dict.fromkeys(("sentences", "wrong", "repeat", "drop", "cut"), 0)
        for sentence in spread(first_list(language), options.limit):
            text = sentence.text
            read_as = "en" if language == "en" else "zh"
            for seed in range(options.seeds):
                found: set[str] = set()
                for text_tokens, got in product.decode(text, read_as, seed):
                    wanted = wanted_phones(text_tokens, units)
                    said = tokens.phones_of(got)
                    wrong = slips(wanted, said)
                    found |= wrong
                    if options.show and wrong:
                        print(f"  {text}\n    {' '.join(wanted)}\n    {' '.join(said)}")
                counts["sentences"] += 1
                counts["wrong"] += bool(found)
                for kind in found:
                    counts[kind] += 1
        line = {"language": language, "speaker": options.speaker, **counts}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
