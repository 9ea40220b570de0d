"""Speech tokens without a neural tokenizer: what the teacher's alignment says.

A token lasts 20 ms and is a triple: phone, how many more tokens the phone lasts (up to
about 12), and, if it is voiced, one of eight classes of pitch within the speaker's
range. Silence has a longer countdown and nothing else. The countdown makes the first
token of a phone choose its length, as a duration model would, and makes tokens almost
never repeat, which keeps the language model from losing its place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.starter.corpora import japanese
from models.starter.corpora.piece import PUNCTUATION, SILENCE, SPACE
from models.starter.corpora.readings import pieces
from models.starter.voices import NEAREST
from wyoming_cosyvoice.tokenizer import g2p_zh, sounds_en

if TYPE_CHECKING:
    from pathlib import Path

    from models.starter.corpora.corpus import Corpus, Sentence

UNVOICED = ("p t k f θ s ʃ ʧ h x p' pʰ' t' tʰ' k' kʰ' ʦ ʦʰ ʨ ʨʰ ꭧ ꭧʰ ʂ ɕ").split()
VOICED = (
    "b d v ð z ʒ ʤ ɡ m n ŋ l ɹ w j T A I O W Y i u æ ɑ ə ɛ ɪ ʊ ʌ ɔ ɜ "
    "ɻ ɥ a e o y ɤ ai au ei ou ɚ ɻ̩ ɹ̩"
).split()
# Of Japanese; behind the others, so that these keep their tokens.
LATER_UNVOICED, LATER_VOICED = ("ç", "ɸ"), ("ɯ",)
SILENCE_STEPS, UNVOICED_STEPS, VOICED_STEPS, PITCHES = 24, 12, 10, 8
# A voiced countdown is exact up to 7 tokens left, and says "9 to 11" or "12 or more"
# above.
VOICED_COUNTS = (0, 1, 2, 3, 4, 5, 6, 7, 9, 12)
TOKENS = 4096
# Audio and pitch of the teachers are earlier than the phone times that they report: the
# voice stops 60 ms before an "s" begins, in spoken and planned sentences alike. Tokens
# follow the phone times, and have the pitch of the earlier frames.
AHEAD_S = 0.06
# Silence before a sentence, in tokens: with less, a stop has no room for its closure.
LEAD = 5
# Silence after a sentence, in tokens: with less, the vocoder ends with a click.
TAIL = 8
BEGIN, END = "^", "$"


@dataclass(frozen=True, slots=True)
class PhoneTokens:
    """The tokens of a phone: longest countdown, classes of pitch, the first token."""

    steps: int
    pitches: int
    first: int


def _phones() -> dict[str, PhoneTokens]:
    """Place the tokens of the phones one after the other."""
    found, first = {SILENCE: PhoneTokens(SILENCE_STEPS, 1, 0)}, SILENCE_STEPS
    for names, steps, pitches in (
        (UNVOICED, UNVOICED_STEPS, 1),
        (VOICED, VOICED_STEPS, PITCHES),
        (LATER_UNVOICED, UNVOICED_STEPS, 1),
        (LATER_VOICED, VOICED_STEPS, PITCHES),
    ):
        for name in names:
            found[name] = PhoneTokens(steps, pitches, first)
            first += steps * pitches
    return found


PHONES = _phones()
_FIRST_COUNT = {
    SILENCE_STEPS: 0,
    UNVOICED_STEPS: SILENCE_STEPS,
    VOICED_STEPS: SILENCE_STEPS + UNVOICED_STEPS,
}
"""Where the countdowns of each length begin among the factors of tokens."""

Ranges = dict[str, tuple[float, float]]
RANGES = "ranges.json"
"""The file of a state directory that keeps the ranges for all stages."""

_INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s".split()
_FINALS = (
    "a ai an ang ao e ei en eng er i ia ian iang iao ie in ing iong iou o ong ou "
    "u ua uai uan uang uei uen ueng uo v van ve vn ê"
).split()


def vocabulary() -> list[str]:
    """List the text units; the place of a unit is its text token."""
    units = ["_", BEGIN, END, " ", *PUNCTUATION]
    units += [s + v for v in sorted(sounds_en.VOWELS) for s in ("", *sounds_en.STRESS)]
    units += sorted(sounds_en.CONSONANTS)
    units += [f"{initial}-" for initial in _INITIALS]
    units += [f"{final}{tone}" for final in _FINALS for tone in "12345"]
    return [*units, *japanese.UNITS]


def write_vocabulary(path: Path, rows: int) -> None:
    """Write one unit a line, and names for the rows that no unit uses."""
    units = vocabulary()
    units += [f"<unused {row}>" for row in range(len(units), rows)]
    path.write_text("\n".join(units) + "\n", encoding="utf-8")


def write_speech_phones(path: Path) -> None:
    """Write which phones the tokens name: of text by units, of speech in their order.

    The product keeps the language model to them (wyoming_cosyvoice/model/alignment.py).
    A Chinese final sounds otherwise after an initial, so pairs have entries of their
    own; pairs that are no syllable have none.
    """
    speech = [
        (
            phone,
            place.steps,
            place.pitches,
            [*VOICED_COUNTS] if place.pitches > 1 else [*range(place.steps)],
        )
        for phone, place in PHONES.items()
    ]
    units = vocabulary()
    finals = [unit for unit in units if unit[-1] in g2p_zh.TONES]
    initials = [unit for unit in units if unit.endswith("-")]
    groups: list[tuple[str, ...]] = [
        (unit,) for unit in units if unit not in ("_", *initials)
    ]
    groups += [(initial, final) for initial in initials for final in finals]
    ids = {unit: place for place, unit in enumerate(units)}
    text = {}
    for group in groups:
        try:
            found = [] if group[0] in (BEGIN, END) else pieces(list(group))
        except (KeyError, ValueError):  # no syllable
            continue
        phones = [p.phone for p in found if p.phone not in (SILENCE, SPACE)]
        if all(phone in PHONES for phone in phones):
            text[" ".join(str(ids[unit]) for unit in group)] = " ".join(phones)
    content = {"speech": speech, "lead": LEAD, "tail": TAIL, "text": text}
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def factors() -> np.ndarray:
    """Return phone, countdown and pitch of each token: int64 (3, 4096).

    The countdown of unvoiced phones and of silence, and the missing pitch, have values
    of their own, and so do unused tokens.
    """
    rows = np.zeros((3, TOKENS), np.int64)
    rows[0] = len(PHONES)
    rows[1] = sum(_FIRST_COUNT)
    rows[2] = PITCHES
    for number, place in enumerate(PHONES.values()):
        first_count = _FIRST_COUNT[place.steps]
        for count in range(place.steps):
            for pitch in range(place.pitches):
                token = place.first + count * place.pitches + pitch
                rows[0, token] = number
                rows[1, token] = first_count + count
                rows[2, token] = pitch if place.pitches > 1 else PITCHES
    return rows


@dataclass
class Said:
    """A phone: its name, tokens, and the pitch class of each voiced one."""

    phone: str
    tokens: int = 0
    pitches: list[int] = field(default_factory=list)


def said_phones(tokens: list[int]) -> list[Said]:
    """Group tokens by the phones that they stand for; silences are left out."""
    table = factors()
    names = [*PHONES, "?"]
    found: list[Said] = []
    before = -1, 0
    for token in tokens:
        phone, count, pitch = (int(x) for x in table[:, token])
        if phone != before[0] or count > before[1]:
            found.append(Said(names[phone]))
        found[-1].tokens += 1
        if pitch < PITCHES:
            found[-1].pitches.append(pitch)
        before = phone, count
    return [one for one in found if one.phone != SILENCE]


def phones_of(tokens: list[int]) -> list[str]:
    """Name the phones that tokens stand for, one name a phone, without silences."""
    return [one.phone for one in said_phones(tokens)]


@dataclass
class Tokenizer:
    """Turns aligned sentences into text tokens and speech tokens.

    ``ranges`` holds the lowest and highest log pitch of each speaker, and of those who
    begin as a copy of another one for each language, as ``zh_ivy``.
    """

    ranges: Ranges
    units: dict[str, int] = field(
        default_factory=lambda: {unit: place for place, unit in enumerate(vocabulary())}
    )

    @classmethod
    def measure(cls, corpora: list[Corpus], known: Ranges) -> Tokenizer:
        """Measure the ranges of pitch that are not ``known``: 1st and 99th percentile.

        What is known stays, however the corpora grow: the tokens depend on it. For
        a voice that begins as a copy of a known one, the language model chooses classes
        as for that one. So they are made as frequent: by a range for each language, in
        which its 5th and 95th percentiles have the places of the other's.
        """
        ranges = {name: (low, high) for name, (low, high) in known.items()}
        of_corpus = {(c.speaker, c.language): _log_pitch(c) for c in corpora}
        for speaker in {corpus.speaker for corpus in corpora} - ranges.keys():
            spoken = {
                tag: logs for (who, tag), logs in of_corpus.items() if who == speaker
            }
            nearest = NEAREST.get(speaker, "")
            if nearest not in known:
                low, high = np.percentile(np.concatenate([*spoken.values()]), (1, 99))
                ranges[speaker] = float(low), float(high)
                continue
            for language, logs in spoken.items():
                other = of_corpus[nearest, language]
                ranges[f"{language}_{speaker}"] = _same_places(
                    logs, other, known[nearest]
                )
        return cls(ranges)

    @classmethod
    def open(cls, state: Path) -> Tokenizer:
        """Read the ranges that a state directory keeps, if any."""
        path = state / RANGES
        return cls(
            json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        )

    def save(self, state: Path) -> None:
        """Keep the ranges in a state directory."""
        (state / RANGES).write_text(json.dumps(self.ranges) + "\n", encoding="utf-8")

    def text(self, sentence: Sentence) -> list[int]:
        """Return the text tokens, with the marks of begin and end."""
        return [self.units[unit] for unit in (BEGIN, *sentence.units, END)]

    def speech(self, sentence: Sentence) -> tuple[np.ndarray, np.ndarray]:
        """Return the speech tokens (N,), and for each the text token that it says."""
        N = sentence.tokens
        edges = _edges([end for _, _, end in sentence.segments], N)
        pitch = self._pitch(sentence)
        tokens, says = np.zeros(N, np.int64), np.zeros(N, np.int64)
        begin = 0
        for (phone, unit, _), end in zip(sentence.segments, edges, strict=True):
            place, left = PHONES[phone], np.arange(end - begin)[::-1]
            if place.pitches > 1:
                count = np.searchsorted(VOICED_COUNTS, left, side="right") - 1
                tokens[begin:end] = place.first + count * PITCHES + pitch[begin:end]
            else:
                tokens[begin:end] = place.first + np.minimum(left, place.steps - 1)
            if unit >= 0:
                says[begin:end] = unit + 1
            elif begin > 0:
                says[begin:end] = says[begin - 1]
            begin = end
        says[edges[-2] :] = len(sentence.units) + 1
        return tokens, says

    def _pitch(self, sentence: Sentence) -> np.ndarray:
        """Return the pitch class of each token, interpolated where unvoiced: (N,)."""
        hertz = sentence.pitch()
        voiced = np.flatnonzero(hertz > 0)
        if len(voiced) < 2:
            return np.full(sentence.tokens, PITCHES // 2)
        times = (np.arange(sentence.tokens) + 0.5) / 50 - AHEAD_S
        centres = times * 50 * len(hertz) / sentence.tokens - 0.5
        logs = np.interp(centres, voiced, np.log(hertz[voiced]))
        padded = np.pad(logs, 2, mode="edge")
        logs = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1)
        corpus = sentence.corpus
        low, high = (
            self.ranges.get(f"{corpus.language}_{corpus.speaker}")
            or self.ranges[corpus.speaker]
        )
        classes = np.floor((logs - low) / (high - low) * PITCHES)
        return np.clip(classes, 0, PITCHES - 1).astype(np.int64)


def _log_pitch(corpus: Corpus) -> np.ndarray:
    """Return the log pitch of a corpus where it is voiced, thinned out: (F,)."""
    hertz = corpus.pitches[:: max(1, len(corpus.pitches) // 200_000)]
    logs: np.ndarray = np.log(hertz[hertz > 0].astype(np.float32))
    return logs


def _same_places(
    logs: np.ndarray, other: np.ndarray, others_range: tuple[float, float]
) -> tuple[float, float]:
    """Return the range in which ``logs`` lie as ``other`` does in its range."""
    (low, high), (other_low, other_high) = (
        np.percentile(each, (5, 95)) for each in (logs, other)
    )
    scale = (high - low) / (other_high - other_low)
    begin, end = (low + (edge - other_low) * scale for edge in others_range)
    return float(begin), float(end)


def _edges(ends: list[float], tokens: int) -> np.ndarray:
    """Round the ends of phones to tokens, each phone at least one token long."""
    edges = np.rint(np.array(ends) * 50).astype(int)
    edges[-1] = tokens
    for i in range(1, len(edges)):
        edges[i] = max(edges[i], edges[i - 1] + 1)
    edges[-1] = tokens
    for i in range(len(edges) - 2, -1, -1):
        edges[i] = min(edges[i], edges[i + 1] - 1)
    return np.maximum(edges, 0)
