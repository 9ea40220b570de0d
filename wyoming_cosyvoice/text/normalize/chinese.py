"""Mandarin and Cantonese."""

from __future__ import annotations

from typing import ClassVar

from wyoming_cosyvoice.text.decisions import counters, magnitudes
from wyoming_cosyvoice.text.normalize import numbers_han
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.money import (
    CURRENCIES,
    HONG_KONG_DOLLAR,
    YUAN,
    Currency,
)
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser, Words
from wyoming_cosyvoice.text.patterns import pattern

_ADDRESS = {
    ".": "点", "-": "杠", "_": "下划线", "/": "斜杠", "@": "艾特", ":": "冒号", "+": "加",
    "~": "波浪线", "=": "等于", "%": "百分号", "&": "和", "#": "井号",
}  # fmt: skip
_SIGNS = {
    "-": "减", "+": "加", "×": "乘", "÷": "除以", "/": "除以", "*": "乘", "^": "的次方",
    "=": "等于", "≈": "约等于", "≠": "不等于", "<": "小于", ">": "大于", "≤": "小于等于",
    "≥": "大于等于", "<=": "小于等于", ">=": "大于等于", "±": "正负", "√": "根号", "∞": "无穷大",
}  # fmt: skip
_SYMBOLS = {
    "&&": "并且", "||": "或者",
    "&": "和", "@": "艾特", "~": "约", "→": "，", "←": "，", "⇒": "，", "➜": "，", "|": "，",
    "°": "度", "∞": "无穷大", "∠": "角", "⊥": "垂直于", "∥": "平行于", "∵": "因为", "∴": "所以", "∈": "属于", "%": "百分号", "‰": "千分号", "/": " ", "\\": " ", "+": "加",
    "α": "阿尔法", "β": "贝塔", "γ": "伽马", "δ": "德尔塔", "π": "派", "Ω": "欧姆", "µ": "微",
    "Δ": "德尔塔", "λ": "拉姆达", "θ": "西塔", "σ": "西格马", "²": "平方", "³": "立方",
    "€": "欧元", "£": "英镑", "¥": "元", "№": "第",
}  # fmt: skip

_TRENDS = (("上升", "下降"), ("上涨", "下跌"))

_NOT_TWO = pattern(r"(?:第|周|週|星期|礼拜|禮拜|[A-Za-z])\s?$")
_TEMPERATURES = ("摄氏度", "华氏度", "度")

# The characters that the tables of this module write in another way in Traditional.
_TO_TRADITIONAL = str.maketrans(
    "涨页层属万亿两点时钟负摄华个号减压转顷纳码贝节经纬欧图兹尔伦帧币韩铢镑卢无穷于约杠线划马达总门长仑汤质湾亚岁吨开块"
    "维东间阴级为与张满绝对值阶",
    "漲頁層屬萬億兩點時鐘負攝華個號減壓轉頃納碼貝節經緯歐圖茲爾倫幀幣韓銖鎊盧無窮於約槓線劃馬達總門長侖湯質灣亞歲噸開塊"
    "維東間陰級為與張滿絕對值階",
)


# A speed that is named before its number needs no "per hour".
_PREFIXED = pattern(r"(时速|時速|秒速|每小[时時]|每秒)[约約为為是达達]?$")


_WEEKDAYS = "一二三四五六日"
_DATE_BEFORE = pattern(r"[0-9](?:/[0-9]{1,2}|月[0-9]{1,2}[日号號])\s?$")
_LOW_FLOORS = {"G": "地下", "U": "上层", "LG": "下层地下", "UG": "上层地下"}


