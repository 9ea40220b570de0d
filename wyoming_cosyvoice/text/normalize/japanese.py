"""Japanese."""

from __future__ import annotations

from typing import ClassVar

from wyoming_cosyvoice.text.decisions import counters
from wyoming_cosyvoice.text.decisions.hyphens import HYPHENS
from wyoming_cosyvoice.text.normalize import numbers_han
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.money import Currency
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser, Words
from wyoming_cosyvoice.text.patterns import pattern

_ADDRESS = {
    ".": "ドット", "-": "ハイフン", "_": "アンダーバー", "/": "スラッシュ", "@": "アットマーク",
    ":": "コロン", "+": "プラス", "~": "チルダ", "=": "イコール", "%": "パーセント", "&": "アンド", "#": "シャープ",
}  # fmt: skip
_SIGNS = {
    "-": "マイナス", "+": "プラス", "×": "かける", "*": "かける", "÷": "わる", "/": "わる",
    "^": "の累乗", "=": "イコール", "≈": "約", "≠": "ノットイコール", "<": "小なり", ">": "大なり",
    "≤": "小なりイコール", "≥": "大なりイコール", "<=": "小なりイコール", ">=": "大なりイコール",
    "±": "プラスマイナス", "√": "ルート", "∞": "無限大",
}  # fmt: skip
_SYMBOLS = {
    "&&": "かつ", "||": "または",
    "&": "アンド", "@": "アット", "~": "約", "→": "、", "←": "、", "⇒": "、", "|": "、", "°": "度",
    "%": "パーセント", "+": "プラス", "/": " ", "α": "アルファ", "β": "ベータ", "γ": "ガンマ",
    "π": "パイ", "Ω": "オーム", "Δ": "デルタ", "∠": "角", "⊥": "垂直", "∥": "平行", "∵": "なぜなら", "∴": "よって", "§": "セクション", "∞": "無限大", "²": "二乗", "³": "三乗",
    "〒": "郵便番号", "¥": "円", "€": "ユーロ", "×": "バツ",
}  # fmt: skip
_SCALES = {
    "m": "百万", "b": "十億",
    "million": "百万", "billion": "十億", "thousand": "千", "trillion": "兆",
    "mn": "百万", "bn": "十億", "tn": "兆", "trn": "兆", "M": "百万", "B": "十億", "K": "千", "k": "千", "万": "万", "億": "億", "兆": "兆",
}  # fmt: skip
_PREFIXED = pattern(r"(?:時速|秒速|毎秒|毎時|毎分|華氏)$")
_ERAS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_WEEKDAYS = "月火水木金土日"
_KATAKANA = pattern("[ァ-ヺー]")


