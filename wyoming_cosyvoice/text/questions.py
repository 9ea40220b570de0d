"""Which questions end with a rising voice: those that yes or no would answer.

In English an auxiliary comes first ("Is it open?"), a tag last ("It's open, isn't
it?"), or the word order is that of a statement ("You left it open?"). Questions for a
word ("When?") and for one of two things ("Tea or coffee?") fall. In Mandarin, those
with 吗 and those that only the mark makes questions rise; 吧, 呢, "A not A" and
questions for a word or a choice end as statements do.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import any_of, pattern
from wyoming_cosyvoice.text.scripts import ANY_HAN, HAN

_ASKED_FOR = pattern(any_of("what which who whose whom when where why how") + "(?:'s)?")
_AUXILIARY = any_of("""
    am is are was were do does did have has had can could will would shall should may
    might must ain't isn't aren't wasn't weren't don't doesn't didn't haven't hasn't
    hadn't can't couldn't won't wouldn't shouldn't mustn't
""")
_IS_AUXILIARY = pattern(_AUXILIARY)
# A question word may follow a few others: "And at what time?"
_OPENING_WORDS = 4
_WORD = pattern("[a-z]+(?:'[a-z]+)?")

_CLOSING = "[\"'”’）)\\]]*"
_IS_MARKED = pattern(rf"[?？]{_CLOSING}\s*$")
# Short sentences are said together: only the last one counts.
_EARLIER = pattern(rf"^.*[.!?。！？]{_CLOSING}\s+(?=\S)")
TITLE = pattern(r"\b(?:mr|mrs|ms|dr|st|prof)\.")

_PERSON = any_of("i you he she it we they there")
_TAG = pattern(
    rf",\s*(?:{any_of('right okay ok yes yeah no correct eh')}"
    rf"|{_AUXILIARY}\s+{_PERSON})\s*\?"
)
_NO_CHOICE = any_of("not so something anything")
_CHOICE = pattern(rf"\bor\b(?!\s+{_NO_CHOICE}\b)")

_ASKS_WITH_MA = pattern(f"[吗嗎]{_CLOSING}[?？]")
_ASKED_FOR_IN_CHINESE = any_of("""
    什么 什麼 甚么 谁 誰 哪 几 幾 多少 多[久长長大高远遠重快] 怎 为何 為何 何时 何時 啥
""")
_CHOICE_IN_CHINESE = any_of("还是 還是 或者 有没有 有沒有 是否 能否 可否")
_A_NOT_A = f"([{HAN}])[不没沒]\\1"
_FALLS_IN_CHINESE = pattern(
    f"[吧呢]{_CLOSING}[?？]|{_ASKED_FOR_IN_CHINESE}|{_CHOICE_IN_CHINESE}|{_A_NOT_A}"
)


def rises(source: str) -> bool:
    """Whether a sentence, as it is written, is a question that ends with a rise."""
    if not _IS_MARKED.search(source):
        return False
    text = TITLE.sub("", source.lower().replace("’", "'"))
    text = _EARLIER.sub("", text)
    if ANY_HAN.search(text):
        return bool(_ASKS_WITH_MA.search(text)) or not _FALLS_IN_CHINESE.search(text)
    return _rises_in_english(text)


def _rises_in_english(text: str) -> bool:
    if _TAG.search(text):
        return True
    opening = _WORD.findall(text)[:_OPENING_WORDS]
    if _CHOICE.search(text) or not opening:
        return False
    for word in opening:
        if _IS_AUXILIARY.fullmatch(word):
            return True
        if _ASKED_FOR.fullmatch(word):
            return False
    return True