class Mandarin(Verbaliser):
    """Standard Chinese in Simplified characters."""

    column = "zh"
    halves: ClassVar[dict[str, str]] = {"a": "上午", "p": "下午"}
    around_the_clock = "七天二十四小时"
    numero = "第"
    absolute = "{}的绝对值"
    power_form = "的{}次方"
    factorial_form = "{}的阶乘"
    times_more = "倍"
    of_stars = ("{}星", "{}星")
    words = Words(
        "负",
        "加",
        "正负",
        "点",
        "到",
        "点",
        _SYMBOLS,
        _SIGNS,
        _ADDRESS,
        "多",
        ("度", "分", "秒"),
        _TRENDS,
    )
    norm_dash = name_joint = "杠"
    verse = "{}章{}节"
    two_hundred: ClassVar[str] = "两百"
    below_zero: ClassVar[str] = "零下"

    def cardinal(self, text: str) -> str:
        return numbers_han.chinese(text, two_hundred=self.two_hundred)

    def digits(self, text: str) -> str:
        return numbers_han.digits(text)

    def ordinal(self, text: str) -> str:
        return "第" + self._never_two(self.cardinal(text))

    def _never_two(self, said: str) -> str:
        return "二" + said[1:] if said.startswith("两") else said

    def _measured(self, number: str) -> str:
        """Say a number before a measure word or a unit: two is 两."""
        return "两" if number == "2" else self.number(number)

    @property
    def zone_signs(self) -> tuple[str, str, str]:
        return self.words.signs["-"], self.words.plus, self.words.plus_minus

    def say_magnitude(self, match: Match, place: Place) -> str | None:
        """Say 3M and 10w; 100M宽带 is 兆."""
        if match["scale"] == "M" and magnitudes.is_data(place.before(), place.after()):
            return self.number(match["a"]) + "兆"
        return super().say_magnitude(match, place)

    def say_decade(self, match: Match, place: Place) -> str | None:
        """Say 1990s as a decade; 90s may be seconds."""
        if match["y"] is None:
            return None
        return self.digits(match["y"]) + ("" if place.after(2) == "年代" else "年代")

    def say_page(self, match: Match, place: Place) -> str | None:
        """Say p. 25."""
        return f"第{self.range_of(list(filter(None, match.groups())))}页"

    def say_grade(self, match: Match, place: Place) -> str | None:
        """Say the best grades of the examinations of Hong Kong: 5* and 5**."""
        return "五" + "星" * len(match["stars"])

    def say_floor(self, match: Match, place: Place) -> str | None:
        """Say the floors of Hong Kong: G/F, 12/F."""
        if match["n"].isdecimal():
            return f"{self.cardinal(match['n'])}{self.floor}"
        return _LOW_FLOORS[match["n"]]

    floor = "楼"

    # ---- dates and times ------------------------------------------------------------

    def say_weekday(self, match: Match, place: Place) -> str | None:
        """Say a weekday in brackets after a date: 12/25（四）."""
        if match["day"] not in _WEEKDAYS or not _DATE_BEFORE.search(place.before(8)):
            return None
        last = f"到星期{match['day2']}" if match["day2"] else ""
        return f"，星期{match['day']}{last}，"

    def date(self, year: str, month: int, day: int) -> str:
        said = f"{self.digits(year)}年" if year else ""
        said += f"{self.cardinal(str(month))}月" if month else ""
        return said + (f"{self.cardinal(str(day))}日" if day else "")

    def clock(self, hour: int, minute: int, second: int | None, half: str) -> str:
        said = {"a": "上午", "p": "下午"}.get(half, "")
        if half == "p" and hour > 12:
            said = ""
        said += ("两" if hour == 2 else self.cardinal(str(hour))) + "点"
        if minute or second:
            said += self._clock_part(minute) + "分" if minute else "零分"
        if second:
            said += self._clock_part(second) + "秒"
        return said

    def _clock_part(self, value: int) -> str:
        return (
            self.cardinal(str(value)) if value > 9 else "零" + self.digits(str(value))
        )

    def duration(self, hours: int, minutes: int, seconds: int) -> str:
        parts = ((hours, "小时"), (minutes, "分"), (seconds, "秒"))
        said = [self._measured(str(value)) + unit for value, unit in parts if value]
        if said and said[-1].endswith("分") and len(said) == 1:
            said[-1] += "钟"
        return "".join(said) or "零秒"

    # ---- fractions, percentages, quantities -----------------------------------------

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        said = f"{self.cardinal(whole)}又" if whole else ""
        below = self._never_two(self.cardinal(denominator))
        return f"{said}{below}分之{self._never_two(self.cardinal(numerator))}"

    def ratio(self, parts: list[str]) -> str:
        return "比".join(self._never_two(self.number(part)) for part in parts)

    def percent(self, numbers: list[str], mark: str) -> str:
        if mark.startswith("%p"):
            return self.range_of(numbers) + "个百分点"
        name = "千分之" if mark == "‰" else "百分之"
        return self.join_range([self._percentage(number, name) for number in numbers])

    def _percentage(self, number: str, name: str) -> str:
        return (
            self.sign(number)
            + name
            + self._never_two(self.number(number.lstrip("+-±")))
        )

    def quantity(self, numbers: list[str], unit: str, *, is_temperature: bool) -> str:
        if not is_temperature:
            said = self.join_range([self._measured(number) for number in numbers])
            return self.place_in(unit, said)
        said = self.join_range([self._temperature(number) for number in numbers])
        return said + unit

    def _temperature(self, number: str) -> str:
        if number.startswith("-"):
            return self.below_zero + self._never_two(self.number(number[1:]))
        return self._never_two(self.number(number))

    def say_quantity(self, match: Match, place: Place) -> str | None:
        """Say a quantity; 时速 and 每小时 are not both said."""
        said = super().say_quantity(match, place)
        prefix = _PREFIXED.search(place.before(5))
        if said and prefix:
            return said.removeprefix("每秒" if "秒" in prefix[1] else "每小时")
        return said

    def per(self, thing: str) -> str:
        return "每" + thing

    def amount_per(self, amount: str, measure: str) -> str:
        return self.per(measure) + amount

    def money(self, amount: str, scale: str, currency: Currency) -> str:
        whole, _, cents = amount.partition(".")
        cents = cents.rstrip("0")
        number = self.number(f"{whole or '0'}.{cents}" if cents else whole or "0")
        if amount == "2":
            number = "两"
        multiplied = self.multiplied(amount, scale)
        if multiplied:
            return multiplied + self.currency_name(currency)
        return number + _SCALES.get(scale, scale) + self.currency_name(currency)

    def currency_name(self, currency: Currency) -> str:
        """Return what the currency is called after an amount."""
        return currency.zh

    def currency(self, symbol: str, place: Place) -> Currency:
        return YUAN if symbol == "¥" else CURRENCIES[symbol]

    # ---- counting -------------------------------------------------------------------

    def counted(self, match: Match, place: Place) -> str | None:
        numbers = [match["a"], match["b"]] if match["b"] else [match["a"]]
        row = place.decide(counters.CHINESE, self.column, "~".join(numbers))
        if row is None:
            return None
        say = {
            "digits": self.digits,
            "named": self._named,
            "measured": self._measured,
            "temperature": self._temperature,
        }[row.meaning]
        said = self.join_range([say(number) for number in numbers])
        return Said.because(said + match["gap"], row.reason)

    def _named(self, number: str) -> str:
        return self._never_two(self.number(number))

    def say_ordinal(self, match: Match, place: Place) -> str | None:
        """Say 1st and 2nd with 第, unless it is written too."""
        said = self.ordinal(match["n"])
        return said[1:] if place.before(1) == "第" else said

    def say_number(self, match: Match, place: Place) -> str | None:
        """Say a number; after 第 two stays 二, and 300w is 三百万."""
        said = super().say_number(match, place)
        is_named = said and _NOT_TWO.search(place.before(4))
        return self._never_two(said) if said and is_named else said

    def power(self, text: str) -> str:
        return {"2": "平方", "3": "立方"}.get(text) or super().power(text)


