r"""Say the formulas that language models write in LaTeX: ``$x^2$``, ``\frac{1}{2}``.

A formula is found before Markdown takes its backslashes and underscores away, kept out
of sight until the language of its sentence is known, and then written in words. What
a formula has no words for is silent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import hidden
from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.normalize.formula_words import (
    ARGUMENT_KEPT,
    ARGUMENT_SILENT,
    COMMANDS,
    NAMES,
    STRUCTURES,
)
from wyoming_cosyvoice.text.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_GROUP = r"\{(?:[^{}\n]|\{[^{}\n]{0,100}\}){0,200}\}"
# A formula between dollars: no blank inside them, no letter or digit behind.
_DISPLAY = r"\$\$(?P<display>[^$]{1,600})\$\$"
_INLINE = (
    r"(?<![A-Za-z0-9$])\$(?P<inline>[^\s$](?:[^$\n]{0,300}[^\s$])?)\$(?![A-Za-z0-9$])"
)
_BRACKETED = r"\\\((?P<round>[^\n]{1,300}?)\\\)|\\\[(?P<square>[^$]{1,600}?)\\\]"
_FORMULA = pattern(f"{_DISPLAY}|{_INLINE}|{_BRACKETED}")
# A command outside of dollars, with its arguments. A colon before it begins a path.
_LOOSE = pattern(
    rf"(?<![A-Za-z:\\])\\(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})"
    rf"(?![A-Za-z])(?:\[[^\]\n]{{0,20}}\])?(?:{_GROUP}){{0,2}}"
)

# What is between dollars is a formula if it has a sign of one, or is a name or a
# number, and is not text with a price at both ends.
_HAS_SIGN = pattern(r"[\\^_=+<>≤≥≈|]|[0-9A-Za-z)]\s?[-*/]\s?[0-9A-Za-z(]")
_IS_NAME = pattern(r"[A-Za-z]{1,2}'?|-?[0-9]+(?:[.,][0-9]+)?|[A-Za-z]?\([^)]{1,30}\)")
_IS_TEXT = pattern(r"(?<![\\A-Za-z{])[A-Za-z]{3,}\s+[A-Za-z]{2,}")

_BEGIN, _END = "\ue004", "\ue005"
_HIDDEN = pattern(f"[ ]?{_BEGIN}([^{_BEGIN}{_END}]*){_END}[ ]?")
_TOKEN = pattern(r"\\[A-Za-z]+|\\.|[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+|\S")
_OPERATORS = frozenset("=<>≤≥≈≠+-*/×÷±(,[")
_OPERATOR_NAMES = frozenset(
    """
    le leq ge geq ne neq approx equiv times cdot div pm to in lt gt sim left
    """.split()  # noqa: SIM905 - a list to be read and extended
)
_DEEPEST = 20


def hide(text: str) -> str:
    """Put the formulas of clean text out of sight of the steps before ``say``."""
    if "$" in text or "\\" in text:
        text = _FORMULA.sub(_hidden, text)
    return _LOOSE.sub(_loose, text) if "\\" in text else text


def show(text: str) -> str:
    """Write hidden formulas as they arrived, for people to read."""
    if _BEGIN in text:
        text = text.replace(_BEGIN, "").replace(_END, "")
    return hidden.show(text)


def reveal(text: str) -> str:
    """Put hidden formulas back for languages that have no words for them."""
    return _HIDDEN.sub(lambda formula: f" {hidden.show(formula[1])} ", text)


def say(
    text: str, column: str, write: Callable[[str], str], changes: list[Token]
) -> str:
    """Write hidden formulas in words, which ``write`` puts in the script of the text.

    What was written and how it is said is added to ``changes``.
    """
    if _BEGIN not in text:
        return text

    def replace(formula: re.Match[str]) -> str:
        source = hidden.show(formula[1])
        said = _Speaker(source, column, write).spoken()
        changes.append(Token("formula", source, said))
        return f" {said} "

    return _HIDDEN.sub(replace, text)


def _hidden(formula: re.Match[str]) -> str:
    inner = formula[formula.lastgroup or 0]
    is_formula = _HAS_SIGN.search(inner) or _IS_NAME.fullmatch(inner)
    if formula.lastgroup == "inline" and (
        not is_formula or ("\\" not in inner and _IS_TEXT.search(inner))
    ):
        return formula.group()
    return f"{_BEGIN}{hidden.hide(inner)}{_END}"


def _loose(command: re.Match[str]) -> str:
    return f"{_BEGIN}{hidden.hide(command.group())}{_END}"


class _Speaker:
    """Reads the tokens of one formula from left to right."""

    def __init__(self, source: str, column: str, write: Callable[[str], str]) -> None:
        self._tokens = _TOKEN.findall(source)
        self._place = 0
        self._depth = 0
        self._column = column
        self._write = write

    def spoken(self) -> str:
        """Return all of the formula in words."""
        said = []
        while self._place < len(self._tokens):
            said.append(self._until("}"))
            self._place += 1
        return " ".join(filter(None, said))

    def _until(self, end: str) -> str:
        said: list[str] = []
        while self._place < len(self._tokens) and self._next() != end:
            said.append(self._term(is_first=not any(said)))
        return " ".join(filter(None, said))

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        sign = self._next()
        self._place += 1
        return sign

    def _argument(self) -> str:
        """Take what is in braces, or the next term without them."""
        return "" if self._next() in ("", "}") else self._term(is_first=True)

    def _option(self, begin: str) -> str:
        """Take an argument that may be missing: ``[3]``, ``_{i}``, ``^n``."""
        if self._next() != begin:
            return ""
        self._take()
        if begin != "[":
            return self._argument()
        said = self._until("]")
        self._take()
        return said

    def _term(self, *, is_first: bool) -> str:
        if self._depth == _DEEPEST:
            self._take()
            return ""
        self._depth += 1
        said = self._said(self._take(), is_first=is_first)
        self._depth -= 1
        return said

    def _said(self, sign: str, *, is_first: bool) -> str:
        if sign == "{":
            said = self._until("}")
            self._take()
            return said
        name = sign.lstrip("\\") if len(sign) > 1 else sign
        if sign in ("^", "_"):
            return self._raised() if sign == "^" else self._argument()
        if sign == "-" and (is_first or self._follows_sign()):
            return self._word(STRUCTURES["negative"])
        if sign.startswith("\\") or name in COMMANDS:
            return self._command(name)
        return sign if sign[0].isalnum() or sign in ",;:.!?" else ""

    def _follows_sign(self) -> bool:
        """Whether the token that was taken follows a sign, as in x = -3."""
        before = self._tokens[self._place - 2] if self._place > 1 else ""
        return before in _OPERATORS or (
            before.startswith("\\") and before[1:] in _OPERATOR_NAMES
        )

    def _raised(self) -> str:
        if "\\circ" in self._tokens[self._place : self._place + 2]:
            self._argument()
            return self._word(COMMANDS["degree"])
        power = self._argument()
        if power == self._word(COMMANDS["prime"]):
            return power
        name = f"^{power}" if power in ("2", "3") else "^"
        return self._word(STRUCTURES[name], a=power)

    def _command(self, name: str) -> str:
        if name in ARGUMENT_KEPT:
            return self._argument()
        if name in ARGUMENT_SILENT:
            self._argument()
            return ""
        if name == "sqrt":
            option = self._option("[")
            ending = "" if not option else "[3]" if option == "3" else "[]"
            words = STRUCTURES[name + ending]
            return self._word(words, a=self._argument(), b=option)
        if name in ("sum", "prod", "int", "lim"):
            low, high = self._option("_"), self._option("^")
            ending = "__" if low and high else "_" if low and name == "lim" else ""
            return self._word(STRUCTURES[name + ending], low=low, high=high)
        if name in STRUCTURES:
            first = self._argument()
            return self._word(STRUCTURES[name], a=first, b=self._argument())
        return self._word(COMMANDS.get(name, {}))

    def _word(self, words: dict[str, str], **parts: str) -> str:
        form = self._write(words.get(self._column, ""))
        return form.format(**parts) if "{" in form else form
