"""English words -> the phoneme units of the starter voice.

Heteronyms are resolved by their sentence (``heteronyms_en``). Other words are looked up
among names, then in two lexicons: as written, in lower case, or without an ending (-s,
-ed, -ing). Unknown words are split into two known words, spelled out if they look like
an acronym, read as a foreign word if they end like one, or letter by letter with
learned rules. Function words depend on the next sound: "the apple", "to Anna".

Phonemes are misaki's, as the voice's teachers know them: one character a sound (``A``
is the vowel of "day", ``ʤ`` the sound of "j"), a stress mark before its vowel.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from wyoming_cosyvoice.tokenizer import foreign_en, heteronyms_en, pinyin_en
from wyoming_cosyvoice.tokenizer.inflections_en import past, plural, present
from wyoming_cosyvoice.tokenizer.lexicon_en import Lexicon
from wyoming_cosyvoice.tokenizer.read_word import ReadWord
from wyoming_cosyvoice.tokenizer.sounds_en import (
    MAIN,
    PUNCTUATION,
    SIDE,
    SPACE,
    STRESS,
    VOWELS,
    full_vowel,
    split_phonemes,
    stress_fully,
    stressed,
)

# Dots belong to acronyms only: "U.S.", but not the end of "it is on."
_WORD = re.compile(r"[A-Za-z](?:\.[A-Za-z])+\.?|[A-Za-z]+(?:'[A-Za-z]+)*|[,.!?;:]")
# "TVs", "PC's": letters, and what makes them a plural or a possessive.
_INITIALS = re.compile(r"([A-Z]{2,5})'?s")
# "OpenAI", "YouTube", "eBay": the parts that capitals begin.
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:'[a-z]+)?")
_VOWEL = re.compile("[aeiouy]")
_LONGEST_ACRONYM = 5
_SHORTEST_PART = 3
_LONGEST_NAME = 4  # words
# Longer strings are neither words of the lexicon nor compounds: they are read in parts.
_LONGEST_WORD = 40
_KEPT_WORDS = 4096

# After these, a word with several readings is of the first of these kinds that it has.
_AFTER = (
    ("VBN VBD ADJ", "have has had was were been be is are i've you've we've they've"),
    ("VERB", "to will can could would should may might must do does did i you we they"),
    ("VERB", "don't didn't won't can't please let's and"),
    (
        "NOUN ADJ",
        "the a an my your his her our their this that some any no every new of",
    ),
)
_KIND_AFTER = {word: kinds.split() for kinds, words in _AFTER for word in words.split()}
# Said before a vowel, before a consonant.
_LITTLE = {"the": ("ði", "ðə"), "to": ("tʊ", "tə"), "a": ("ɐ", "ɐ"), "an": ("ɐn", "ɐn")}


def plain_letters(text: str) -> str:
    """Return text with its accents left out, each character in its place: "Jose"."""
    return "".join(
        _OTHER_LETTERS.get(char) or unicodedata.normalize("NFD", char)[0]
        if char > "\x7f"
        else char
        for char in text
    )


_OTHER_LETTERS = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "s", "æ": "e", "đ": "d"}


class EnglishG2P:
    """Reads English text; thread-safe."""

    def __init__(self) -> None:
        self._lexicon = Lexicon()
        # Words repeat, and each sentence is read twice: to count its tokens and to
        # speak it.
        self._kept = lru_cache(_KEPT_WORDS)(self._read)

    def to_units(self, text: str) -> list[str]:
        """Turn English text into phoneme units, words parted by a space unit.

        What is neither a letter nor punctuation parts words and is not spoken.
        """
        return [unit for word in self.words(text) for unit in word.units]

    def words(self, text: str) -> list[ReadWord]:
        """Read English text word by word, with a space before each word but the first.

        Punctuation is an entry of its own, whose place in the text is empty.
        """
        text = text.replace("’", "'")
        matches = list(_WORD.finditer(plain_letters(text)))
        words = [match.group() for match in matches]
        lower = [word.lower() for word in words]
        accented = [text[slice(*match.span())].lower() for match in matches]
        named = self._named(accented) | self._named(lower)
        read: list[list[str]] = []
        follower = ""  # the phonemes of the next word, empty before a pause
        for place in range(len(words) - 1, -1, -1):
            word = words[place]
            if word in PUNCTUATION:
                read.append([word])
                follower = ""
            else:
                before = lower[place - 1] if place else ""
                follower = (
                    named.get(place)
                    or heteronyms_en.reading(lower, place)
                    or self._in_context(word, before, follower)
                )
                read.append(split_phonemes(follower))
        found: list[ReadWord] = []
        for match, units in zip(matches, reversed(read), strict=True):
            start, end = match.span()
            if units and units[0] in PUNCTUATION:
                found.append(ReadWord(tuple(units), end, end))
            elif units:
                if found:
                    found.append(ReadWord((SPACE,), start, start))
                found.append(ReadWord(tuple(units), start, end))
        return found

    def _named(self, words: list[str]) -> dict[int, str]:
        """Find names of several words and words with accents; return their phonemes."""
        found: dict[int, str] = {}
        for place, word in enumerate(words):
            if place in found:
                continue
            longest = _LONGEST_NAME if self._lexicon.begins_name(word) else 1
            for count in range(min(longest, len(words) - place), 1, -1):
                phrase = " ".join(words[place : place + count])
                said = (self._lexicon.name(phrase) or "").split(" ")
                if len(said) == count:
                    found |= dict(enumerate(said, place))
                    break
            else:
                if not word.isascii() and (known := self._accented(word)):
                    found[place] = known
        return found

    def _accented(self, word: str) -> str | None:
        """Read a word in lower case whose accents say how; None if they do not."""
        plain = plain_letters(word)
        if known := self._lexicon.name(word):
            return known
        acutes = [place for place, letter in enumerate(word) if letter in "áéíóú"]
        is_known = self._lexicon.name(plain) or self._known(plain, "")
        if is_known or len(acutes) != 1 or not plain.isalpha():
            return None
        return foreign_en.read(plain, acutes[0])

    def read(self, word: str, before: str = "") -> str:
        """Return the phonemes of one word.

        ``before`` is the word in front of it, in lower case: "to record" differs from
        "the record".
        """
        if len(word) > _LONGEST_WORD:
            return self._sound_out_parts(word)
        return self._kept(word, before if before in _KIND_AFTER else "")

    def _read(self, word: str, before: str) -> str:
        plain = word.rstrip(".")
        if named := self._lexicon.name(plain.lower()):
            return named
        if plain.lower().endswith("'s") and not self._known(plain, before):
            return plural(self.read(plain[:-2]))
        if initials := _INITIALS.fullmatch(plain):
            return plural(self.read(initials[1]))
        parts = _CAMEL.findall(plain)
        if len(parts) > 1 and "".join(parts) == plain:
            known = self._look_up(plain) or self._lexicon.find_more(plain.lower())
            return known or self._join([self.read(part) for part in parts])
        if len(plain) > 1 and (plain.isupper() or "." in plain):
            return self._look_up(plain, before) or self._spell(plain)
        lower = plain.lower()
        return (
            self._known(plain, before)
            or (pinyin_en.read(lower) if plain[0].isupper() else None)
            or self._inflected(lower)
            or self._compound(lower)
            or foreign_en.read(lower)
            or (self.sound_out(lower) if _VOWEL.search(lower) else self._spell(lower))
        )

    def sound_out(self, word: str) -> str:
        """Read a word by its letters, with one main stress."""
        word = re.sub("[^a-z']", "", word.lower())
        units = [
            full_vowel(unit, word[place : place + 2])
            for place in range(len(word))
            for unit in self._lexicon.letter(word, place)
        ]
        main = [place for place, unit in enumerate(units) if unit[0] == MAIN]
        for place in main[1:]:
            units[place] = SIDE + units[place][1:]
        return stress_fully("".join(units), word)

    def _sound_out_parts(self, word: str) -> str:
        """Read a string that is too long for a word."""
        starts = range(0, len(word), _LONGEST_WORD)
        parts = [word[start : start + _LONGEST_WORD] for start in starts]
        return self._join([self.sound_out(part) for part in parts])

    def _in_context(self, word: str, before: str, follower: str) -> str:
        """Read a word; function words depend on the next sound."""
        lower = word.lower()
        if (
            lower in _LITTLE
            and (follower or lower == "the")
            and (word != "A" or not before)
        ):
            before_vowel, before_consonant = _LITTLE[lower]
            is_vowel = follower.lstrip(STRESS)[:1] in VOWELS
            return before_vowel if follower and is_vowel else before_consonant
        if word == "I":
            return "ˌI"
        phonemes = self.read(word, before)
        # A weak word at the start of a sentence is stressed a little more.
        is_weak = word[0].isupper() and not set(STRESS) & set(phonemes)
        return stressed(phonemes, SIDE) if is_weak else phonemes

    def _known(self, word: str, before: str) -> str | None:
        """Find a word in either lexicon, as it is written or in another case."""
        for form in dict.fromkeys((word, word.lower(), word.capitalize())):
            if found := self._look_up(form, before):
                return found
        return self._lexicon.find_more(word.lower())

    def _inflected(self, word: str) -> str | None:
        """Read a word by the word that it is a form of."""
        for ending, stems, say in (
            ("'s", (word[:-2],), plural),
            ("ies", (word[:-3] + "y",), plural),
            ("es", (word[:-1], word[:-2]), plural),
            ("s", (word[:-1],), plural),
            ("ed", (word[:-1], word[:-2], word[:-3]), past),
            ("ing", (word[:-3], word[:-3] + "e", word[:-4]), present),
        ):
            if word.endswith(ending):
                for stem in stems:
                    known = (
                        self._lexicon.name(stem)
                        or self._look_up(stem)
                        or self._look_up(stem.capitalize())
                        or self._lexicon.find_more(stem)
                    )
                    if known and len(stem) >= _SHORTEST_PART:
                        return say(known)
        return None

    def _compound(self, word: str) -> str | None:
        """Read a word as two known words, the second with less stress."""
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            first, second = self._look_up(word[:cut]), self._look_up(word[cut:])
            if first and second:
                return first + second.replace(MAIN, SIDE)
        return None

    @staticmethod
    def _join(parts: list[str]) -> str:
        """Make one word of the parts of a camel-cased one, stressed on the first."""
        rest = "".join(part.replace(MAIN, SIDE) for part in parts[1:])
        return stressed(parts[0] + rest, MAIN)

    def _spell(self, letters: str) -> str:
        """Name the letters of an acronym; long ones with a vowel are read as words."""
        plain = [letter for letter in letters.upper() if letter.isalpha()]
        if len(plain) > _LONGEST_ACRONYM and set(plain) & set("AEIOU"):
            return self.read("".join(plain).lower())
        names = [self._look_up(letter) or "" for letter in plain]
        quiet = "".join(name.replace(MAIN, SIDE) for name in names[:-1])
        return quiet + stressed(names[-1].replace(SIDE, ""), MAIN)

    def _look_up(self, word: str, before: str = "") -> str | None:
        """Find a word as it is spelled; what precedes chooses between readings."""
        readings = self._lexicon.find(word)
        if not readings:
            return None
        others = dict(reading.split("=") for reading in readings[1:])
        kinds = _KIND_AFTER.get(before, [])
        return next((others[kind] for kind in kinds if kind in others), readings[0])
