"""English number words."""

from __future__ import annotations

_SMALL = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen
    """.split()  # noqa: SIM905 - a list to be read and extended

_TENS = """
    x x twenty thirty forty fifty sixty seventy eighty ninety
    """.split()  # noqa: SIM905 - a list to be read and extended

_GROUPS = (
    "",
    " thousand",
    " million",
    " billion",
    " trillion",
    " quadrillion",
    " quintillion",
)
_MAX_DIGITS = 21

_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth",
    "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip

_HUNDRED = 100
_TWENTY = 20


def digits(text: str, zero: str = "zero") -> str:
    """Say each digit: ``203`` is two zero three."""
    words = [_SMALL[int(char)] for char in text if char.isdecimal()]
    return " ".join(zero if word == "zero" else word for word in words)


def cardinal(text: str) -> str:
    """Say an integer: ``1234`` is one thousand two hundred thirty four."""
    text = text.lstrip("0") or "0"
    if text == "0":
        return "zero"
    if len(text) > _MAX_DIGITS:
        return digits(text)
    groups = [int(text[max(0, end - 3) : end]) for end in range(len(text), 0, -3)]
    said = [
        _below_thousand(value) + _GROUPS[place]
        for place, value in reversed(list(enumerate(groups)))
        if value
    ]
    return " ".join(said)


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, _HUNDRED)
    said = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= _TWENTY:
        said.append(_TENS[rest // 10])
        rest %= 10
    if rest:
        said.append(_SMALL[rest])
    return " ".join(said)


def ordinal(text: str) -> str:
    """Say an ordinal: ``21`` is twenty first."""
    *rest, last = cardinal(text).split(" ")
    return " ".join([*rest, ordinal_word(last)])


def ordinal_word(word: str) -> str:
    """Make an ordinal of one number word."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"


def plural(words: str) -> str:
    """Make a plural of number words: decades and denominators."""
    return words[:-1] + "ies" if words.endswith("y") else words + "s"


def year(text: str) -> str:
    """Say a year: ``1999`` is nineteen ninety nine, ``2005`` two thousand five."""
    value = int(text)
    high, low = divmod(value, _HUNDRED)
    if value % 1000 == 0 or value < 1000 or 2000 <= value < 2010:
        return cardinal(text)
    if low == 0:
        return f"{cardinal(str(high))} hundred"
    if low < 10:
        return f"{cardinal(str(high))} oh {_SMALL[low]}"
    return f"{cardinal(str(high))} {cardinal(str(low))}"


def military(text: str) -> str:
    """Say a time of four digits: ``0800`` is oh eight hundred, ``1430`` fourteen thirty."""
    hours, minutes = text[:2], text[2:]
    said = f"oh {_SMALL[int(hours[1])]}" if hours[0] == "0" else cardinal(hours)
    if minutes == "00":
        return f"{said} hundred"
    return f"{said} {f'oh {_SMALL[int(minutes[1])]}' if minutes[0] == '0' else cardinal(minutes)}"


def pairs(text: str) -> str:
    """Say a number of a house or a room: ``221`` is two twenty one."""
    is_said_in_pairs = len(text) in (3, 4) and text[0] != "0"
    if not is_said_in_pairs:
        return digits(text) if len(text) > 2 else cardinal(text)
    head, tail = cardinal(text[:-2]), text[-2:]
    if tail == "00":
        return f"{head} hundred"
    if tail[0] == "0":
        return f"{head} oh {_SMALL[int(tail[1])]}"
    return f"{head} {cardinal(tail)}"