_SCALES = {
    "w": "万", "m": "百万", "b": "十亿",
    "million": "百万", "billion": "十亿", "thousand": "千", "trillion": "万亿",
    "M": "百万", "B": "十亿", "K": "千", "k": "千", "T": "万亿", "mn": "百万", "bn": "十亿", "tn": "万亿", "trn": "万亿",
}  # fmt: skip


class TraditionalMandarin(Mandarin):
    """Standard Chinese in Traditional characters."""

    def written(self, said: str) -> str:
        return said.translate(_TO_TRADITIONAL)


class Cantonese(TraditionalMandarin):
    """Cantonese, in Traditional characters and with its own words for money."""

    two_hundred = "二百"
    floor = "樓"

    def counted(self, match: Match, place: Place) -> str | None:
        """Say a number before a word; 2日 are two days, but in 12月2日."""
        is_span = place.after(1) == "日" and "月" not in place.before(2)
        if match["a"] == "2" and not match["b"] and is_span:
            return "兩"
        return super().counted(match, place)

    def currency(self, symbol: str, place: Place) -> Currency:
        return HONG_KONG_DOLLAR if symbol == "$" else super().currency(symbol, place)

    def money(self, amount: str, scale: str, currency: Currency) -> str:
        if currency is not HONG_KONG_DOLLAR:
            return super().money(amount, scale, currency)
        whole, _, cents = amount.partition(".")
        cents = cents.rstrip("0")
        if scale or len(cents) > 1:
            return super().money(amount, scale, currency).replace("港元", "元")
        said = self._measured(whole) + "蚊" if whole.strip("0") else ""
        return said + (self._measured(cents) + "毫" if cents else "") or "零蚊"