class Japanese(Verbaliser):
    """Japanese with numbers in kanji; how they are read is left to the model."""

    column = "ja"
    halves: ClassVar[dict[str, str]] = {"a": "午前", "p": "午後"}
    versus = "対"
    around_the_clock = "二十四時間、七日"
    numero = "ナンバー"
    name_joint = "の"
    verse = "{}章{}節"
    absolute = "{}の絶対値"
    of_stars = ("{}つ星", "星{}")
    power_form = "の{}乗"
    factorial_form = "{}の階乗"
    words = Words(
        "マイナス",
        "プラス",
        "プラスマイナス",
        "点",
        "から",
        "点",
        _SYMBOLS,
        _SIGNS,
        _ADDRESS,
        "以上",
        ("度", "分", "秒"),
        (("上昇", "低下"), ("上昇", "下落")),
    )

    def cardinal(self, text: str) -> str:
        return numbers_han.japanese(text)

    def digits(self, text: str) -> str:
        return numbers_han.digits(text)

    def code_digits(self, text: str) -> str:
        """Say the digits of a code: zero is ゼロ there."""
        return numbers_han.digits(text, "ゼロ")

    def ordinal(self, text: str) -> str:
        return self.cardinal(text) + "番目"

    def date(self, year: str, month: int, day: int) -> str:
        said = f"{self.cardinal(year)}年" if year else ""
        said += f"{self.cardinal(str(month))}月" if month else ""
        return said + (f"{self.cardinal(str(day))}日" if day else "")

    def clock(self, hour: int, minute: int, second: int | None, half: str) -> str:
        said = {"a": "午前", "p": "午後"}.get(half, "") if hour <= 12 else ""
        said += f"{self.cardinal(str(hour))}時"
        said += f"{self.cardinal(str(minute))}分" if minute else ""
        return said + (f"{self.cardinal(str(second))}秒" if second else "")

    def duration(self, hours: int, minutes: int, seconds: int) -> str:
        parts = ((hours, "時間"), (minutes, "分"), (seconds, "秒"))
        said = [self.cardinal(str(value)) + unit for value, unit in parts if value]
        return "".join(said) or "零秒"

    def say_era(self, match: Match, place: Place) -> str | None:
        """Say a year that is counted in an era: R7.12.1, H30年."""
        said = f"{_ERAS[match['era']]}{self.cardinal(match['y'])}"
        if match["mo"] is None:
            return said
        return f"{said}年{self.date('', int(match['mo']), int(match['d']))}"

    def say_page(self, match: Match, place: Place) -> str | None:
        """Say p. 25."""
        return self.range_of(list(filter(None, match.groups()))) + "ページ"

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        said = f"{self.cardinal(whole)}と" if whole else ""
        return f"{said}{self.cardinal(denominator)}分の{self.cardinal(numerator)}"

    def ratio(self, parts: list[str]) -> str:
        return "対".join(map(self.number, parts))

    def part_of(self, first: str, second: str, unit: str) -> str:
        if not unit:
            return self.fraction("", first, second)
        return f"{self.number(second)}{unit}中{self.number(first)}{unit}"

    def members(self, first: str, second: str, counter: str) -> str:
        return self.part_of(first, second, counter)[:-1]

    def rating(self, first: str, second: str) -> str:
        return f"{self.number(second)}点満点中{self.number(first)}点"

    def say_walk_off(self, match: Match, place: Place) -> str | None:
        """Say a score whose last inning was not played to its end: 5x-4."""
        first, second = match["a"], match["b"]
        written = f"{first}>{second}"
        if not place.has_meaning("score", HYPHENS, self.column, written):
            return None
        return f"{self.number(first)} X {self.versus}{self.number(second)}"

    def percent(self, numbers: list[str], mark: str) -> str:
        name = "パーミル" if mark == "‰" else "パーセント"
        return self.range_of(numbers) + name + ("ポイント" if len(mark) > 1 else "")

    def quantity(self, numbers: list[str], unit: str, *, is_temperature: bool) -> str:
        if is_temperature and len(numbers) > 1:
            said = [self.place_in(unit, self.number(number)) for number in numbers]
            return self.join_range(said)
        return self.place_in(unit, self.range_of(numbers))

    def say_quantity(self, match: Match, place: Place) -> str | None:
        """Say a quantity; 時速 is not said twice."""
        said = super().say_quantity(match, place)
        prefix = _PREFIXED.search(place.before(4))
        if said and prefix:
            return said.removeprefix(prefix.group())
        return said

    def per(self, thing: str) -> str:
        return "毎" + thing

    def amount_per(self, amount: str, measure: str) -> str:
        return f"{measure}あたり{amount}"

    def money(self, amount: str, scale: str, currency: Currency) -> str:
        whole, _, cents = amount.partition(".")
        cents = cents.rstrip("0")
        number = self.number(f"{whole or '0'}.{cents}" if cents else whole or "0")
        multiplied = self.multiplied(amount, scale)
        return (multiplied or number + _SCALES.get(scale, scale)) + currency.ja

    def say_decade(self, match: Match, place: Place) -> str | None:
        """Say 1990s as a decade; 90s may be seconds."""
        if match["y"] is None:
            return None
        return self.cardinal(match["y"]) + ("" if place.after(2) == "年代" else "年代")

    def short_year(self, text: str) -> str:
        return self.cardinal(text)

    def year(self, text: str) -> str:
        return self.cardinal(text)

    def counted(self, match: Match, place: Place) -> str | None:
        numbers = [match["a"], match["b"]] if match["b"] else [match["a"]]
        row = place.decide(counters.JAPANESE, self.column, "~".join(numbers))
        if row is None:
            return None
        say = self.digits if row.meaning == "digits" else self.cardinal
        joint = "時から" if row.meaning == "hours" else "から"
        return Said.because(joint.join(map(say, numbers)), row.reason)

    def phone(self, groups: list[str]) -> str:
        return "の".join(self.code_digits(group) for group in groups)

    def say_weekday(self, match: Match, place: Place) -> str | None:
        """Say a weekday in brackets after a date."""
        last = f"から{match['day2']}曜日" if match["day2"] else ""
        if match["day"] not in _WEEKDAYS:
            return None
        return f"{match['day']}曜日{last}" + ("、祝日" if match["holiday"] else "")

    def say_symbol(self, match: Match, place: Place) -> str:
        """Say a symbol; a dot between katakana words is not a pause."""
        is_name = _KATAKANA.match(place.before(1)) and _KATAKANA.match(place.after(1))
        if match.group() == "・":
            return "" if is_name else "、"
        return super().say_symbol(match, place)

    def address(self, text: str) -> str:
        return super().address(text).replace("零", "ゼロ")
