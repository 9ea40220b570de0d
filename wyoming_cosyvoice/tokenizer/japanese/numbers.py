"""Numbers in kanji with their counters, by rule: 七時 シチジ, 三本 サンボン.

A dictionary of words cannot have them all. A number is read as far as its last figure;
that, the counter and the figure decide together how both sound.
"""

from __future__ import annotations

import re

from wyoming_cosyvoice.tokenizer.japanese.counters import COUNTERS, WHOLE, Counter

_DIGITS = dict(
    zip(
        "〇零一二三四五六七八九",
        "ゼロ レー イチ ニ サン ヨン ゴ ロク ナナ ハチ キュー".split(),  # noqa: SIM905
        strict=True,
    )
)
# One by one, as in telephone numbers, two and five are long.
_SPELT = _DIGITS | {"零": "ゼロ", "二": "ニー", "五": "ゴー"}
_UNITS = {"十": "ジュー", "百": "ヒャク", "千": "セン"}
_LARGE = {"万": "マン", "億": "オク", "兆": "チョー"}
_SHORT = {"一": "イッ", "八": "ハッ", "十": "ジュッ"}
"""Before テン, the point."""
# Figure and unit that grow together.
_TOGETHER = {
    "三百": "サンビャク", "六百": "ロッピャク", "八百": "ハッピャク", "三千": "サンゼン", "八千": "ハッセン",
    "一兆": "イッチョー", "八兆": "ハッチョー", "十兆": "ジュッチョー",
}  # fmt: skip

# What begins with a figure, but is a word of the dictionary.
_WORDS = re.compile(
    "一(?:番(?![線目乗ホ号])|部(?!屋)|度(?![°目])|時(?!間|[半台頃ご〇零一二三四五六七八九十]|を|に(?!的))|般|緒|応|見|層|覧|方|際"
    "|括|定|致|連|切|家|員|瞬|種|段|生|杯飲|体(?!ず)|面|気|軒家|戸|日中|人暮)"
    "|三(?:日月|つ葉|角|味|脚)|四(?:季|角|国|隅)|五(?:感|目)|七(?:夕|草)|八(?:百屋|つ当)|十(?:字|二支|代)"
    "|百(?:科|貨)|千(?:葉|代)|万(?:年筆|一|能|博)|億劫|兆し"
)
_TEN_MINUTES_BEFORE = re.compile(r"(?:時|約|あと|残り|後|およそ|わずか|だいたい)\Z")
_TEN_MINUTES_AFTER = re.compile(
    "後|間|前|ほど|くらい|ぐらい|程度|以内|以上|おき|ごと|毎|だけ|経|待|休|遅|早|延|たっ|たつ|タイマー|で(?:着|終|で|焼|出)|の(?:タイマー|アラーム|遅|休)|かか|焼|煮|茹|加熱|です"
)
_FIGURE = "[〇零一二三四五六七八九十百千万億兆]"
_NUMBER = re.compile(f"{_FIGURE}+(?:点[〇零一二三四五六七八九]+)?")
_BEFORE_NAME = re.compile("[一-鿿々]\\Z")
_AFTER_NAME = re.compile("[一-鿿々]")
_SHORT_AFTER_TEN = re.compile("[カ-コサ-ソタ-トパピプペポ]")
_SHORT_AFTER_SIX = re.compile("[カ-コ]")
_NUMBER_OR_WHICH = re.compile(f"{_FIGURE}|何")
_LONGEST_COUNTER = max(map(len, COUNTERS))
_LONGEST_WHOLE = max(map(len, WHOLE))


def find(text: str) -> dict[int, tuple[int, str]]:
    """Return where the numbers of a text begin, to where they end, how they are said."""
    found: dict[int, tuple[int, str]] = {}
    place = 0
    while match := _NUMBER_OR_WHICH.search(text, place):
        place = match.start()
        read = _at(text, place)
        if read is None:
            skipped = _WORDS.match(text, place) or _NUMBER.match(text, place)
            place = skipped.end() if skipped else place + 1
        else:
            found[place] = read
            place = read[0]
    return found


def _at(text: str, start: int) -> tuple[int, str] | None:
    if _WORDS.match(text, start):
        return None
    match = _NUMBER.match(text, start)
    whole = _whole(text, start)
    if whole or match is None:
        return whole
    counter = _counter(text, match.end())
    return _counted(text, match, counter) if counter else _alone(text, match)


