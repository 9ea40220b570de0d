"""Korean."""

from __future__ import annotations

from typing import ClassVar

from wyoming_cosyvoice.text.decisions import counters
from wyoming_cosyvoice.text.normalize import numbers_ko
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.money import CURRENCIES, YUAN, Currency
from wyoming_cosyvoice.text.normalize.rates import KOREAN
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser, Words
from wyoming_cosyvoice.text.patterns import pattern

_ADDRESS = {
    ".": "닷", "-": "대시", "_": "언더바", "/": "슬래시", "@": "골뱅이", ":": "콜론",
    "+": "더하기", "~": "물결", "=": "는", "%": "퍼센트", "&": "앤드", "#": "샵",
}  # fmt: skip
_SIGNS = {
    "-": "빼기", "+": "더하기", "×": "곱하기", "*": "곱하기", "÷": "나누기", "/": "나누기",
    "^": "의 제곱", "=": "은", "≈": "약", "≠": "같지 않음", "<": "작다", ">": "크다",
    "≤": "작거나 같다", "≥": "크거나 같다", "<=": "작거나 같다", ">=": "크거나 같다",
    "±": "플러스마이너스", "√": "루트", "∞": "무한대",
}  # fmt: skip
_SYMBOLS = {
    "&&": "그리고", "||": "또는",
    "&": "앤드", "@": "골뱅이", "~": "약", "→": ", ", "←": ", ", "|": ", ", "°": "도", "/": " ",
    "%": "퍼센트", "+": "플러스", "α": "알파", "β": "베타", "γ": "감마", "π": "파이", "Ω": "옴",
    "Δ": "델타", "∞": "무한대", "²": "제곱", "³": "세제곱", "₩": "원", "€": "유로",
}  # fmt: skip
_SCALES = {
    "m": "백만", "b": "십억",
    "million": "백만", "billion": "십억", "thousand": "천", "trillion": "조",
    "mn": "백만", "bn": "십억", "tn": "조", "trn": "조", "M": "백만", "B": "십억", "K": "천", "k": "천",
}  # fmt: skip

_PREFIXED = pattern(r"(?:시속|초속|분당|화씨)\s?$")
_HOUR_LIMIT = 12
_MONTHS = {"6": "유", "10": "시", "06": "유"}
_WEEKDAY = "월화수목금토일"
_AMOUNT_BEFORE = pattern(r"[개명원곳건권장병대층위살천백만억조%°][) ]?$|[A-Za-z] ?$")
_LARGER_BEFORE = pattern(r"[0-9억조만]\s?$")
_OFFER = pattern(
    r"\s?(?:행사|상품|이벤트|할인|증정|제품|세일|로|쿠폰|구매|혜택|판매|중)"
)
_FINAL_CONSONANT = 28
_RIEUL = 8


