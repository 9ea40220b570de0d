"""The patterns by which the splitter finds the ends of sentences and clauses."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.patterns import any_of, pattern

ENDERS = "。！？｡!?"
CLOSERS = "」』”’》】）)]\"'»*_`~"
# A half-width ｡ without a word before it is a part of a face: (｡･ω･｡).
EVENT = pattern(r"[。！？!?.\n<｡](?:(?<!｡)|(?<=[\w)）」]｡))")
AFTER_ENDER = pattern(rf"[{ENDERS}.…~〜～♪]{{0,20}}[{re.escape(CLOSERS)}]{{0,8}}")
BLANKS = pattern(r"[^\S\n]{0,40}")
BLANK_LINES = pattern(r"\s{0,80}")
QUOTE_CONTINUES = pattern(r"と|って|、|，|,|な[ど。]")
CONTINUES = "，、,;；)）」』"
BLOCK_TAG = pattern(r"<(?:br|/p|/li|/h[1-6]|/div|/tr|hr)\b[^<>]{0,80}>", re.IGNORECASE)
OPEN_TAG = pattern(r"<[/a-zA-Z][^<>]{0,85}\Z|<\Z")
LINE_NUMBER = pattern(r"\s*[>(*_#\s-]{0,6}\d{1,3}")
FENCE = pattern(r"\s{0,3}(?:```|~~~)")
WORD_BEFORE = pattern("[A-Za-z\u00c0-\u024f\u0400-\u04ff.]{1,12}\\Z")
# The next part of an abbreviation in several: z. B., d. h., p. ej., т. д.
NEXT_PART = pattern(r"[^\W\d_]{1,2}\.")
NEXT_PART_CHARS = 3
PART_BEFORE = pattern(r"(?<![\w.])[^\W\d_A-Z]\.\s?\Z")
# 2025. 12. 1.(월) ~ 12. 5.: how offices in Korea write a date.
DATE_BEFORE = pattern(
    r"(?<![\d.,])(?:(?:19|20)\d\d|(?:19|20)\d\d\. ?\d{1,2}|[~-]\s?\d{1,2})\Z"
)
DATE_GOES_ON = pattern(r"\d{1,2}\.|\d{1,2}\Z")
DAY_BEFORE = pattern(r"\d{1,2}\. ?\d{1,2}\Z")
# What stands before an ordinal number in German, and before a title in Spanish.
ORDINAL_BEFORE = pattern(
    r"\b(?:der|die|das|dem|den|des|am|im|zum|zur|vom|beim)\s\d{1,3}\Z", re.IGNORECASE
)
TITLE_BEFORE = pattern(r"\b(?:el|al|del|un|los)\s\Z", re.IGNORECASE)
# What a sentence that is complete ends with: its ender, and marks or emoji behind it.
COMPLETE = pattern(rf"[{ENDERS}.…][^\w<{ENDERS}.…]{{0,20}}\Z")
TAG_BEGUN = pattern(
    rf"<(?:/|/?[a-zA-Z][\w:-]{{0,40}}(?:\s[^<>{ENDERS}.\n]{{0,80}})?)?\Z"
)
# What goes on behind a factorial: 5! = 120, 5! is 120.
FACTORIAL = pattern(r"(?<![A-Za-z])(?:[0-9]{1,4}|[nkmr]|\([0-9a-z +-]{1,9}\))\Z")
_VALUE = "值|结果|結果|末[尾位]|尾数|個位|个位|計算|求め"
OF_FACTORIAL = (
    rf"[的の嘅](?:{_VALUE})|表示|[はをが은는을를의](?=[^\W]|\s)|[除乘加减減]以?[0-9]"
)
# The factorial of a letter or of a term goes on in small letters, a number only in
# words of counting: (2n)! grows, there are 5! ways, but we scored 10! what a game.
_SUM = "[0-9]{0,3}[a-z] ?[-+] ?[0-9a-z]{1,3}"
FACTORIAL_OF_LETTER = pattern(
    rf"(?<![A-Za-z])(?:[nkmr]|\((?:{_SUM}|[0-9]{{1,3}}[a-z])\))\Z"
)
IN_SENTENCE = "[a-z]"
COUNTED = any_of("""
    ways permutations arrangements orderings combinations possible grows
    divides fits mod
""")
FACTORIAL_GOES_ON = pattern(
    rf"[=×÷≤≥≠(]|[*+/-]\s[0-9a-z(]|(?:is|equals)\s[0-9]|{COUNTED}\b|{OF_FACTORIAL}"
)
_OF_IS_OPEN = "[的の嘅][值结結末尾个個計求]?|表|[はをが은는을를의]|[除乘加减減]以?"
FACTORIAL_IS_OPEN = pattern(rf"(?:[*+/-]|[a-z]{{1,12}}|{_OF_IS_OPEN})\s?\Z")
# Characters after which a sentence without an end is cut at a comma: for text in CJK
# characters and for the others. The first is shorter, so that speech starts early.
LONG = (60, 170)
LONG_FIRST = (32, 100)
SHORTEST_CLAUSE = (8, 25)
# A colon before a number ends none: what stands before it says what the number is.
_COLON = r"：(?=\s?[^\s\d])|:(?=\s[^\s\d]|[^\x00-\x7f\d])"
CLAUSE_MARK = pattern(rf"[，；—]|[,;](?=\s|[^\x00-\x7f])|{_COLON}| [-–](?= )|、")
HARD_FACTOR = 4
WRAPPED_LINE = 40
LONGEST_BLANK = 80
