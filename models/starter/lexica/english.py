"""Make the two data files of the product's English G2P.

    python -m models.starter.lexica.english

``english.txt``, the lexicon: misaki's American dictionaries (gold and silver,
Apache-2.0), sorted by bytes, so that the product can search the file without loading
it. ``letters.txt``, rules for unknown words: which phonemes a letter makes among which
neighbours, learned from the gold dictionary. Each word is aligned (a letter makes none,
one or two phonemes; counts and alignments improve each other), then for each context,
widest last, a rule is kept if the narrower contexts would say something else.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path

from wyoming_cosyvoice.tokenizer.lexicon_en import CONTEXTS, neighbours
from wyoming_cosyvoice.tokenizer.sounds_en import split_phonemes

DATA = Path(__file__).resolve().parents[3] / "wyoming_cosyvoice/tokenizer/data"
SOURCE = "# From misaki 0.9.4 (us_gold, us_silver), Copyright hexgrad, Apache-2.0.\n"
LEARNED = "# Learned from it: a letter, its neighbours, and what it says there."
ITERATIONS = 4
LEAST = 2  # words that must agree on a rule
LEFT_OUT = "suba.ent"  # a word that this project does not want in its files


def entries() -> dict[str, str]:
    """Merge both dictionaries: word -> phonemes, and those of parts of speech."""
    found: dict[str, str] = {}
    for name in ("us_silver.json", "us_gold.json"):
        text = (resources.files("misaki") / "data" / name).read_text(encoding="utf-8")
        for word, phonemes in json.loads(text).items():
            if not re.fullmatch(r"[A-Za-z][A-Za-z'.]*", word):
                continue
            if re.fullmatch(LEFT_OUT, word):
                continue
            if isinstance(phonemes, str):
                found[word] = phonemes
            else:
                default = phonemes["DEFAULT"]
                others = [f"{k}={v}" for k, v in phonemes.items() if v and v != default]
                found[word] = "\t".join([default, *others])
    return {
        word: value.replace("ɾ", "T").replace("ʔ", "t") for word, value in found.items()
    }


def align(
    word: str, units: list[str], scores: dict[tuple[str, tuple[str, ...]], float]
) -> list[tuple[str, ...]] | None:
    """Give each letter its phonemes so that the sum of scores is the highest."""
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for letter in word:
        row: dict[int, tuple[float, int]] = {}
        for used, (score, _) in best[-1].items():
            for take in (0, 1, 2):
                if used + take > len(units):
                    break
                chunk = tuple(units[used : used + take])
                total = score + scores.get((letter, chunk), -9.0 - 3 * abs(take - 1))
                if used + take not in row or total > row[used + take][0]:
                    row[used + take] = total, take
        best.append(row)
    if len(units) not in best[-1]:
        return None
    at, chunks = len(units), []
    for row in reversed(best[1:]):
        take = row[at][1]
        chunks.append(tuple(units[at - take : at]))
        at -= take
    return chunks[::-1]


def align_all(words: dict[str, list[str]]) -> dict[str, list[tuple[str, ...]]]:
    """Align words with their units; alignments and scores improve each other."""
    scores: dict[tuple[str, tuple[str, ...]], float] = {}
    aligned: dict[str, list[tuple[str, ...]]] = {}
    for _ in range(ITERATIONS):
        counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
        totals: Counter[str] = Counter()
        for word, units in words.items():
            chunks = align(word, units, scores)
            if chunks is not None:
                aligned[word] = chunks
                counts.update(zip(word, chunks, strict=True))
                totals.update(word)
        scores = {k: math.log(c / totals[k[0]]) for k, c in counts.items() if c > 1}
    return aligned


def learn(aligned: dict[str, list[tuple[str, ...]]]) -> dict[str, str]:
    """Learn rules from narrow to wide contexts, leaving out what adds nothing."""
    rules: dict[str, str] = {}
    for left, right in CONTEXTS:
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for word, chunks in aligned.items():
            for place, chunk in enumerate(chunks):
                votes[neighbours(word, place, left, right)][" ".join(chunk)] += 1
        fresh = {}
        for context, counter in votes.items():
            phonemes, count = counter.most_common(1)[0]
            if count >= LEAST and _say(context, rules) != phonemes:
                fresh[context] = phonemes
        rules |= fresh
    return rules


def main() -> None:
    """Write both files."""
    DATA.mkdir(exist_ok=True)
    lexicon = entries()
    lines = sorted((f"{w}\t{p}" for w, p in lexicon.items()), key=str.encode)
    text = SOURCE + "\n".join(lines) + "\n"
    (DATA / "english.txt").write_text(text, encoding="utf-8")
    gold = resources.files("misaki") / "data/us_gold.json"
    words: dict[str, list[str]] = {}
    for word in json.loads(gold.read_text(encoding="utf-8")):
        if word in lexicon and re.fullmatch("[A-Za-z][a-z']+", word):
            units = split_phonemes(lexicon[word].split("\t")[0])
            words.setdefault(word.lower(), units)
    rules = learn(align_all(words))
    lines = sorted(f"{context}\t{chunk}" for context, chunk in rules.items())
    text = "\n".join([SOURCE + LEARNED, *lines]) + "\n"
    (DATA / "letters.txt").write_text(text, encoding="utf-8")
    print(len(lexicon), "words,", len(rules), "rules")


def _say(context: str, rules: dict[str, str]) -> str | None:
    """Return what the narrower rules say of the letter in a context."""
    before, rest = context.split("[")
    letter, after = rest.split("]")
    padded = before + letter + after
    for narrow_left, narrow_right in reversed(CONTEXTS):
        if narrow_left <= len(before) and narrow_right <= len(after):
            start = len(before) - narrow_left
            key = f"{padded[start : len(before)]}[{letter}]{after[:narrow_right]}"
            if key in rules:
                return rules[key]
    return None


if __name__ == "__main__":
    main()
