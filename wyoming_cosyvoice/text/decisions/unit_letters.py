"""Decide whether letters behind a number are a unit: 16 A, 4K, 25 bps, 42 W. 5th St.

``unit`` is the unit that they look like, ``word`` none; any other meaning is the symbol
of the unit that they stand for.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.bare_numbers import STREET, TIME_BEFORE
from wyoming_cosyvoice.text.decisions.magnitudes import PLACE_BEFORE
from wyoming_cosyvoice.text.decisions.spoons import FOOD, HEAVY
from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_CURRENT_ENGLISH = any_of(r"""
    current breaker fuse draws? drawing charg\w+ trips? rated limit max(?:imum)? amps?
""")
_CURRENT = rf"(?:电流|電流|電源|전류|\b(?i:{_CURRENT_ENGLISH})\b)"
_CURRENT_FOLLOWS = r"\s?(?:fuse|breaker|circuit|current|charg|socket|outlet)"
_COLOR_ENGLISH = any_of("color_temp colour_temp kelvin warm cool_white light")
_COLOR = f"(?:色温|色溫|色温度|색온도|(?i:{_COLOR_ENGLISH}))"
_RATE_ENGLISH = any_of("""
    rates? cut cuts hike hikes hiked raised lowered yields? spread basis Fed ECB bonds?
    mortgage widened narrowed
""")
_RATE = rf"(?:降息|加息|利率|收益率|金利|利上げ|利下げ|금리|인하|인상|\b(?i:{_RATE_ENGLISH})\b)"
_RATE_FOLLOWS = r"\s(?i:rate|cut|hike|rise|increase|drop|lower|higher|above|below|to\s[0-9.]+%)|(?:降|加|上|下|利)"
_COOK = any_of(
    "bake cook roast simmer boil fry grill rest chill steam proof knead wait"
)
_ROAD = any_of("routes? rte\\.? rt\\.? highways? hwy\\.? road interstate exit i-? us")
_MINUTES_ENGLISH = any_of("""
    bak(?:e|ing) cook(?:ing)? roast(?:ing)? simmer boil fry rest chill steam prep(?:aration)? total active time timer wait
    for_another in_about eta back home there ready leaving every took snooze delay(?:ed)? video episode
""")
_MINUTES_BEFORE = rf"\b(?i:{_MINUTES_ENGLISH})\b:?\s?(?i:for|in|of|time|about|after|by)?:?\s?~?(?:[0-9]\s?h\s?)?"
_JEWEL = any_of("""
    diamonds? gold rings? necklaces? pendants? bracelets? earrings? studs? gems? gemstones? sapphires? rubies ruby
    emeralds? solitaires?
""")
_STONE = any_of("white yellow rose round oval princess-cut lab-grown cut total solid")
_LASTING = r"(?:(?<![=(+*-]\s)\bx|×|\b(?i:for|after|within|every|over|lasts?|another))\s?(?:[0-9]{1,3}[-–])?"
_IN_SPACE = "(?:print|model|scan|render|movie|film|glass|anim|shape|object|view|game)"
_WIND = any_of("winds? headwinds? tailwinds? crosswinds? airspeed speed drift current")
_FLOWN = any_of(
    "speeds cruis(?:e|es|ed|ing) gusts? gusting approach stall flew flying flies sail(?:s|ed|ing)?"
)
_SHIFT = any_of("""
    gap rise drop increase decrease decline lead gain swing shift jump fall cut hike higher lower below above
""")
_WEIGHED = any_of("""
    emi(?:t|ts|tted|ssions?) exports? exported imports? imported output production produc(?:es?|ed) harvest(?:ed)? crop
    cargo loads? loaded payload weigh(?:s|ed|ing)? weight tonnage carr(?:y|ies|ied) yields? yielded shipped lifts? lifted
    displac(?:es?|ing|ement) mass
""")
_BLAST = any_of("""
    TNT nuclear atomic thermonuclear yields? bombs? blasts? explosions? explosive warheads? devices? weapons? tests? impacts? asteroids? eruptions?
