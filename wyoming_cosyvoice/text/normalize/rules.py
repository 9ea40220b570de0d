"""The written forms that the scanner knows, in the order in which they are tried.

A rule is a kind, the class of character it may start at, signs of which the form has
one (a text without them is not searched for it), and a pattern. The verbaliser
of the language has a method ``say_<kind>``; it may decline a match by returning None,
and the next rule is tried at the same place. The last rule of a class takes what is
left, so nothing passes unseen.

All patterns are bounded or free of nested repetition: scanning takes linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from wyoming_cosyvoice.text.normalize.english_words import KINDS
from wyoming_cosyvoice.text.normalize.letters import SPECIAL_WORDS
from wyoming_cosyvoice.text.normalize.money import CODES, SIGNS
from wyoming_cosyvoice.text.normalize.units import DIVISORS, UNITS
from wyoming_cosyvoice.text.patterns import any_of, pattern
from wyoming_cosyvoice.text.scripts import CJK, LATIN
from wyoming_cosyvoice.text.sentence_ends import COUNTED, IN_SENTENCE, OF_FACTORIAL

Start = Literal["digit", "letter", "symbol"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One written form."""

    kind: str
    start: Start
    signs: frozenset[str]
    """What it matches has one of these; if empty, it may have none."""
    pattern: re.Pattern[str]


