"""English heteronyms, resolved by the words around them.

"Close the door" and "close to the door": words of the sentence that decide the reading
are listed here; otherwise a word after "to", a pronoun or an auxiliary, or at the start
of an imperative, is a verb, and anything else a noun or an adjective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.tokenizer.context_en import (
    AFTER_ORDER,
    BE,
    DEGREE,
    HAVE,
    MARKS,
    NUMBERS,
    PAST,
    Context,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _minute(c: Context) -> str:
    small = (
        "amount amounts detail details quantity quantities change changes difference "
        "differences trace traces particle particles crack cracks hole holes fraction "
        "portion scale piece pieces movement movements variations"
    )
    counted = "a the one per each every this that last next first final another"
    is_plain = c.after(counted) or c.at(-1) in NUMBERS or c.begins
    follows_many = c.at(1).endswith("s") and not c.next_in("is was has this")
    if follows_many and not is_plain:
        return "mInˈut"
    return "mInˈut" if c.next_in(small) or c.after("extremely") else "mˈɪnət"


def _close(c: Context) -> str:
    near = (
        "to by enough together friend friends call attention range relative relatives "
        "contact proximity behind relationship look second race shave up"
    )
    if c.next_in("up") and (c.is_verb or c.begins):
        return "klˈOz"
    if c.next_in(near) and not (c.is_verb and c.next_in("up")):
        return "klˈOs" if not c.after("to will please must can't") else "klˈOz"
    if c.at(-1) in BE | DEGREE or c.after("stay come comes came keep sit stand a"):
        return "klˈOs"
    return "klˈOz"


def _read(c: Context) -> str:
    before = c.at(-1)
    between = ("not", "just", "i", "you", "we", "they", "he", "she", "it", "anyone")
    is_perfect = before in HAVE or (c.at(-2) in HAVE and before in between)
    is_past = before in ("he", "she", "it") or (
        before in ("i", "we", "they", "you", "who") and not PAST.isdisjoint(c.words)
    )
    return "ɹˈɛd" if is_perfect or is_past or c.after("well") else "ɹˈid"


def _used(c: Context) -> str:
    if c.at(1) != "to":
        return "jˈuzd"
    known = c.at(2) in AFTER_ORDER or c.at(2).endswith("ing") or not c.at(2)
    is_custom = c.at(-1).startswith(("get", "got", "becom", "becam"))
    if c.at(-1) in BE and not is_custom and not known:
        return "jˈuzd"
    return "jˈuzd" if c.after("be been being") and not known else "jˈust"


def _live(c: Context) -> str:
    shown = (
        "music stream streaming tv television video broadcast concert show feed view "
        "camera audio performance event from radio sports match game coverage updates "
        "update wire wires chat band album recording data image picture stage traffic"
    )
    if c.next_in(shown) or c.after("go goes going went streaming broadcast watch"):
        return "lˈIv"
    is_life = c.is_verb or c.next_in("in with at near alone together longer forever by")
    people = c.after("people who parents grandparents kids children friends where")
    return "lˈɪv" if is_life or people else "lˈIv"


def _lead(c: Context) -> str:
    metal = (
        "pipe pipes paint poisoning acid battery batteries weight weights sheet solder "
        "level levels shot bullet bullets free glass"
    )
    is_metal = c.next_in(metal) or c.after("of contain contains molten pencil liquid")
    return "lˈɛd" if is_metal else "lˈid"


def _wind(c: Context) -> str:
    is_turned = c.next_in("up down back around through") and not c.after("the a this")
    return "wˈInd" if c.is_verb or is_turned else "wˈɪnd"


def _content(c: Context) -> str:
    is_glad = (
        c.at(-1) in BE
        or (c.at(-2) in BE and c.at(-1) in DEGREE | {"perfectly"})
        or c.after("feel feels felt seem seems seemed look looks looked perfectly")
        or (c.next_in("with") and not c.after("the this that"))
    )
    return "kəntˈɛnt" if is_glad else "kˈɑntɛnt"


def _bass(c: Context) -> str:
    fish = (
        "fish fishing sea caught catch lake grilled fillet fillets striped cook cooked "
        "eat ate largemouth river pond recipe oven fried bake baked lemon dinner grill"
    )
    return "bˈæs" if c.has(fish) else "bˈAs"


def _tear(c: Context) -> str:
    is_rip = (
        c.is_verb
        or c.next_in("up down apart off open it the along through")
        or (c.next_in("in") and not c.has("eye eyes cried cry crying"))
        or (c.after("and") and c.at(-2) == "wear")
    )
    return "tˈɛɹ" if is_rip else "tˈɪɹ"


def _tears(c: Context) -> str:
    return "tˈɛɹz" if c.next_in("up down apart off open the it") else "tˈɪɹz"


def _bow(c: Context) -> str:
    bent = c.next_in("down before politely when") or c.has("ship boat audience king")
    return "bˈW" if (c.is_verb and not c.has("arrow")) or bent else "bˈO"


def _use(c: Context) -> str:
    nouns = (
        "in of no the a any this that its energy water power electricity data your my "
        "for first heavy daily phone screen internet personal home single good "
        "everyday our their his her gas current fuel"
    )
    return "jˈus" if c.after(nouns) else "jˈuz"


def _wound(c: Context) -> str:
    turned = c.next_in("up down around") or c.after("i he she they we")
    return "wˈWnd" if turned else "wˈund"


def _row(c: Context) -> str:
    return "ɹˈW" if c.has("argument shouting furious blazing") else "ɹˈO"


def _sow(c: Context) -> str:
    return "sˈW" if c.has("pig pigs piglets farmer's") else "sˈO"


def _pair(verb: str, other: str) -> Callable[[Context], str]:
    return lambda c: verb if c.is_verb else other


def _mostly_verb(verb: str, other: str) -> Callable[[Context], str]:
    """Choose for verbs whose noun hardly ever follows another noun."""

    def choose(c: Context) -> str:
        # "panels produce heat", but "this produce is", "the sales increase was"
        before, after = c.at(-1), c.at(1)
        after_plural = len(before) > 3 and before[-1] == "s" and before[-2] not in "si'"  # noqa: PLR2004
        is_alone = not after or after in MARKS or after in BE | HAVE | {"of", "in"}
        return verb if c.is_verb or (after_plural and not is_alone) else other

    return choose


_CHOICES: dict[str, Callable[[Context], str]] = {
    "minute": _minute,
    "close": _close,
    "read": _read,
    "used": _used,
    "live": _live,
    "lead": _lead,
    "wind": _wind,
    "content": _content,
    "bass": _bass,
    "tear": _tear,
    "tears": _tears,
    "bow": _bow,
    "use": _use,
    "wound": _wound,
    "row": _row,
    "sow": _sow,
    "record": _pair("ɹəkˈɔɹd", "ɹˈɛkəɹd"),
    "present": _pair("pɹizˈɛnt", "pɹˈɛzᵊnt"),
    "object": _pair("əbʤˈɛkt", "ˈɑbʤəkt"),
    "project": _pair("pɹəʤˈɛkt", "pɹˈɑʤˌɛkt"),
    "permit": _mostly_verb("pəɹmˈɪt", "pˈɜɹmɪt"),
    "produce": _mostly_verb("pɹədˈus", "pɹˈOdˌus"),
    "import": _mostly_verb("ɪmpˈɔɹt", "ˈɪmpˌɔɹt"),
    "export": _mostly_verb("ɪkspˈɔɹt", "ˈɛkspˌɔɹt"),
    "refuse": _mostly_verb("ɹəfjˈuz", "ɹˈɛfjˌus"),
    "excuse": _pair("ɪkskjˈuz", "ɪkskjˈus"),
    "desert": _pair("dəzˈɜɹt", "dˈɛzəɹt"),
    "separate": _pair("sˈɛpəɹˌAt", "sˈɛpəɹət"),
    "estimate": _pair("ˈɛstəmˌAt", "ˈɛstəmət"),
    "duplicate": _pair("dˈupləkˌAt", "dˈupləkət"),
    "moderate": _pair("mˈɑdəɹˌAt", "mˈɑdəɹət"),
    "perfect": _pair("pəɹfˈɛkt", "pˈɜɹfəkt"),
    "increase": _mostly_verb("ɪnkɹˈis", "ˈɪnkɹˌis"),
    "decrease": _mostly_verb("dəkɹˈis", "dˈikɹˌis"),
    "contract": _pair("kəntɹˈækt", "kˈɑntɹˌækt"),
    "conduct": _mostly_verb("kəndˈʌkt", "kˈɑndˌʌkt"),
    "conflict": _pair("kənflˈɪkt", "kˈɑnflˌɪkt"),
    "contest": _pair("kəntˈɛst", "kˈɑntˌɛst"),
    "convert": _mostly_verb("kənvˈɜɹt", "kˈɑnvˌɜɹt"),
    "subject": _pair("səbʤˈɛkt", "sˈʌbʤɛkt"),
    "suspect": _pair("səspˈɛkt", "sˈʌspˌɛkt"),
    "rewind": _pair("ɹiwˈInd", "ɹˈiwˌInd"),
    "reject": _mostly_verb("ɹəʤˈɛkt", "ɹˈiʤˌɛkt"),
    "house": lambda _: "hˈWs",
}


def reading(words: Sequence[str], place: int) -> str | None:
    """Return the phonemes of a word of two readings; None for any other.

    ``words`` are those of the sentence in lower case, its marks among them.
    """
    choose = _CHOICES.get(words[place])
    return None if choose is None else choose(Context(words, place))