""")
_BLAST_CJK = any_of(
    "当量 當量 核 炸 爆 原爆 폭발 폭탄 원폭 핵 배출 排放 排出 产量 產量 産出 生産 생산"
)
_OF_GOODS = rf"\s(?:of\s(?!{_WIND}\b)|CO2|CO₂|TNT|per\syear|a\syear|(?i:{_BLAST})\b)|/(?:yr|year|a)\b"
_PACKAGE = any_of(
    "pack box bag case carton jar tub tray bottle pkg package roll canister sleeve crate"
)
_READ = any_of("""
    read(?:ing)? books? papers? reports? essays? thes[ie]s chapters? manuals? novels? wrote written printed? hardcover paperback
    homework packet draft manuscript transcript brochure dissertation memoir skim(?:med)? assigned
""")
_TEXT = any_of(
    "text notes reading footnotes copy prose content writing material documents? homework"
)
_OF_TEXT = rf"\s(?:of\s{_TEXT}|long|by\s[A-Z][a-z]+|due|hardcover|paperback)\b"
_MOVED = any_of("""
    grew grows grow rose rises? fell falls? drop(?:s|ped)? gained? lost climbed slipped up down widened narrowed by leads?
    ahead margin margins swing share lower higher
""")
_TOUCHING = any_of("in A K C F N J M MM d t B at")
_LATIN_WORD = r"(?:^|[^0-9A-Za-z])[A-Za-z]+-?"

_BUS = r"(?:巴士|小巴|公交|专线|專線|[搭坐乘]|登[机機]口|閘口|버스|バス)\s?"

_WORN = r"\b(?:(?i:sizes?|sz\.?|(?:wo)?men'?s|shoes?|boots?)|US|UK)[:,]?\s"
_OTHER_SIZES = r"(?:[0-9.]{1,4}\s?[A-Z]{1,2},?\s(?:(?:and|or)\s)?){0,2}"
_POWERED = any_of("""
    LEDs? bulbs? lamps? lights? panels? heaters? chargers? adapters? power speakers? motors? flashlights? solar fans?