class Korean(Verbaliser):
    """Korean: Sino-Korean numbers, native ones before their counters."""

    column = "ko"
    gap = " "
    halves: ClassVar[dict[str, str]] = {"a": "오전 ", "p": "오후 "}
    versus = "대"
    around_the_clock = "이십사 시간 칠 일"
    numero = "넘버 "
    name_joint = " "
    verse = "{} 장 {} 절"
    absolute = "{}의 절댓값"
    of_stars = ("{}성", "{} 점")
    power_form = "의 {}제곱"
    factorial_form = "{} 팩토리얼"
    words = Words(
        "마이너스",
        "플러스",
        "플러스마이너스",
        "점",
        "에서",
        "점",
        _SYMBOLS,
        _SIGNS,
        _ADDRESS,
        " 이상",
        ("{} 도", "{} 분", "{} 초"),
        (("상승", "하락"), ("상승", "하락")),
    )

    def cardinal(self, text: str) -> str:
        return numbers_ko.sino(text)

    def digits(self, text: str) -> str:
        return numbers_ko.digits(text)

    def decimals(self, text: str) -> str:
        return numbers_ko.digits(text, "영")

    def sign(self, text: str) -> str:
        name = super().sign(text)
        return name + " " if name else ""

    def ordinal(self, text: str) -> str:
        return numbers_ko.native_ordinal(text) + " 번째"

    def join_range(self, said: list[str]) -> str:
        return "에서 ".join(said)

    def _to(self, match: Match) -> str:
        return "에서 " if match.groupdict().get("to") else ""

    # ---- dates and times ------------------------------------------------------------

    def date(self, year: str, month: int, day: int) -> str:
        parts = [f"{self.cardinal(year)} 년"] if year else []
        if month:
            parts.append(
                _MONTHS.get(str(month), self.cardinal(str(month)) + " ").strip() + "월"
            )
        if day:
            parts.append(f"{self.cardinal(str(day))} 일")
        return " ".join(parts)

    def clock(self, hour: int, minute: int, second: int | None, half: str) -> str:
        parts = (
            [{"a": "오전", "p": "오후"}.get(half, "")] if hour <= _HOUR_LIMIT else []
        )
        parts.append(f"{self._hour(str(hour))} 시")
        parts.append(f"{self.cardinal(str(minute))} 분" if minute else "")
        parts.append(f"{self.cardinal(str(second))} 초" if second else "")
        return " ".join(filter(None, parts))

    def _with_divisor(self, said: str, divisor: str) -> str:
        """Say what a slash means: 5,000원/인 is 인당 오천 원."""
        if divisor in KOREAN:
            return KOREAN[divisor] + said
        return super()._with_divisor(said, divisor)

    def _hour(self, text: str) -> str:
        is_native = 0 < int(text) <= _HOUR_LIMIT
        return numbers_ko.native(text) if is_native else self.cardinal(text)

    def duration(self, hours: int, minutes: int, seconds: int) -> str:
        parts = [f"{numbers_ko.native(str(hours))} 시간" if hours else ""]
        parts.append(f"{self.cardinal(str(minutes))} 분" if minutes else "")
        parts.append(f"{self.cardinal(str(seconds))} 초" if seconds else "")
        return " ".join(filter(None, parts)) or "영 초"

    # ---- fractions, percentages, quantities -----------------------------------------

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        joint = "과" if _final(self.cardinal(whole)) else "와"
        said = f"{self.cardinal(whole)}{joint} " if whole else ""
        return f"{said}{self.cardinal(denominator)}분의 {self.cardinal(numerator)}"

    def ratio(self, parts: list[str]) -> str:
        return " 대 ".join(self.number(part) for part in parts)

    def part_of(self, first: str, second: str, unit: str) -> str:
        if not unit:
            return self.fraction("", first, second)
        return f"{self.number(second)} {unit} 중 {self.number(first)} {unit}"

    def members(self, first: str, second: str, counter: str) -> str:
        some, all_ = numbers_ko.native(first), numbers_ko.native(second)
        return f"{all_} {counter} 중 {some} "

    def rating(self, first: str, second: str) -> str:
        return f"{self.number(second)} 점 만점에 {self.number(first)} 점"

    def percent(self, numbers: list[str], mark: str) -> str:
        name = " 퍼밀" if mark == "‰" else " 퍼센트"
        return self.range_of(numbers) + name + ("포인트" if len(mark) > 1 else "")

    def say_page(self, match: Match, place: Place) -> str | None:
        """Say p. 25."""
        return self.range_of(list(filter(None, match.groups()))) + " 페이지"

    def say_bundle(self, match: Match, place: Place) -> str | None:
        """Say what a shop gives for one: 1+1 is 원 플러스 원."""
        if not _OFFER.match(place.after()):
            return None
        return f"{('원', '투', '쓰리')[int(match['a']) - 1]} 플러스 원"

    def address_numbers(self, numbers: list[str]) -> str:
        """Say the numbers of a plot: 123-45번지."""
        return " 다시 ".join(self.number(number) for number in numbers)

    def quantity(self, numbers: list[str], unit: str, *, is_temperature: bool) -> str:
        if is_temperature and numbers[0].startswith("-"):
            said = [
                "영하 " + self.number(number[1:])
                if number[0] == "-"
                else self.number(number)
                for number in numbers
            ]
            return f"{self.join_range(said)} {unit}"
        if unit == "시간" and all(n.isdecimal() and int(n) < 100 for n in numbers):
            return self.join_range([numbers_ko.native(n) for n in numbers]) + " 시간"
        said_all = self.range_of(numbers)
        return unit.replace("{}", said_all) if "{}" in unit else f"{said_all} {unit}"

    def say_quantity(self, match: Match, place: Place) -> str | None:
        """Say a quantity; 초속 is not said twice."""
        said = super().say_quantity(match, place)
        prefix = _PREFIXED.search(place.before(4))
        return (
            said.removeprefix(prefix.group().strip()).strip()
            if said and prefix
            else said
        )

    def per(self, thing: str) -> str:
        return " 퍼 " + thing

    def amount_per(self, amount: str, measure: str) -> str:
        return f"{measure}당 {amount}"

    def money(self, amount: str, scale: str, currency: Currency) -> str:
        whole, _, cents = amount.partition(".")
        cents = cents.rstrip("0")
        number = self.number(f"{whole or '0'}.{cents}" if cents else whole or "0")
        multiplied = self.multiplied(amount, scale)
        return f"{multiplied or number + _SCALES.get(scale, scale)} {currency.ko}"

    def currency(self, symbol: str, place: Place) -> Currency:
        return YUAN if symbol == "CN¥" else CURRENCIES[symbol]

    def say_decade(self, match: Match, place: Place) -> str | None:
        """Say 1990s as a decade; 90s may be seconds."""
        if match["y"] is None:
            return None
        return self.cardinal(match["y"]) + ("" if place.after(2) == "년대" else "년대")

    def short_year(self, text: str) -> str:
        return self.cardinal(text)

    def year(self, text: str) -> str:
        return self.cardinal(text)

    def phone(self, groups: list[str]) -> str:
        return " ".join(self.digits(group) for group in groups)

    def say_math(self, match: Match, place: Place) -> str | None:
        """Say a sign between operands; what equals takes 은 or 는."""
        said = super().say_math(match, place)
        last = place.before().rstrip()[-1:]
        is_open = last not in _ENDS_IN_CONSONANT and not _final(last)
        return " 는 " if said == " 은 " and is_open else said

    def named_day(self, month: str, day: str) -> str:
        """Say 6.25 as 육이오, but 12.12 as 십이십이."""
        is_whole = day == "10" or (len(month) > 1 and len(day) > 1 and day[0] == "1")
        said = self.cardinal(day) if is_whole else self.digits(day)
        return self.cardinal(month) + said

    def power(self, text: str) -> str:
        """Say what stands behind a raised number: 제곱, 세제곱."""
        return {"2": " 제곱", "3": " 세제곱"}.get(text) or super().power(text)

    # ---- counting -------------------------------------------------------------------

    def counted(self, match: Match, place: Place) -> str | None:
        numbers = [match["a"], match["b"]] if match["b"] else [match["a"]]
        row = place.decide(counters.KOREAN, self.column, "~".join(numbers))
        if row is None or row.meaning == "plain":
            return None
        is_whole = not _LARGER_BEFORE.search(place.before(3))
        if numbers == ["1"] and place.after(1) in "만천백" and is_whole:
            return Said.because("", row.reason)  # 만 원, not 일만 원
        said = self._counted(row.meaning, numbers)
        blank = "" if row.meaning in ("month", "joined") else " "
        return Said.because(said + blank, row.reason)

    def _counted(self, meaning: str, numbers: list[str]) -> str:
        if meaning == "month":
            return self._month(numbers)
        if meaning in ("sino", "joined"):
            return self.range_of(numbers)
        if meaning == "address":
            return self.address_numbers(numbers)
        plain = [number.replace(",", "") for number in numbers]
        say = {
            "hour": self._hour,
            "ordinal": numbers_ko.native_ordinal,
            "native": numbers_ko.native,
            "digits": self.digits,
            "below zero": self._below_zero,
        }[meaning]
        return self.join_range([say(number) for number in plain])

    def _below_zero(self, number: str) -> str:
        below = "영하 " if number[0] == "-" else ""
        return below + self.number(number.lstrip("-"))

    def _month(self, numbers: list[str]) -> str:
        said = [
            _MONTHS.get(n, self.cardinal(n) + (" " if len(n) > 9 else ""))
            for n in numbers
        ]
        return self.join_range(said)

    # ---- what follows -----------------------------------------------------------------

    def say_weekday(self, match: Match, place: Place) -> str | None:
        """Say a weekday in brackets after a date."""
        if match["day"] not in _WEEKDAY:
            return None
        last = f"부터 {match['day2']}요일" if match["day2"] else ""
        return f" {match['day']}요일{last} "

    def say_link(self, match: Match, place: Place) -> str | None:
        """Say the mark of a range: 부터 between days and times, 에서 between amounts."""
        said = super().say_link(match, place)
        if said and _AMOUNT_BEFORE.search(place.before(3)):
            return said.replace(" 부터 ", "에서 ")
        return said

    @property
    def link(self) -> str:
        return "부터"

    @property
    def country_code(self) -> str:
        return "국가번호 "

    def following(self, spoken: str, rest: str) -> tuple[str, int]:
        """Make a particle fit the word that is said before it: 분로 becomes 분으로."""
        particle = _PARTICLE.match(rest)
        if particle is None or not spoken or not "가" <= spoken[-1] <= "힣":
            return "", 0
        final = _final(spoken)
        with_final, without = next(p for p in _PARTICLES if particle.group() in p)
        is_open = final == 0 or (with_final == "으로" and final == _RIEUL)
        return without if is_open else with_final, particle.end()


_ENDS_IN_CONSONANT = frozenset("013678lmnrLMNR²³!")
"""Signs whose names end in a consonant: 영, 일, 삼, 엘, 제곱, 팩토리얼."""
_PARTICLES = (("이", "가"), ("은", "는"), ("을", "를"), ("과", "와"), ("으로", "로"))
_PARTICLE = pattern("(?:으로|로|이|가|은|는|을|를|과|와)(?![가-힣])")


def _final(word: str) -> int:
    """Return the number of the final consonant of the last syllable; 0 is none."""
    last = word[-1:]
    return (ord(last) - ord("가")) % _FINAL_CONSONANT if "가" <= last <= "힣" else 0