def _literally(words: frozenset[str] | dict[str, str] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,8}(?![0-9])|[0-9]{1,400})(?:\.[0-9]{1,40})?"
_DECIMAL_COMMA = r"(?:[0-9]{1,3}(?:\.[0-9]{3}){1,3}|[0-9]{1,7}),[0-9]{2}(?![0-9])"
_SIGNED = rf"[-+±]?(?:{NUMBER}|\.[0-9]{{1,40}})"
_TO = r"[ ]?(?:[~–—]|-(?!-))[ ]?"
_UNIT = _literally(list(UNITS))
_DIVISOR = _literally(list(DIVISORS))
_UNIT_END = r"(?![A-Za-z0-9²³µ])"
_CLOCK = r"(?P<h>[01]?[0-9]|2[0-4])[:：](?P<m>[0-5][0-9])(?:[:：](?P<s>[0-5][0-9])(?:[.,][0-9]{1,6})?)?"
_HALF = r"(?:[ ]?(?P<half>[AaPp])\.?[ ]?[Mm](?![A-Za-z])\.?)"
# What takes so long does not end a range: 3:15pm - 20 min drive.
_TIME_TAKEN = r"(?:min(?:ute)?s?|hrs?|hours?|mi|miles?|km)\b"
_TWELVE, _SIXTY = "(?:1[0-2]|0?[0-9])", "[0-5][0-9]"
_SECOND_HOUR = (
    rf"{_TWELVE}(?:[:.]{_SIXTY})?[ ]?[AaPp]\.?[Mm](?![A-Za-z])"
    rf"|{_TWELVE}:{_SIXTY}(?![0-9:.])"
    rf"|{_TWELVE}(?::{_SIXTY})?[ap](?![A-Za-z0-9])"
)
_ZONE = r"(?(s)(?:Z(?![A-Za-z])|[+-](?:0[0-9]|1[0-4]):?[0-5]0\b)?)"
_MONTH_NAMES = """
    January February March April May June July August September October November December
    Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec
"""
_MONTH = rf"(?P<month>(?i:{any_of(_MONTH_NAMES)}))\b\.?"
_SHORT_MONTH = any_of("Jan Feb Mar Apr Jun Jul Aug Sept? Oct Nov Dec")
_HAN_SCALE = "[十百千]?[万亿萬億兆]|[천백]?[만억조]"
_SCALE_WORD = "million|billion|trillion|thousand|mn|bn|tn|trn|[MBTKkmbw]"
_MAGNITUDE = rf"(?P<scale>[ -]?(?:{_SCALE_WORD})(?![A-Za-z])|(?:{_HAN_SCALE})(?:[1-9](?![0-9.,,千百천백]))?)?"
_TO_AMOUNT = rf"(?P<to>{_TO}(?:(?=[$€£¥₩])|(?P<second>{NUMBER}){_MAGNITUDE.replace('scale', 'scale2')}))?"
_SIGN_OR_CODE = f"(?:{_literally(list(SIGNS))}|(?:{_literally(list(CODES))})[ ]?)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PATH = r"(?P<path>[/?#](?:[A-Za-z0-9./?#&=%_~:@!$+,;()-]{0,400}[A-Za-z0-9/=_%-])?)?"
# What Home Assistant calls the first part of an entity id.
_DOMAIN = any_of("""
    alarm_control_panel automation binary_sensor button calendar camera climate cover
    device_tracker fan humidifier input_boolean light lock media_player number person
    scene script select sensor siren switch timer todo update vacuum valve water_heater
    weather zone
""").replace(" ", "_")
_TLD = any_of("""
    com org net io cn jp kr hk tw uk de fr it edu gov info dev app ai me tv cc eu local lan
    home internal us ca au sm co es nl ch ru in abc
""")
_FILE = any_of("""
    ya?ml json txt pdf docx? xlsx? pptx? csv png jpe?g gif svg webp mp[34] wav flac ogg mkv
    avi mov zip tar gz py js ts html? css log conf cfg ini db sh md onnx bin exe iso img xml
    toml
""")
_STANDARD = any_of("""
    (?:GB|DB|QB|YY|HJ|JB|SJ|CJ|JGJ|DL|QC|SB)/T GB/?Z? ISO/IEC ISO IEC IEEE EN DIN JIS ANSI
    ASTM RFC BS UL KS CNS
""")
_SEASON_WORD = any_of("""
    赛季 賽季 球季 シーズン 시즌 学年 學年 年度 학년도 seasons?\\b school_year academic
""")
# What may stand behind a unit: 5h30m goes on, in 5ft. the full stop is the unit's.
_TWO_LETTERS, _THREE_LETTERS = "ft|in|lb|oz|hr|mi|yd|ct", "lbs|hrs|min|sec|gal|tsp"
_FOUR_LETTERS = "tbsp|Tbsp|mins|secs"
_UNIT_STOP = rf"(?:(?<={_TWO_LETTERS})|(?<={_THREE_LETTERS})|(?<={_FOUR_LETTERS}))\.(?=\s(?:[a-z0-9(&+]|[NSEW]{{1,3}}\b\.?\s)|[),;:/])"
_OF_MANY = r"[ ](?:km|mi|ly|kg|kWh|gal|lbs?|bbl)\b"
_STOP_INSIDE = r"(?:\.(?=[ ][a-z0-9(]|[,;:)]))?"
_UNIT_GOES_ON = (
    "(?![A-Za-z0-9²³µ/])|(?=/[^A-Za-z])|(?<=°[CF])(?=/)|(?<=[hmnd])(?=[0-9])"
)
_MONTH_LINK = r"(?=[-–][A-Z][a-z]{2})|(?<=[a-z][-–]...)(?![A-Za-z])"
_ROMAN_HUNDREDS = "M{1,3}(?:CM|CD|D?C{0,3})"
_ROMAN_TENS, _ROMAN_ONES = "(?:XC|XL|L?X{0,3})", "(?:IX|IV|V?I{0,3})"
_PERCENT = "[%‰](?:p[pt]?(?![A-Za-z]))?"
_PLUS = r"(?P<plus>\+[0-9]{1,3}[ -]?)?"
# The hyphen of a 12-oz can; not of 3-in-1 and 3-D.
_HYPHEN_UNIT = "-(?=[A-Za-z]{2})(?!in|at|MM|min-|d-)|-(?=t[ ])"
# The letters that name the sides of a thing: 30"W x 18"D.
_SIDE = r"(?:[ ]?(?P<{}>[WDHLwdhl]|wide|deep|high|long|tall)(?![A-Za-z]))?"
_SIDE_A, _SIDE_B, _SIDE_C = (_SIDE.format(f"side_{name}") for name in "abc")
_PART_OF_NAME = r"-[A-Za-z0-9]{1,20}(?:\.[0-9]{1,10}[A-Za-z]{0,3}(?![0-9]))?"

_MEASURES = (
    r"(?:yo|y\.o\.|mos?|yrs?|wks?|pcs?|pk|pts|ct|doz|pct|yds|kts|bdrm|BR|BA|bd|ba)"
)
_PACK_STOP = r"(?:(?<=-[cp][tk])\.(?=[ ][a-z]))?"
# What is cooked with: 1/4t salt, 1 1/2T oil, 2t cumin.
_SPOONS = (
    r"(?:(?:(?P<whole>[0-9]{1,2})(?:[ ]{1,2}|-))?(?P<n>[0-9])[/⁄](?P<d>[2-8])"
    r"|(?P<a>[0-9]{1,2}(?:\.5)?))"
)
_SPAN = r"(?:days?|d|weeks?|wks?|months?|mos?|hours?|hrs?|h|min(?:ute)?s?|doses?|cycles?)\b\.?"
# A factorial of what stands in brackets: (n-1)!, and (5-2)! in a calculation.
_LETTER_TERM = (
    r"[0-9]{0,3}[a-z][ ]?[-+][ ]?[0-9a-z]{1,3}|[0-9]{1,3}(?:[ ]?[-+][ ]?)?[a-z]"
)
_NUMBER_TERM = r"[0-9]{1,3}[ ]?[-+][ ]?[0-9]{1,3}|[a-z]"
_IS_CALCULATED = r"[ ]?[=×÷*/+<>≤≥)-]|[ ](?:is|equals)[ ][0-9]"
_IN_SENTENCE = rf"[,.;:]|[ ](?:{IN_SENTENCE})"

_HEX = "[0-9A-Fa-f]"
_UUID = rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}(?![A-Za-z0-9_-])"
_MODULE = "(?:self|this|np|pd|os|sys|re|tf|nn|plt|cv2|df)"
# What a blank is missing behind: etc.and.
_SHORT = (
    r"(?:etc|vs|approx|dept|incl|excl|esp|misc|fig|vol|min|max|temp|appt|mtg|est)\."
)

_SOURCES: tuple[tuple[str, Start, str, str], ...] = (
    ("marked", "symbol", "", "\ue000(?P<how>[a-z-]{0,20}) (?P<body>[^\ue000\ue001]*)\ue001"),
    # Addresses and names: what is inside them is not a number.
    ("repeated_unit", "letter", "/", r"(?P<unit>[A-Za-z]{1,4}/[A-Za-z]{1,4})[ ](?=-?[0-9.,]{1,20}[ ]?(?P=unit)(?![A-Za-z]))"),
    ("time_zone", "letter", "+-±", r"(?P<name>UTC|GMT)[ ]?(?P<sign>[-+±])(?P<h>[0-9]{1,2})(?::(?P<m>[0-5][0-9]))?(?![0-9])"),
    ("norm", "letter", "", rf"(?P<body>{_STANDARD})(?:[ -]?(?P<part>[A-Z]))?[ -]?(?P<n>[0-9]{{3,6}})(?:\.(?P<sub>[0-9]{{1,3}}))?(?:[-:](?P<y>(?:19|20)[0-9]{{2}}))?(?![0-9A-Za-z.:-]?[0-9A-Za-z])"),
    ("url", "letter", ":", rf"(?P<scheme>[a-z]{{2,8}}://)(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._@:-]{{0,200}}[A-Za-z0-9])?){_PATH}"),
    ("email", "letter", "@", rf"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{{0,62}}[A-Za-z0-9_])?@{_LABEL}(?:\.{_LABEL}){{1,4}}"),
    ("mixed_ratio", "digit", "⁄", r"(?:(?P<whole>[0-9]{1,3})[ ]{1,2})?(?P<n>[0-9]{1,2})⁄(?P<d>[0-9]{1,2}):(?=[0-9])"),
    ("mixed_ratio", "digit", "⁄", r"(?P<a>[0-9]{1,3}):(?=(?:[0-9]{1,3}[ ]{1,2})?[0-9]{1,2}⁄[0-9])(?P<n>)(?P<d>)(?P<whole>)"),
    ("inch_fraction", "digit", "/⁄", r"(?:(?P<whole>[0-9]{1,3})(?:[ ]{1,2}|-))?(?P<n>[0-9]{1,2})[/⁄](?P<d>2|3|4|8|16|32|64)(?P<mark>\"|'')(?![\w\"])"),
    ("spoon", "digit", "tT", rf"{_SPOONS}[ ]?(?P<spoon>[tT])\.?(?=[ ][a-z])"),
    # The sign ½ is always a fraction; a slash may be something else.
    ("fraction", "digit", "⁄", rf"(?P<sign>[-+±])?(?:(?P<whole>[0-9]{{1,6}})(?:[ ]{{1,2}}|又|と|과|와))?(?P<n>[0-9]{{1,9}})⁄(?P<d>[0-9]{{1,12}})(?![0-9⁄])(?P<tail>th|rd|TH|RD)?(?:[ ]?(?P<unit>{_UNIT})(?![A-Za-z0-9²³µ/])(?:{_UNIT_STOP})?)?"),
    ("email", "digit", "@", rf"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{{0,62}}[A-Za-z0-9_])?@{_LABEL}(?:\.{_LABEL}){{1,4}}"),
    ("half_clock", "letter", ":时時点點시：", r"(?P<half>[AaPp])\.?[Mm]\.?[ ]?(?=[0-9]{1,2}(?:[:：][0-5][0-9]|[時时点點시]))"),
    ("numero", "letter", ".", r"N[oO]\.[ ]?(?=[0-9])"),
    ("ampersand", "letter", "&", r"[A-Z]{1,3}&[A-Z]{1,3}(?![A-Za-z])"),
    ("sharp", "letter", "#", r"(?P<note>[A-GJ])#(?![0-9A-Za-z])"),
    ("standard", "letter", ".", r"(?P<letter>[A-Z])\.(?P<n>[0-9]{3})(?![0-9])"),
    ("floor", "digit", "/", r"(?P<n>[0-9]{1,3})/F(?![A-Za-z0-9])"),
    ("floor", "letter", "/", r"(?P<n>[GU]|[LU]G)/F(?![A-Za-z0-9])"),
    ("bundle", "digit", "+", r"(?P<a>[1-3])\+1(?![0-9])"),
    ("always", "digit", "/", r"24/7(?:/365)?(?![0-9/])"),
    ("feet", "digit", "'", r"(?P<ft>[0-9]{1,2})'[ ]?(?P<inch>[0-9]{1,2})(?:[ ]{1,2}(?P<n>[0-9])⁄(?P<d>[0-9]))?(?:\"|''|(?<=\b[4-7]'[0-9])(?![\w'.])|(?<=\b[4-7]'1[01])(?![\w'.]))(?:/(?P<per>km|mi|公里|英里|キロ|킬로)(?![A-Za-z]))?"),
    ("wireless", "digit", ".", r"802\.(?P<n>[0-9]{1,2})(?P<letters>[a-z]{1,2}(?:/[a-z]{1,2}){0,6})?(?![0-9A-Za-z])"),
    ("sized", "digit", "-", r"(?P<v>[0-9]{1,3}(?:\.[0-9]{1,2})?)-(?P<size>[0-9]{1,4}(?:\.[0-9]{1,2})?)(?P<letter>[BbMKk])(?![A-Za-z0-9])"),
    ("measured_by", "digit", "\"'", rf"(?P<a>{NUMBER})(?P<mark>\"|'(?!')){_SIDE_A}[ ]?[x×X*][ ]?(?P<b>{NUMBER})(?P=mark){_SIDE_B}(?:[ ]?[x×X*][ ]?(?P<c>{NUMBER})(?P=mark){_SIDE_C})?(?!\w)"),
    ("prime", "digit", "'", rf"(?:(?P<from>[0-9]{{1,3}})'?{_TO})?(?P<a>[0-9]{{1,3}}(?:,[0-9]{{3}}|\.[0-9])?(?:\+[0-9]{{1,2}})?)'(?![\w'])"),
    ("arc", "digit", "°", r"(?P<d>[0-9]{1,3}(?:\.[0-9]{1,6})?)°[ ]?(?P<m>[0-9]{1,2}(?:\.[0-9]{1,4})?)'[ ]?(?:(?P<s>[0-9]{1,2}(?:\.[0-9]{1,4})?)(?:\"|''))?(?P<side>[NSEW](?![A-Za-z]))?"),
    ("inch", "digit", '"', rf"(?:(?P<from>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?)\"?{_TO})?(?P<a>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?)\"{_SIDE_A}(?:[ ]?(?P<mercury>Hg)\b)?(?![A-Za-z0-9_\"])"),
    ("hex", "digit", "x", r"0x(?P<body>[0-9A-Fa-f]{1,16})(?![0-9A-Za-z])"),
    ("mac", "digit", "-:", r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![A-Za-z0-9_:-])"),
    ("mac", "letter", "-:", r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![A-Za-z0-9_:-])"),
    ("uuid", "digit", "-", _UUID),
    ("uuid", "letter", "-", _UUID),
    ("doi", "digit", "/", r"10\.[0-9]{4,6}/(?=[^\s]{0,40}[A-Za-z.-])[A-Za-z0-9](?:[A-Za-z0-9._();/:-]{0,100}[A-Za-z0-9])"),
    ("doi", "digit", "/", r"(?:(?<=(?i:doi)[ :：])|(?<=(?i:doi)[:：][ ]))10\.[0-9]{4,6}/[0-9]{1,20}(?![0-9])"),
    ("ip", "digit", ".", r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?P<tail>:[0-9]{1,5}|/[0-9]{1,2})?(?![0-9]|\.[0-9])"),
    ("host", "letter", ".", rf"(?P<host>(?:{_LABEL}\.){{1,4}}{_TLD})(?:(?![A-Za-z0-9-])|(?=[/?])){_PATH}"),
    ("file", "letter", ".", rf"(?:[A-Za-z0-9_-]{{1,64}}\.){{1,3}}(?P<ext>{_FILE}|{_FILE.upper()})(?![A-Za-z0-9])"),
    ("entity", "letter", ".", rf"(?:{_DOMAIN})\.[a-z0-9]+(?:_[a-z0-9]+)*(?![A-Za-z0-9_]|\.[A-Za-z0-9])"),
    ("entity", "letter", ".", r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.[a-z0-9]+(?:_[a-z0-9]+)+(?![A-Za-z0-9_]|\.[A-Za-z0-9])"),
    ("logarithm", "letter", "", r"log_?(?P<base>[0-9]{1,2}|(?<=_)[a-e])[ ]?(?:\((?P<within>[0-9a-z]{1,9})\)|(?P<of>[0-9]{1,9}|[a-z])(?![\w(]))"),
    ("lasting", "letter", "x", rf"x[ ]?(?=[0-9]{{1,3}}(?:[-–][0-9]{{1,3}})?[ ]?{_SPAN}(?![ ]ago))"),
    ("lasting", "symbol", "×", rf"×[ ]?(?=[0-9]{{1,3}}(?:[-–][0-9]{{1,3}})?[ ]?{_SPAN}(?![ ]ago))"),
    ("every", "letter", "q", r"q\.?[ ]?(?P<a>[0-9]{1,2})(?:[-–](?P<b>[0-9]{1,2}))?[ ]?(?P<unit>h|hrs?|hours?|d|days|wks?|min)\b\.?(?!\w)"),
    ("entity", "letter", "_", r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+"),
    ("party", "letter", "-", r"(?P<party>[DRI])-(?P<state>[A-Z][A-Za-z.]{1,6})(?=[),;]|\s|\Z)"),
    ("function", "letter", "(", r"(?P<name>[fghpFGP]|sin|cos|tan|log|ln|exp)\((?P<of>-?[a-zA-Z0-9]{1,3})\)"),
    ("formula", "letter", "", r"(?:[A-Z][a-z]?[0-9]{0,2}){1,8}(?![A-Za-z0-9'-])"),
    ("dotted_name", "symbol", ".", r"\.[A-Za-z]{2,10}(?![A-Za-z0-9.])"),
    # Dates and times.
    ("day_letters", "letter", "-–", r"(?P<first>Tu|Th|[MWF])[-–](?P<last>Th|Sat?|Sun?|[WF])(?![A-Za-z'-])"),
    ("day_list", "letter", "/", r"M/W(?:/F)?(?![A-Za-z/])|Tu?/Th(?![A-Za-z/])"),
    ("waist", "digit", "W", r"(?P<a>[2-6][0-9])W[ ]?[x×/][ ]?(?P<b>[23][0-9])L(?![A-Za-z0-9]|[ ](?i:led|bulb|lamp|light|fixture))"),
    ("stay", "digit", "/", r"(?P<days>[1-9][0-9]?)[Dd]/(?P<nights>[1-9][0-9]?)[Nn](?![A-Za-z0-9])"),
    ("stay", "digit", "/", r"(?P<nights>[1-9][0-9]?)[Nn]/(?P<days>[1-9][0-9]?)[Dd](?![A-Za-z0-9])"),
    ("sizes", "digit", "-–", r"(?P<first>[2-5]XL)[-–](?P<last>[3-6]XL)(?![A-Za-z0-9-])"),
    ("sizes", "letter", "-–", r"(?P<first>X{0,3}S|M|X{0,3}L)[-–](?P<last>X{0,2}S|M|[2-6]X?L|X{0,5}L)(?![A-Za-z0-9-])"),
    ("day_letters", "letter", "", r"(?P<all>MWF|MTWThF|TTh|TuTh|MW)(?=,?[ ][0-9]{1,2}(?:[:–-]|[ ]?[ap]))"),
    ("date", "digit", "-./", rf"(?P<y>[12][0-9]{{3}})(?P<sep>[-/.])(?P<mo>[01]?[0-9])(?P=sep)(?P<d>[0-3]?[0-9])(?![0-9]|(?P=sep)[0-9])(?:T(?=[0-9]))?(?P<to>{_TO}(?:(?=[12][0-9]{{3}}[-/.])|(?P<mo2>[01]?[0-9])(?P=sep)(?P<d2>[0-3]?[0-9])(?![0-9]|(?P=sep)[0-9])))?"),
    ("date_year_last", "digit", "-./", r"(?P<a>[0-3]?[0-9])(?P<sep>[-/.])(?P<b>[0-3]?[0-9])(?P=sep)(?P<y>[12][0-9]{3})(?![0-9])"),
    ("slash_dates", "digit", "/", rf"(?P<mo>[01]?[0-9])/(?P<d>[0-3]?[0-9])(?P<to>{_TO})(?P<mo2>[01]?[0-9])/(?P<d2>[0-3]?[0-9])(?![0-9/])"),
    ("slash_days", "digit", "/", rf"(?P<mo>1[0-2]|0?[1-9])/(?P<d>[0-3]?[0-9])(?P<to>{_TO})(?P<d2>[0-3]?[0-9])(?![0-9/:.%]|[ ]?(?:[時时点點시]|[0-9]))"),
    ("dotted_range", "digit", ".", rf"(?P<mo>1?[0-9])\.(?P<d>[0-3]?[0-9])(?P<to>{_TO})(?P<mo2>1?[0-9])\.(?P<d2>[0-3]?[0-9])(?![0-9.%])"),
    ("percent_pair", "digit", "%", rf"(?P<a>{NUMBER})[ ]?/[ ]?(?P<b>{NUMBER})[ ]?%"),
    ("season", "digit", "-/–", rf"(?P<y>(?:19|20)[0-9]{{2}})[-/–](?P<y2>[0-9]{{2}})(?=\s?{_SEASON_WORD})"),
    ("slashed", "digit", "/", rf"(?P<a>(?:[0-9]{{1,3}},[0-9]{{3}}|[0-9]{{1,6}})(?:\.[0-9]{{1,3}})?)[ ]?/[ ]?(?P<b>[0-9]{{1,6}}(?:\.[0-9]{{1,3}})?)(?![0-9/]|[.,][0-9])(?:[ ]?(?P<unit>{_UNIT})(?![A-Za-z0-9²³µ/])|(?P<degrees>[度도]))?"),
    ("month_day", "digit", "-./", r"(?P<mo>[01]?[0-9])(?P<sep>[-/.])(?P<d>[0-3]?[0-9])(?![0-9%/]|[-./:][0-9])"),
    ("date_short", "digit", "/", r"(?P<mo>[01]?[0-9])/(?P<d>[0-3]?[0-9])/(?P<y>[0-9]{2})(?![0-9/])"),
    ("dotted_date", "digit", ".", r"(?P<y>[0-9]{2})\.(?P<mo>[01]?[0-9])\.(?P<d>[0-3]?[0-9])(?![0-9.])"),
    ("slash_list", "digit", "/", r"[0-9]{1,4}(?:/[0-9]{1,4}){2,5}(?![0-9/])"),
    ("year_month", "digit", "-./", r"(?P<y>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<mo>0[1-9]|1[0-2])(?![0-9]|[.:/-][0-9])"),
    ("month_year", "digit", "-./", r"(?P<mo>0[1-9]|1[0-2])(?P<sep>[-/.])(?P<y>(?:19|20)[0-9]{2})(?![0-9]|[./-][0-9])"),
    ("quarter", "digit", "", r"(?P<n>[1-4])(?P<part>[QH])(?P<y>(?:20)?[0-9]{2})(?![0-9A-Za-z])"),
    ("season", "letter", "FY", r"FY[ ]?(?P<y>(?:19|20)[0-9]{2})(?:[-/–](?P<y2>[0-9]{2}))?(?![0-9])"),
    ("month_date", "letter", "", rf"{_MONTH}(?:[ ]|-(?=[0-9]{{1,2}}(?![0-9])))(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9:.]?[0-9])(?P<to>{_TO}(?P<d2>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9]))?(?:(?:,?[ ]|-)(?P<y>[12][0-9]{{3}})(?![0-9,]))?"),
    ("month_and_year", "letter", "", rf"{_MONTH},?[ ](?P<y>[12][0-9]{{3}})(?![0-9,])"),
    ("era", "letter", ".年", r"(?P<era>[MTSHR])(?P<y>[0-9]{1,2})(?:\.(?P<mo>[01]?[0-9])\.(?P<d>[0-3]?[0-9])(?![0-9.])|(?=年))"),
    ("page", "letter", ".", r"[Pp]{1,2}\.[ ]?(?P<a>[0-9]{1,4})(?:[-~–](?P<b>[0-9]{1,4}))?(?![0-9A-Za-z.])"),
    ("limit", "letter", "", r"(?P<word>(?i:max|min|avg|tel|fax))(?=[0-9])"),
    ("month_name", "letter", "", rf"(?P<month>{_SHORT_MONTH})(?:\.|(?=[ ][0-9])|{_MONTH_LINK})"),
    ("date_month", "digit", "", rf"(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?[ ](?:of[ ])?{_MONTH}(?:,?[ ](?P<y>[12][0-9]{{3}})(?![0-9,]))?"),
    ("short_hour", "digit", "ap", rf"(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5][0-9]))?(?P<half>[ap])(?![A-Za-z0-9])(?P<to>{_TO}(?=(?:1[0-2]|[1-9])(?::[0-5][0-9])?[ap]))?"),
    ("verse", "digit", ":：", rf"(?P<c>[0-9]{{1,3}})[:：](?P<v>[0-9]{{1,3}})(?![0-9:：])(?:{_TO}(?P<v2>[0-9]{{1,3}})(?![0-9:：]))?"),
    ("duration", "digit", ":", r"(?P<h>[0-9]{1,3}):(?P<m>[0-5]?[0-9])(?::(?P<s>[0-5][0-9]))?(?![0-9:]|\.[0-9])(?P<unit>[ ]?min(?:ute)?s?\b)?"),
    ("clock", "digit", ":：", rf"{_CLOCK}{_ZONE}(?![0-9:：]|\.[0-9]){_HALF}?(?:(?<![aApPmM.])[分분](?![钟鐘之の]))?(?P<to>{_TO}(?=[0-9]{{1,2}}(?:[:：][0-5][0-9]|(?![0-9:：%/]|\.[0-9]|[ ]?{_TIME_TAKEN}))))?"),
    ("hour", "digit", "", rf"(?P<h>1[0-9]|2[0-4]|0?[0-9])(?:[.](?P<m>[0-5][0-9]))?{_HALF}(?P<to>{_TO}(?=[0-9]{{1,2}}[ ]?[AaPp:]))?"),
    ("hour_range", "digit", "-~–—", rf"(?P<h>1[0-9]|2[0-4]|0?[0-9])(?:[:.](?P<m>[0-5][0-9]))?(?P<to>{_TO})(?={_SECOND_HOUR})"),
    ("ratio", "digit", ":：", r"(?P<a>[0-9]{1,4}(?:\.[0-9]{1,3})?)(?:[ ][:：][ ]|[:：])(?P<b>[0-9]{1,4}(?:\.[0-9]{1,3}(?![0-9]))?)(?:[:：](?P<c>[0-9]{1,4}(?:\.[0-9]{1,3}(?![0-9]))?))?(?![0-9:：])"),
    # Money, percentages, quantities.
    ("sections", "symbol", "§", r"(?P<signs>§{1,2})[ ]?(?=[0-9])"),
    ("for_money", "digit", "/", r"(?P<n>[1-9]|1[0-9])/(?=[$€£][0-9])"),
    ("hundreds", "digit", "", r"(?P<n>10|100|1,?000|1,?000,?000)s(?=[ ]of\b)"),
    ("scientific", "digit", "eE", rf"(?P<a>{_SIGNED})[eE](?P<n>[-+]?[0-9]{{1,3}})(?![A-Za-z0-9-]|\.[0-9A-Za-z])"),
    ("temperature", "digit", "FC", rf"(?P<a>{_SIGNED})(?:{_TO}(?P<b>[0-9]{{1,3}}))?(?P<gap>[ ]?)(?P<unit>[FC])(?![A-Za-z0-9'+#]|-[A-Za-z]|/[A-Za-z])"),
    ("short_measure", "digit", "", rf"(?P<a>{NUMBER})(?P<gap>[ -]?)(?P<unit>{_MEASURES})(?![A-Za-z0-9']){_PACK_STOP}"),
    ("loss", "symbol", "", rf"(?P<currency>{_literally(list(SIGNS))})\((?P<amount>{NUMBER}){_MAGNITUDE}\)"),
    ("money_range", "symbol", "$€£", rf"(?P<currency>[$€£])(?P<a>{NUMBER})(?P<to>{_TO}|[ ]to[ ])(?P<again>[$€£])?(?P<b>{NUMBER}){_MAGNITUDE}(?:/(?P<per>{_DIVISOR})(?![A-Za-z]))?(?![0-9A-Za-z])"),
    ("money", "symbol", "", rf"(?P<sign>[-+±])?(?P<currency>{_SIGN_OR_CODE})[ ]?(?P<sign2>-)?(?P<amount>{_DECIMAL_COMMA}|{NUMBER}|\.[0-9]+){_MAGNITUDE}(?:/(?P<per>{_DIVISOR})(?![A-Za-z]))?{_TO_AMOUNT}"),
    ("money", "letter", "", rf"(?P<sign>[-+±])?(?P<currency>{_SIGN_OR_CODE})[ ]?(?P<sign2>-)?(?P<amount>{_DECIMAL_COMMA}|{NUMBER}|\.[0-9]+){_MAGNITUDE}(?:/(?P<per>{_DIVISOR})(?![A-Za-z]))?{_TO_AMOUNT}"),
    ("money_after", "digit", "", rf"(?P<sign>[-+±])?(?P<amount>{_DECIMAL_COMMA}|{NUMBER}){_MAGNITUDE}[ ]?(?P<currency>[$€£¥₩₹₽฿](?![0-9])|(?:{_literally(list(CODES))})(?![A-Za-z0-9]))(?:/(?P<per>{_DIVISOR})(?![A-Za-z]))?"),
    ("magnitude", "digit", "", rf"(?P<a>{NUMBER})(?:(?P<scale>[MBTKkwW])|[ ]?(?P<word>tn|trn|bn|mn)(?!{_OF_MANY}))(?P<plus>\+)?(?![A-Za-z0-9/']|-[A-Za-z]|-[0-9]{{3,}}(?![0-9.,]*[ ]?[MBTKkw]))(?P<to>{_TO}(?=[$€£¥]?[0-9][0-9.,]{{0,9}}[ ]?[MBTKkwbmt]))?"),
    ("percent", "digit", "%‰", rf"(?P<a>{_SIGNED})[ ]?(?P<first>[%‰])?(?P<to>{_TO})(?P<b>{_SIGNED})[ ]?(?P<mark>{_PERCENT})"),
    ("percent", "digit", "%‰", rf"(?P<a>{_SIGNED})[ ]?(?P<mark>{_PERCENT})"),
    ("decade", "digit", "", r"(?:(?P<y>[12][0-9]{2}0)[ ]?|(?P<short>[1-9]0))'?s(?![A-Za-z])"),
    ("compound", "digit", "/", rf"(?P<a>{_SIGNED})(?:{_TO}(?P<b>{_SIGNED}))?(?P<gap>[ ]?)(?P<unit>{_UNIT})(?:[·⋅](?P<times>{_UNIT}))?/\(?(?P<per>{_UNIT})(?P<power>[²³]|\^?[23])?(?:[·⋅](?P<per2>{_UNIT}))?\)?(?:/(?P<last>{_DIVISOR}))?(?![A-Za-z0-9²³µ/^])"),
    ("compound", "digit", "·⋅", rf"(?P<a>{_SIGNED})(?P<gap>[ ]?)(?P<unit>{_UNIT})[·⋅](?P<times>{_UNIT})(?![A-Za-z0-9²³µ/^])"),
    ("per_quantity", "digit", "/", rf"(?P<a>{_SIGNED})(?P<gap>[ ]?)(?P<unit>{_UNIT})[ ]?/[ ]?(?P<n>{NUMBER})[ ]?(?P<per>{_UNIT})(?![A-Za-z0-9²³µ/])"),
    ("quantity", "digit", "-~–—", rf"(?P<a>{_SIGNED})(?:[ ]?(?P<first>{_UNIT}))?(?P<to>{_TO})(?P<b>{_SIGNED})(?P<gap>[ ]?)(?P<unit>{_UNIT}){_UNIT_END}"),
    ("quantity", "digit", "", rf"(?P<a>{_SIGNED})(?:[ ](?P<word>million|billion|trillion|thousand)|(?P<short>[ ]?(?:mn|bn|tn)|[mkMB])(?=[ ])|(?P<han>{_HAN_SCALE}))?(?P<gap>[ ]|{_HYPHEN_UNIT})?(?P<unit>{_UNIT})(?:/(?P<per>{_DIVISOR}))?(?:{_UNIT_GOES_ON})(?:{_UNIT_STOP})?"),
    ("per_unit", "digit", "/", rf"(?P<a>{NUMBER})/(?P<per>[a-z][A-Za-z]{{1,4}}|[个個人次天月年日])(?![A-Za-z])"),
    # Numbers that are names: digit by digit.
    ("phone", "digit", "- ", rf"{_PLUS}(?:\([0-9]{{2,4}}\)[ -]?)?[0-9]{{2,5}}(?:[- ][0-9]{{3,8}}){{1,3}}(?:-[0-9])?(?![0-9]|[- ][0-9]{{2}})"),
    ("phone", "symbol", "", rf"{_PLUS}\([0-9]{{2,4}}\)[ -]?[0-9]{{6,8}}(?![0-9])"),
    ("phone_word", "digit", "-", r"1-8[0-9]{2}(?:-[A-Z0-9]{1,8}){1,3}(?![A-Za-z0-9-])"),
    ("phone", "symbol", "", rf"{_PLUS}\([0-9]{{2,4}}\)[ -]?[0-9]{{3,4}}(?:[- .][0-9]{{4}}){{1,2}}(?![0-9])"),
    ("phone", "digit", "-. ", rf"{_PLUS}\(?[0-9]{{3}}\)?[-. ][0-9]{{3}}[-. ][0-9]{{4}}(?:-[0-9]{{1,4}})?(?![0-9])"),
    ("phone", "digit", ".", r"0[0-9]{1,2}\.[0-9]{3,4}\.[0-9]{4}(?![0-9])"),
    ("phone", "digit", "-", r"0[0-9]{1,2}\)[ ]?[0-9]{3,4}-[0-9]{4}(?![0-9])"),
    ("phone", "digit", "", rf"{_PLUS}[0-9]{{2,13}}(?![0-9.,-]?[0-9])"),
    ("code", "digit", "", r"[0-9]{1,20}(?:[- ][0-9]{1,20}){0,7}(?![0-9.]?[0-9]|[A-Za-z])"),
    ("version", "digit", ".", r"[0-9]{1,4}(?:\.[0-9]{1,5}){2,5}(?:(?:-|\.)?(?P<tag>alpha|beta|rc|dev|a|b)\.?(?P<build>[0-9]{0,4}))?(?![0-9])"),
    ("version", "letter", "", r"[vV](?:er)?\.?[ ]?[0-9]{1,4}(?:\.[0-9]{1,5}){0,5}(?:(?:-|\.)?(?P<tag>alpha|beta|rc|dev|a|b)\.?(?P<build>[0-9]{0,4}))?(?![0-9A-Za-z])"),
    ("short_version", "digit", ".", r"(?:20[0-9]{2}|[0-9]{1,2})\.[0-9]{1,2}(?![0-9]|\.[0-9])"),
    # Counting.
    ("equation", "digit", "=", rf"{_SIGNED}(?:[ ]?[-+*/×÷xX·^][ ]?{NUMBER}){{1,20}}[ ]?(?==)"),
    ("sets", "digit", "-", r"(?P<sets>[0-7]-[0-7](?:\([0-9]{1,2}\))?(?:[,，、][ ]?[0-7]-[0-7](?:\([0-9]{1,2}\))?){1,4})(?![0-9-])"),
    ("sets", "digit", "-", r"(?P<sets>[0-9]{1,2}-[0-9]{1,2}(?:[,，、][ ]?[0-9]{1,2}-[0-9]{1,2}){1,6})(?![0-9-])"),
    ("sets", "digit", "-", r"(?P<sets>[67]-[67]\([0-9]{1,2}\))(?![0-9-])"),
    ("fraction", "digit", "/", rf"(?P<sign>[-+±])?(?:(?P<whole>[0-9]{{1,6}})(?:[ ]{{1,2}}|又|と|과|와|-(?=[1-9]/[0-9])))?(?P<n>[0-9]{{1,9}})[ ]?/[ ]?(?P<d>[0-9]{{1,12}})(?![0-9/])(?P<tail>th|rd|TH|RD)?(?:[ ]?(?P<unit>{_UNIT})(?![A-Za-z0-9²³µ/])(?:{_UNIT_STOP})?)?"),
    ("ordinal", "digit", "", r"(?P<n>[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:st|nd|rd|th|ST|ND|RD|TH)(?![A-Za-z])"),
    ("weekday", "symbol", "", r"[(（](?P<day>[月火水木金土日월화수목금토일一二三四五六])(?:[~](?P<day2>[月火水木金土日월화수목금토일一二三四五六]))?(?:[・、]?(?P<holiday>祝日?))?[)）]"),
    ("short_decade", "symbol", "", r"'(?P<y>[1-9]0)s(?![A-Za-z])"),
    ("short_year", "symbol", "", r"'(?P<y>[0-9]{2})(?![0-9A-Za-z])"),
    ("walk_off", "digit", "-", r"(?P<a>[0-9]{1,2})[xX]-(?P<b>[0-9]{1,2})(?![0-9A-Za-z-])"),
    ("times_by", "digit", "x×*X", rf"(?P<a>{NUMBER})(?:[ ]?[x×*][ ]?|X)(?P<b>{NUMBER})(?:(?:[ ]?[x×*][ ]?|X)(?P<c>{NUMBER}))?(?:(?P<many>s)(?![A-Za-z])|[ ]?(?P<unit>{_UNIT}){_UNIT_END}(?:{_UNIT_STOP})?)?(?![A-Za-z])"),
    ("dotted", "digit", ".·", r"(?P<a>[0-9]{1,2})(?P<mark>[·.])(?P<b>[0-9]{1,2})(?![0-9·]|\.[0-9])"),
    ("multiple", "digit", "x×", rf"(?P<a>{NUMBER})[x×](?![A-Za-z0-9²³]|[ ]?[-+=^<>][ ]?[0-9A-Za-z(])"),
    ("factorial", "digit", "!", rf"(?P<a>[0-9]{{1,4}})!(?={_IS_CALCULATED}|[ ]{COUNTED}|{OF_FACTORIAL})"),
    ("factorial", "letter", "!", rf"(?P<a>[nkmNr])!(?=\(|{_IS_CALCULATED}|{_IN_SENTENCE}|{OF_FACTORIAL})"),
    ("bracket_factorial", "symbol", "!", rf"\((?P<body>{_LETTER_TERM})\)!"),
    ("bracket_factorial", "symbol", "!", rf"\((?P<body>{_NUMBER_TERM})\)!(?={_IS_CALCULATED})"),
    ("stars", "digit", "★", rf"(?P<n>[0-9](?:\.[0-9])?)★(?P<thing>(?=[{CJK}]|[ ](?:hotels?|resorts?|reviews?|ratings?|호텔|리조트|숙소)))?"),
    ("grade", "digit", "＊", r"5(?P<stars>＊{1,2})"),
    ("counted", "digit", "", rf"(?P<a>{_SIGNED})(?:(?P<to>{_TO})(?P<b>{NUMBER}))?(?P<gap>[ ]?)(?=[^\x00-\x7f])"),
    ("range", "digit", "-~–—", rf"(?P<a>{_SIGNED})(?P<to>{_TO})(?P<b>{NUMBER})(?![A-Za-z0-9-]|\.[0-9]|[ ]{{0,2}}[0-9]{{1,2}}⁄)"),
    ("identifier", "digit", "", rf"[0-9]{{1,40}}(?:[A-Z][A-Za-z0-9]{{0,40}}(?:{_PART_OF_NAME}){{0,3}}|[a-z][A-Za-z0-9]{{0,40}})"),
    ("number", "digit", "", rf"(?P<a>{_SIGNED}|[-+±]?\.[0-9]{{1,40}})(?P<joint>-(?=[A-Za-z]))?(?P<scale>[ ]?[kK](?![A-Za-z]))?"),
    # Words in Latin letters.
    ("weekday_name", "letter", "", r"(?P<name>Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun)(?![A-Za-z'.])"),
    ("abbreviation", "letter", "", r"[A-Za-z](?:[A-Za-z]|\.(?=[A-Za-z]))*\.?(?:/[a-z]{1,2}(?![A-Za-z])|(?<=\bw)/)?"),
    ("roman", "letter", "", rf"(?P<n>(?:{_ROMAN_HUNDREDS})?{_ROMAN_TENS}{_ROMAN_ONES})(?![A-Za-z0-9'-]|\.[A-Za-z])"),
    ("identifier", "letter", "", rf"[A-Za-z]{{1,40}}-?[0-9][A-Za-z0-9]{{0,40}}(?:\.[0-9]{{1,10}}(?![0-9]))?(?:{_PART_OF_NAME}){{0,3}}"),
    ("suffixed", "letter", "-", r"[A-Z]{2,5}-[A-Z](?![A-Za-z0-9-])"),
    ("call", "letter", ".", r"[A-Za-z_][A-Za-z0-9_]{0,40}(?:\.[A-Za-z_][A-Za-z0-9_]{0,40}){1,4}(?=\()"),
    ("call", "letter", ".", rf"(?!{_SHORT})[a-z_][a-z0-9_]{{2,40}}(?:\.[a-z_][a-z0-9_]{{1,40}}){{1,3}}(?![A-Za-z0-9]|\.[A-Za-z0-9])"),
    ("call", "letter", ".", rf"{_MODULE}(?:\.[A-Za-z_][A-Za-z0-9_]{{0,40}}){{1,3}}(?![A-Za-z0-9]|\.[A-Za-z0-9])"),
    ("word", "letter", "", rf"[{LATIN}]+(?:'[{LATIN}]+)*"),
    ("link", "symbol", "", r"[ ]?[~–—-][ ]?(?=\w|\([0-9a-z]{1,3}\))"),
    ("per_thing", "symbol", "/", r"/[ ]?(?P<thing>[a-z]{2,10}|mL|dL|L)(?![A-Za-z/'-])"),
    ("per", "symbol", "", rf"/[ ]?(?:(?P<per>{_DIVISOR})(?![A-Za-z]){_STOP_INSIDE}|(?=[{CJK}]))"),
    ("circle", "symbol", "π", rf"π[ ]?(?P<unit>{_UNIT}){_UNIT_END}"),
    ("charge", "symbol", "", r"\^(?P<n>[0-9]?)(?P<sign>[-+])(?![0-9])"),
    ("power", "symbol", "", rf"\^(?P<n>-?[0-9]{{1,9}})(?:[ ]?(?P<unit>{_UNIT})(?:/(?P<per>{_UNIT})(?P<square>[²³]|\^?[23])?)?(?![A-Za-z0-9²³µ/^])|/(?P<each>{_UNIT}){_UNIT_END})?|(?P<raised>[²³])"),
    ("heart", "symbol", "", rf"<3{{1,9}}(?![.,:]?[0-9]|\s?[%°]|[^\W_]|\s(?:{_UNIT}|minutes|hours|days)(?![A-Za-z]))"),
    ("absolute", "symbol", "", r"\|(?P<body>-?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?|[a-zA-Z])(?:[-+][0-9a-zA-Z]{1,3})?)\|"),
    ("operator", "symbol", "", r"&&|\|\|"),
    ("trend", "symbol", "", r"[↑↓▲△▼▽]"),
    ("arrow", "symbol", "", r"(?:<?[-=]{1,3}>|[→⇒➜➔⟶↔⇔←⇐]|<--)[ ]?"),
    ("math", "symbol", "", r"[-+×÷=≈≠<>≤≥*/^±√∞]=?"),
    ("symbol", "symbol", "", r"[\s\S]"),
)  # fmt: skip

RULES = tuple(
    Rule(kind, start, frozenset(signs), pattern(source))
    for kind, start, signs, source in _SOURCES
)
BARE = tuple(
    rule
    for rule in RULES
    if rule.start == "digit"
    and not rule.signs
    and rule.kind in ("phone", "code", "counted", "number")
)
"""The rules for digits that can match where nothing but a word follows them."""
RANGE = tuple(
    rule
    for rule in RULES
    if rule.start == "digit" and rule.kind in ("counted", "range", "number")
)
"""Those where two numbers with a tilde stand before a word."""
WORD = tuple(
    rule
    for rule in RULES
    if rule.start == "letter"
    and rule.kind in ("formula", "abbreviation", "weekday_name", "roman", "word")
)
"""Those where letters stand alone before a word of a CJK script."""
PERCENT = tuple(rule for rule in RULES if rule.kind == "percent")[-1:]
QUANTITY = tuple(rule for rule in RULES if rule.kind == "quantity")[-1:]
WORDS_WITH_RULES = frozenset(
    word.rstrip(".").lower()
    for word in (*KINDS, *_MONTH_NAMES.split(), *CODES, *SPECIAL_WORDS, "ver")
)
"""Words that a rule may change although they are written in small letters."""
WORDS_AFTER_NUMBERS = frozenset(
    word.lower()
    for word in (
        *UNITS,
        *CODES,
        *_MONTH_NAMES.split(),
        *_SCALE_WORD.split("|"),
        *KINDS,
        "thousand",
        "more",
    )
)
"""Words that a rule may say together with the number before them."""
SIGNS_OF_RULES = frozenset[str]().union(*(rule.signs for rule in RULES))


@lru_cache(maxsize=1024)
def rules_for(start: Start, signs: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules that can match in a text that has these ``SIGNS_OF_RULES``."""
    return tuple(
        rule
        for rule in RULES
        if rule.start == start and (not rule.signs or rule.signs & signs)
    )