""")

_N = "[-+±0-9.,]+"

UNIT_LETTERS = Table(
    "Letters behind a number",
    Row("*", _CURRENT + NEAR, f"{_N} A", "", "unit", "a fuse of 16 A"),
    Row("*", "", f"{_N} A", _CURRENT_FOLLOWS, "unit", "16 A fuse"),
    Row("*", "", r"[-+]?[0-9]+\.[0-9]+ [AK]", "(?![A-Za-z])", "unit", "3.2 A, 0.1 K"),
    Row("*", r"(?:T|temp[a-z]*)\s?[=≈:]\s?", f"{_N} K", "", "unit", "ΔT = 15 K"),
    Row("*", _BUS, "[0-9]{1,3}[A-Z]", "", "word", "巴士1A"),
    Row("en", _WORN + _OTHER_SIZES, r"(?:[4-9]|1[0-3])(?:\.5|\s{1,2}1[/⁄]2)? ?W", rf"(?!\s{_POWERED})", "wide", "Size 8 W, men's 10.5W"),
    Row("*", PLACE_BEFORE, f"{_N} ?[A-Z]", "", "word", "seat 23K"),
    Row("ja", "", f"{_N}V", "型", "word", "55V型"),
    Row("*", "", f"{_N} ?[A-F]", r"\s?(?:석|席|座|号|號|호|번|동|栋|棟|班|반|组|組|조|등급|级|級|型|형|码|碼|罩?杯|컵|カップ)", "word", "12A석, 3B栋, 92A码"),
    Row("zh yue ja ko", "", "[0-9]{1,2}[A-F]", "-[0-9]{1,4}(?![0-9A-Za-z.])", "word", "在3A-502开会"),
    Row("en", _LASTING, f"{_N} d", rf"(?!\s{_IN_SPACE})", "unit", "BID x 14 d, for 3 d"),
    Row("en", "", "[0-9.,]+[- ]?t", rf"\s{HEAVY}\b", "unit", "a 40-t truck"),
    Row("en", "", "[0-9.,]+ t", rf"\sof\s(?!{FOOD}\b)|\s(?:CO2|CO₂)", "unit", "5 t of coal"),
    Row("en", "", r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)? t", r"(?!\s?[=<>(]|\s(?:tests?|statistics?)\b)", "unit", "1,200 t in May"),
    Row("en", rf"\b(?i:{_WEIGHED})\b{NEAR}", "[0-9.,]+ t", r"(?!\s?[=<>(]|\s(?:tests?|statistics?)\b)", "unit", "exports fell to 30 t"),
    Row("en", "", "[0-9.,]+ Mt", r"\.?\s(?!TNT|CO)[A-Z]", "word", "2 Mt Hood trails"),
    Row("en", "", "[0-9]+[ -]?ct", rf"\.?\s{_PACKAGE}\b", "count", "a 24 ct. box"),
    Row("en", r"(?:^|[.;]\s)[A-Z][a-z]+(?:\s[a-z]+){0,3},\s|[a-z]\s\(", "[1-9][0-9]* ct", r"\.?(?:$|[),;]|\s[$])", "count", "Eggs, 18 ct"),
    Row("en", "", "[0-9.]+[ -]?ct|[0-9]{1,2}[ -]?kt", rf"\.?\s(?i:{_STONE}\s)?(?i:{_JEWEL}|tw)\b", "carat", "a 1 ct diamond, 14kt gold"),
    Row("en", rf"\b(?i:{_JEWEL})\b{NEAR}", "[0-9.]+[ -]?ct", r"(?!/|\.?\s(?:pack|box|bag|case|count))", "carat", "diamonds of 2 ct"),
    Row("en", "", r"[0-9]?\.[0-9]{1,2} ?ct", "(?!/)", "carat", "0.25 ct"),
    Row("en", rf"\b(?i:{_WIND}|{_FLOWN})\b{NEAR}", "[0-9.,]+[- ]?kt", "", "unit", "speed tests at 120 kt"),
    Row("en", "", "[0-9.,]+[- ]?kt", _OF_GOODS, "kiloton", "3 kt of copper, a 20 kt bomb"),
    Row("en", rf"\b(?i:{_WEIGHED}|{_BLAST})\b{NEAR}", "[0-9.,]+[- ]?kt", r"(?!\s?(?:winds?|headwind|gusts?))", "kiloton", "a yield of 20 kt"),
    Row("zh yue ja ko", _BLAST_CJK + NEAR, "[0-9.,]+ ?kt", "", "kiloton", "当量20 kt"),
    Row("en", rf"\b(?i:{_MOVED})(?:\s(?:by|of|about))?\s", "[0-9]+ pp", "", "unit", "grew by 20 pp"),
    Row("en", "", "[0-9]+ pp", rf"\s{_SHIFT}\b", "unit", "the paper finds a 3 pp gap"),
    Row("en", rf"\b(?i:{_READ})\b{NEAR}", "[0-9]+ pp", "", "pages", "a book of 320 pp"),
    Row("en", "", "[0-9]+ pp", _OF_TEXT, "pages", "20 pp of text"),
    Row("*", "", "[1-9],?[0-9]{3} K", "", "unit", "2700 K"),
    Row("*", "", f"{_N} {_TOUCHING}", "", "word", "5 in all, 3 A students"),
    Row("*", r"[0-9]\s?h\s?", f"{_N} ?m", "", "min", "1h 5m"),
    Row("*", "", f"{_N} ?m", r"\s?[0-9]{1,2}\s?s(?![A-Za-z])", "min", "5m30s"),
    Row("en", "", "7[0-8]7 ?s", "", "word", "747s: airliners"),
    Row("en", "", r"(?:0|5|10|15|20|25) ?W", r"-(?:[2-6]0|16)\b", "word", "5W-30 oil"),
    Row("en", rf"\b(?i:{_ROAD})\s", "[0-9]{1,3}[A-Z]", "", "word", "Route 9W"),
    Row("en", TIME_BEFORE, "[012][0-9][0-5][0-9] hrs", "", "word", "at 1400 hrs"),
    Row("en", rf"\b(?i:{_COOK})[^.!?]{{0,30}}", "[1-9][0-9]? ?m", "", "min", "bake at 425F for 20m"),
    Row("en", _MINUTES_BEFORE, f"{_N} ?m", "", "min", "cook: 20m, back in 15m"),
    Row("en", "", f"{_N} ?m", r"\s(?:ago|left|later|drive|commute|timer|nap|break|cook|prep|delay|wait|workout|walk away)\b", "min", "5m ago"),
    Row("en", "", "(?:9[0-9]{2}|1,?0[0-9]{2})(?:\\.[0-9]+)? ?mb", "", "mbar", "1013 mb"),
    Row("en", "", r"[0-9]{1,3} ?bps", r"(?!\s(?:modem|link|baud|connection|stream))", "bp", "50bps"),
    Row("*", "", r"[-+]?[0-9]+ pp", r"\.|,\s[A-Za-z]", "word", "320 pp."),
    Row("*", "", "[-+±0-9.,]{4,}K", "", "unit", "2700K"),
    Row("*", _COLOR + NEAR, f"{_N}K", "", "unit", "色温800K"),
    Row("*", "", f"{_N}K", "", "word", "4K"),
    Row("*", "", f"{_N} ?[MBTCFD]", "", "word", "seat 5B, 3D"),
    Row("zh yue ja ko", "", f"{_N} ?BP", "", "bp", "LPR-20BP"),
    Row("*", "", f"{_N} ?BP", "", "word", "BP in capitals"),
    Row("*", _RATE + NEAR, f"{_N} ?bps?", "", "bp", "cut rates by 25 bps"),
    Row("*", "", f"{_N} ?bps?", _RATE_FOLLOWS, "bp", "a 25 bps cut"),
    Row("*", _LATIN_WORD, f"{_N} ?[ACFNJMVWKBtTDdhmsgLl]", "", "word", "Model-3 m"),
    Row("*", "", f"{_N} ?[NSEW]", rf"\.?{STREET}", "word", "42 W. 5th St."),
    Row("*", "", f"{_N} ?in", "-", "word", "a 3in-1 tool"),
    Row("*", "", f"{_N} ?d", "[A-Za-z]", "word", "3data"),
    Row("*", "", "", "", "unit", "5 km"),
)  # fmt: skip

DOUBTFUL_UNITS = frozenset(
    ("ct", "kt", "Mt", "pp", "hrs", "mb", "bps", "bp", "BP", "in", "MM")
)
"""The units of two letters and more that a row speaks of, and so does one of any letter."""
PLAIN_UNIT = UNIT_LETTERS.rows[-1]
"""What all others are."""

_MEASURE = any_of("of wide tall long thick deep high above below from in and to at")

_HEAT = any_of("""
    oven preheat preheated bake baked baking roast roasted grill heat heated temp temps temperature temperatures
    thermostat high highs low lows wind_chill index weather forecast ac a/c heater freezer fridge water cool cooled
    fever set feels felt hits hit reach reached near around about above below
