"""What the teachers read: templates, sentences of Debian's packages, random words.

Templates have what a smart home says; the packages have the words and syllables that no
template has. They are only read aloud, and are not in this repository. Without
them (``download``) there are templates alone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import jieba

from models.starter.texts import cut, english, japanese, mandarin

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

PACKAGES = (
    *("fortunes", "fortunes-min", "wamerican", "manpages-zh"),
    *("libreoffice-help-en-us", "libreoffice-help-zh-cn", "libreoffice-help-ja"),
    *("installation-guide-amd64", "manpages-ja"),
)
FOLDERS = {
    "en": (
        "games/fortunes",
        "libreoffice/help/en-US",
        "doc/installation-guide-amd64/en",
    ),
    "zh": (
        "man/zh_CN",
        "libreoffice/help/zh-CN",
        "doc/installation-guide-amd64/zh_CN",
    ),
    "ja": (
        "man/ja",
        "libreoffice/help/ja",
        "doc/installation-guide-amd64/ja",
    ),
}
DICTIONARY = "dict/american-english"
CUTTERS = {"en": cut.english, "zh": cut.mandarin, "ja": cut.japanese}
TEMPLATES = {
    "en": english.from_template,
    "zh": mandarin.from_template,
    "ja": japanese.from_template,
}
SHARE_OF_TEXTS = {"en": 0.6, "zh": 0.3, "ja": 0.4}
LONGEST = {"en": 110, "zh": 27, "ja": 40}
"""Characters of a sentence to be spoken; plans may be longer."""
VARIED = {"template": 0.35, "text": 0.5, "words": 0.15}
JOINED = 0.5  # of the varied sentences are said in one breath with the next


def share(state: Path) -> Path:
    """Return where the packages of a state directory are unpacked."""
    return state / "texts/usr/share"


def download(state: Path) -> None:
    """Unpack Debian's packages into the state directory; nothing is installed.

    Raises: subprocess.CalledProcessError if a package cannot be had.
    """
    folder = state / "texts"
    if (share(state) / DICTIONARY).exists():
        return
    if shutil.which("apt-get") is None:
        print("No apt-get: sentences come from templates alone.")
        return
    folder.mkdir(parents=True, exist_ok=True)
    command = ["apt-get", "-qq", "download", *PACKAGES]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603
    # The dictionary last: it marks a folder that is whole.
    for path in sorted(folder.glob("*.deb"), key=lambda path: "wamerican" in path.name):
        subprocess.run(["dpkg-deb", "-x", path, folder], check=True)  # noqa: S603, S607


def sentences(
    language: str, state: Path, rng: random.Random, *, english: float
) -> Iterator[str]:
    """Yield sentences to be spoken, without end, never one twice.

    A share ``english`` of the sentences of another language get English words.
    """
    found = [s for s in _cut(language, state, rng) if len(s) <= LONGEST[language]]
    words = _english_words(state, rng)
    seen: set[str] = set()
    while True:
        is_cut = bool(found) and rng.random() < SHARE_OF_TEXTS[language]
        said = found.pop() if is_cut else TEMPLATES[language](rng)
        if rng.random() < english and not re.search("[A-Za-z]", said):
            said = with_english(said, rng, words)
        if said not in seen:
            seen.add(said)
            yield said


def varied_sentences(
    language: str, state: Path, rng: random.Random, *, english: float
) -> Iterator[str]:
    """Yield sentences to be planned: long, several in a breath, words in any order."""
    singles = _varied(language, state, rng, english)
    comma, stop = (", ", " ") if language == "en" else ("，", "")
    for single in singles:
        said = single
        while rng.random() < JOINED:
            if rng.random() < 0.5:
                said = said.rstrip(".。") + comma + next(singles)
            else:
                said += stop + next(singles)
        yield said


def _varied(
    language: str, state: Path, rng: random.Random, english: float
) -> Iterator[str]:
    found = _cut(language, state, rng)
    words = _english_words(state, rng)
    random_words = _random_words(language, state, rng)
    while True:
        kind = rng.choices(list(VARIED), list(VARIED.values()))[0]
        if kind == "text" and found:
            said = found.pop()
        elif kind == "words":
            said = random_words()
        else:
            said = TEMPLATES[language](rng)
        if rng.random() < english:
            said = with_english(said, rng, words)
        yield said


def with_english(said: str, rng: random.Random, words: list[str]) -> str:
    """Put an English word or two between two words of a Chinese sentence."""
    parts = list(jieba.cut(said))
    place = rng.randrange(len(parts))
    chosen = " ".join(rng.sample(words, rng.choice((1, 1, 2))))
    return "".join(parts[:place]) + f" {chosen} " + "".join(parts[place:])


def _cut(language: str, state: Path, rng: random.Random) -> list[str]:
    """Return the sentences of the packages' files, in random order."""
    folders = [share(state) / folder for folder in FOLDERS[language]]
    found = sorted({said for each in folders for said in CUTTERS[language](each)})
    rng.shuffle(found)
    return found


def _english_words(state: Path, rng: random.Random) -> list[str]:
    """Return words of a household, and as many others of a dictionary."""
    household = sorted({w for words in english.WORDS.values() for w in words})
    others = [w for w in _dictionary(state) if w.isalpha()]
    return household + rng.sample(others, min(len(others), len(household)))


def _dictionary(state: Path) -> list[str]:
    """Return the words of the English dictionary, if it is there."""
    path = share(state) / DICTIONARY
    words = path.read_text(encoding="utf-8").split() if path.exists() else []
    return [word for word in words if word.isascii()]


def _random_words(language: str, state: Path, rng: random.Random) -> Callable[[], str]:
    """Return what makes sentences of random words: rare sounds in any order."""
    if language == "ja":
        words = sorted({w for words in japanese.WORDS.values() for w in words})
        most, joint, marks, end = 6, "", ("", "と", "、"), "。"
    elif language == "zh":
        jieba.initialize()
        known = [w for w, count in jieba.dt.FREQ.items() if count > 20]
        words = sorted(w for w in known if re.fullmatch("[\u4e00-\u9fff]{2,4}", w))
        most, joint, marks, end = 7, "", ("", "", "，"), "。"
    else:
        known = _dictionary(state) or _english_words(state, rng)
        words = sorted(w for w in known if re.fullmatch("[a-z]{2,12}", w))
        most, joint, marks, end = 9, " ", ("", "", ","), "."

    def sentence() -> str:
        said = rng.sample(words, rng.randint(1, most))
        return joint.join(w + rng.choice(marks) for w in said).strip("，,") + end

    return sentence
