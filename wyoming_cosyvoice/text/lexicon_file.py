"""The user's ``lexicon.txt``, as an editor reads, checks and saves it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import BadParameter, ConfigError, Conflict
from wyoming_cosyvoice.files import replace_file
from wyoming_cosyvoice.text.lexicon import MAX_BYTES, Lexicon, read_file
from wyoming_cosyvoice.text.lexicon_lines import parse, word_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.text.lexicon_lines import Problem


@dataclass(frozen=True, slots=True)
class LexiconText:
    """A lexicon as it is written, and what is understood of it."""

    text: str
    words: int
    """How many of its words are used."""

    problems: Sequence[Problem]
    """Lines that are left out; line 0 is the file as a whole."""

    @property
    def revision(self) -> str:
        """What differs as soon as the text does."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def check(text: str) -> LexiconText:
    """Return what is understood of a lexicon that is not saved."""
    lexicon = Lexicon.from_text(text)
    return LexiconText(text, len(lexicon), lexicon.problems)


def read(path: Path) -> LexiconText:
    """Return the saved lexicon; a file that cannot be read has no text, but a problem.

    Blocks while it reads.
    """
    try:
        text = read_file(path)
    except ConfigError:
        return LexiconText("", 0, Lexicon(path).problems)
    return check(text)


def merge(own: str, shared: str) -> str:
    """Return the lines of both; where both have a word, the shared line counts."""
    theirs, _ = parse(shared)
    kept = [line for line in own.splitlines() if word_of(line) not in theirs]
    return "\n".join([*kept, *shared.splitlines(), ""])


def save(path: Path, text: str, *, revision: str | None = None) -> LexiconText:
    """Replace the saved lexicon, whole or not at all; speech uses it from then on.

    Lines with problems are saved as well, for the user to mend.
    Raises: Conflict if the file is not as it was at ``revision``, BadParameter if the
    text is too long, ConfigError if the disk refuses it.
    """
    content = text.encode()
    if len(content) > MAX_BYTES:
        raise BadParameter(f"text is larger than {MAX_BYTES} bytes.", field="text")
    if revision is not None and read(path).revision != revision:
        raise Conflict(
            "The lexicon was changed by someone else meanwhile.",
            remedy="Load it again, then repeat your change.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)
    except OSError as error:
        raise ConfigError(
            f"{path.name} cannot be saved: {error.strerror or error}.",
            remedy="Check the free space and the permissions of the data folder.",
        ) from error
    return check(text)