""")
_WARM = any_of("""
    outside inside today tonight tomorrow oven heat weather degrees for until and_sunny water now
""")
_NO_HEAT = any_of("seat row gate apt unit room grade size bra class exit column bus")

TEMPERATURES = Table(
    "F or C behind a number",
    Row("en", rf"\b(?i:{_NO_HEAT})\.?\s", "", "", "word", "seat 14F"),
    Row("en", rf"\b(?i:{_HEAT})\b[^.!?]{{0,25}}", "", "", "temperature", "preheat to 425F, highs 75-80F"),
    Row("en", "", r"-?[0-9]{1,3}(?:\.[0-9])?[FC]", rf",?\s{_WARM}\b", "temperature", "21C inside"),
    Row("en", "", r"-[0-9]{1,2}[FC]", "", "temperature", "-15F"),
    Row("en", r"(?:[0-9]\s?[FC]|°[FC]|degrees)[^.!?]{0,25}", "[0-9]{1,3} ?[FC]", "", "temperature", "-15F, or -26C"),
    Row("en", "", r"[0-9]{1,3} ?[FC]", r"[\s(/]{1,3}-?[0-9]{1,3}\s?°?[FC]\b", "temperature", "425F/220C"),
    Row("en", "", r"[1-9][0-9]{1,2}F", "", "temperature", "it's 72F"),
    Row("en", "", r"[1-5][0-9]0 F", "", "temperature", "350 F"),
)  # fmt: skip
"""Without a row that fits it is a letter."""

_NAMED_DAY = any_of("""
    Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