def _counted(text: str, match: re.Match[str], counter: str) -> tuple[int, str] | None:
    """Read a number with its counter; 十分 may be a word."""
    number, end = match.group(), match.end() + len(counter)
    if number == "十" and counter == "分" and not _is_ten_minutes(text, match.start()):
        return None
    if number == "一" and counter == "日":
        is_date = text[: match.start()].endswith("月")
        return end, "ツイタチ" if is_date else "イチニチ"
    if counter == "分" and re.match(f"の{_FIGURE}", text[end:]):
        return end, cardinal(number) + "ブン"  # 三分の一
    said = with_counter(number, COUNTERS[counter])
    return (end + 1, said + "ゴ") if text[end : end + 1] == "後" else (end, said)


def _alone(text: str, match: re.Match[str]) -> tuple[int, str] | None:
    """Read a number without a counter, if it is not part of a name: 一郎, 三鷹."""
    number, end = match.group(), match.end()
    is_name = len(number) == 1 and (
        _BEFORE_NAME.search(text[: match.start()]) or _AFTER_NAME.match(text, end)
    )
    if is_name:
        return None
    said = cardinal(number)
    # 十パーセント ジュッパーセント, 六キロ ロッキロ.
    is_short = (number[-1] == "十" and _SHORT_AFTER_TEN.match(text, end)) or (
        number[-1] == "六" and _SHORT_AFTER_SIX.match(text, end)
    )
    return end, said[:-1] + "ッ" if is_short else said


def _whole(text: str, start: int) -> tuple[int, str] | None:
    for length in range(_LONGEST_WHOLE, 1, -1):
        said = WHOLE.get(text[start : start + length])
        if said and len(text[start : start + length]) == length:
            return start + length, said
    return None


def _counter(text: str, place: int) -> str:
    lengths = range(_LONGEST_COUNTER, 0, -1)
    return next(
        (
            text[place : place + n]
            for n in lengths
            if text[place : place + n] in COUNTERS
        ),
        "",
    )


def _is_ten_minutes(text: str, start: int) -> bool:
    before = _TEN_MINUTES_BEFORE.search(text[:start])
    return bool(before or _TEN_MINUTES_AFTER.match(text, start + 2))


def with_counter(number: str, counter: Counter) -> str:
    """Say a number with its counter."""
    before, last = cardinal(number), number[-1]
    figure = "" if "点" in number else counter.figures.get(last, "")
    if last == "三" and counter.three:
        return before + counter.three
    if last == "四" and counter.three and counter.three == counter.short:
        return before + counter.three  # ヨンプン
    if not figure:
        return before + counter.said
    if last == "百":  # ヒャク, ビャク or ピャク
        before = before.removesuffix("ク") + "ッ"
    else:
        before = before.removesuffix(cardinal(last)) + figure
    return before + (counter.short or counter.said)


def cardinal(number: str) -> str:
    """Say a number in kanji; without units its figures are said one by one."""
    whole, _, decimals = number.partition("点")
    if len(whole) > 1 and not set(whole) & set("十百千万億兆"):
        said = "".join(_SPELT[digit] for digit in whole)
    else:
        said = _units(whole)
    if not decimals:
        return said
    tail = "".join(_SPELT[digit] for digit in decimals[:-1]) + _DIGITS[decimals[-1]]
    before = said + "ー" if whole[-1] in "二五" else said
    point = "レーテン" if whole in ("零", "〇") else f"{before}テン"
    if whole[-1] in "一八十":
        point = f"{before.removesuffix(_last(whole))}{_SHORT[whole[-1]]}テン"
    return point + tail


def _last(whole: str) -> str:
    return _DIGITS.get(whole[-1]) or _UNITS[whole[-1]]


def _units(whole: str) -> str:
    said, place = "", 0
    while place < len(whole):
        pair = whole[place : place + 2]
        if pair in _TOGETHER:
            said += _TOGETHER[pair]
            place += 2
            continue
        sign = whole[place]
        said += _DIGITS.get(sign) or _UNITS.get(sign) or _LARGE[sign]
        place += 1
    return said