""")
_GOES_ON = any_of("""
    so fell fallen as at this since in after before short apart away remain another more and with by then or but is was x on per overnight today tonight tomorrow
    total expected possible
""")

INCHES = Table(
    "Inches",
    Row("*", "", "", r"-[a-z]", "size", '1/4"-thick'),
    Row("en", "", "", r"\s[48]K\b", "size", '65" 4K TV'),
    Row("*", "", "", rf"\s{_MEASURE}\b", "measure", '0.2" of rain'),
    Row("en", "", "", rf"\s(?:{_NAMED_DAY}[a-z]*|{_GOES_ON})\b", "measure", '3" by noon'),
    Row("en", "", "", r"\s?Hg", "measure", '29.92" Hg'),
    Row("*", "", "", r"\s[A-Za-z]", "size", 'a 55" TV'),
    Row("*", "", "", "", "measure", 'it is 5"'),
)  # fmt: skip

_SIZED = any_of(
    "ladder ceiling tree boat board fence pole pipe section clearance truck x"
)
_SIDE = any_of("tall wide long high deep above below of from")
_GOAL = any_of("minute min\\. goal 分 분")
_GOAL_WORD = any_of("""
    goals? scored? scores header penalty substitute[ds]? replaced kick-?off card minute
""")
_SCORER = r"[A-Z][a-z]+\s?\(?(?:[0-9+]{1,5}'(?:\s?[a-z.]{1,5})?,\s){0,4}"
_GOAL_BEFORE = rf"\b(?i:{_GOAL_WORD})\b.{{0,20}}|{_SCORER}"
_COOK_BEFORE = rf"\b(?i:{_COOK})(?:\s[a-z]+)?(?:\sfor)?\s"

PRIMES = Table(
    "A number with one stroke",
    Row("*", "", "", rf"\s?(?:\([^)]*\)\s)?{_GOAL}", "number", "the 90+3' minute"),
    Row("*", "", r".*\+.*", "", "number", "Messi 90+3'"),
    Row("en", "", "", rf"\s{_SIZED}\b", "size", "a 12' ladder"),
    Row("*", "", "", rf"\s{_SIDE}\b", "measure", "it is 12' tall"),
    Row("en", _GOAL_BEFORE, "", "", "number", "scored in the 45'"),
    Row("en", _COOK_BEFORE, "", "", "minutes", "rest 5'"),
    Row("en", r"(?i:\ban?|\bthe)\s", "", r"\s[a-z]", "size", "a 20' container"),
    Row("en", "", "", "", "measure", "the rug is 5'"),
)  # fmt: skip
"""Without a row that fits the stroke ends what is quoted."""

_RUNS = "[走跑]|タイム|記録|成绩|成績|用時|完走|달리|기록|완주"

FEET = Table(
    "Feet and inches, or minutes and seconds",
    Row(
        "*",
        "(?:配速|用时|ペース|페이스|(?i:pace))[^0-9]{0,8}",
        "",
        "",
        "time",
        "配速5'30″",
    ),
    Row("zh yue ja ko", f"(?:{_RUNS})[^0-9。]{{0,12}}", "", "", "time", "走って50'30″"),
    Row(
        "*",
        "",
        r"[0-9]+'\s?(?:1[2-9]|[2-5][0-9]).*",
        "",
        "time",
        "25'30″: a foot has 12 inches",
    ),
    Row("*", "", "", "", "length", "6'2″ tall"),
)
