"""Decide what an English word is that is written short: St., Ave., NW, Sat, d. 1547.

The form is given as its kind: what the word is in ``english_words.KINDS``, or a weekday
that is a word too. ``full`` is said in full, ``one`` in full in the singular,
``kept`` as it is written; any other meaning is what is said.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.saints import CAPITAL, NAME_BEFORE, SAINT
from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_STREET = any_of("""
    Avenue Ave Street St Road Rd Boulevard Blvd Drive Dr Lane Ln Way Place Pl Parkway
    Pkwy Circle Cir Terrace Ter Trail Trl Plaza Pike Highway Hwy
""")
_WIND_BEFORE = r"\b(?i:winds?|heading|facing|moving|headed)\s(?:from\s)?(?:the\s)?"
_WIND_AFTER = r"\s(?:(?i:winds?|breeze)\b|(?:at\s)?[0-9]{1,3}(?:[-–][0-9]{1,3})?\s?(?:mph|km/h|kts?|knots|m/s))"
_HIGHWAY = r"\b(?:(?:I|US|SR)[- ]|(?:Route|Rte\.?|Rt\.?|Hwy\.?|Highway|Interstate)\s)[0-9]{1,3}[A-Z]?\s"
_RATE = any_of("""
    rates? inflation yields? growth margins? share turnout unemployment up down rose fell ticked gained lost
    climbed dropped slipped leads? polls? gdp cpi higher lower widened narrowed
""")
_ADDRESS = rf"\s(?:[A-Z][a-z]+|[0-9]{{1,3}}(?:st|nd|rd|th))\s{_STREET}\b"
_YEAR = r"\s?(?:in\s|c\.\s)?(?:[1-9][0-9]{2,3}\b|[1-9][0-9]{1,3}\s?(?:BCE?|AD|CE)\b)"
_SORT_OF_ROOM = any_of(
    "(?i:conf\\.?|conference|living|dining|meeting|class|bath|laundry|guest|board)"
)
_TOWN = r"[A-Z][a-z]+,\s"
_ONE = r"\b(?i:an?|per|each|every|last|next|this|the|one)\s"
_NAME = r"[A-Z][\w.'-]*\s"
_ROMAN = "(?:[IVXLC]{2,6}|[VX])"
_VERSE = r"\s[0-9]{1,3}:[0-9]{1,3}"
_DAY = any_of("Mon Tues? Wed Thu(?:rs?)? Fri Sat Sun")
_DAY_JOINT = r"[-–~/&,]|and|or|to"
_DAY_WORD = any_of("""
    on every each until till by next last this from through closed open since opens due
""")
_DAY_BEFORE = rf"{_DAY}[a-z]*\.?\s?(?:{_DAY_JOINT})\s?|\b(?i:{_DAY_WORD})\s"
_DAY_GOES_ON = rf"\s?(?:[-–~/&,]|and\b|or\b|to\b)\s?{_DAY}"
_DAY_TIME = r"[0-9]|at\b|noon|night|morning|evening|[A-Z][a-z]{2}\s[0-9]"
_DAY_AFTER = rf"{_DAY_GOES_ON}|,?\s(?:{_DAY_TIME})|:\s"

SHORT_WORDS = Table(
    "An English word that is written short",
    Row("en", "", r"saint\.?", SAINT, "Saint", "St. Louis"),
    Row("en", NAME_BEFORE, r"saint\.?", "", "Street", "Main St."),
    Row("en", "", r"saint\.?", CAPITAL, "Saint", "St. Ambrose"),
    Row("en", "", r"saint\.", "", "Street", "the St. is long"),
    Row("en", "", "saint", "", "kept", "the ST"),
    Row("en", r"\b(?i:dew|freezing|boiling|melting)\s", "measure", "", "one", "dew pt."),
    Row("en", rf"[0-9]-|(?<![0-9.])1\s?|{_ONE}", "measure", "", "one", "a 12-oz. can, 1 lg. egg, a wk. ago"),
    Row("en", r"[0-9][kKM]?\s?|\b(?:sq(?:\.|uare)?|cu(?:\.|bic)?|fl\.?)\s", "measure", "", "full", "31 pts, 12 fl oz"),
    Row("en", "", "measure", "", "kept", "cu. in. is no measure alone"),
    Row("en", r"\b(?i:all|tax)-", "including", "", "inclusive", "all-incl."),
    Row("en", "", "ambassador", r"\s(?:to\s|[A-Z])", "full", "the amb. to Peru"),
    Row("en", "", "ambassador", "", "kept", "amb. is ambient too"),
    Row("en", r"[0-9]\s?", "each", "", "full", "$5 ea"),
    Row("en", "", "each", "", "kept", "ea is a word elsewhere"),
    Row("en", "", "including", "", "full", "incl. tax"),
    Row("en", r"[$€£₹][0-9.,]{1,9}\s?", "person", "", "full", "$899 pp"),
    Row("en", r"[$€£₹][0-9.,]{1,9}\s?", "pages", r"(?!\s?[0-9])", "per person", "$99 pp."),
    Row("en", "", "person", "", "kept", "pp is also pages"),
    Row("en", rf"\b(?i:{_RATE}){NEAR}(?<![0-9.])1\s?", "points", "", "one", "inflation rose 1 ppt"),
    Row("en", rf"\b(?i:{_RATE}){NEAR}[0-9]\s?", "points", "", "full", "the rate rose 0.2 ppt"),
    Row("en", "", "points", "", "kept", "lead of 4 ppt is parts per trillion"),
    Row("en", NAME_BEFORE, "street", "", "full", "Fifth Ave"),
    Row("en", "", "street", "", "kept", "Ct. of Appeals"),
    Row("en", rf"\b{_STREET}\.?,?\s", "quarter", "", "full", "Pennsylvania Ave. NW"),
    Row("en", _WIND_BEFORE, "quarter", "", "full", "winds NW"),
    Row("en", "", "quarter", _WIND_AFTER, "full", "SW 10 mph, NE winds"),
    Row("en", r"\b(?:miles?|mi\.?|km|kilometers|feet|ft\.?|blocks?|just)\s", "quarter", r"\sof\b", "full", "2 miles E. of town"),
    Row("en", "[°'\"]\\s?", "quarter", "", "full", "51' N"),
    Row("en", _HIGHWAY, "quarter", r"(?![A-Za-z'-])", "full", "I-495 N, US-1 S"),
    Row("en", "[0-9]\\s", "quarter", _ADDRESS, "full", "42 W. 5th St."),
    Row("en", "", "quarter", "", "kept", "NW"),
    Row("en", r"[0-9]\s?", "minimum", "", "minutes", "5 min."),
    Row("en", r"(?:^|\s)[A-G](?:[#♭]|\s?-?(?:sharp|flat))?\s", "minimum", "", "minor", "in D min."),
    Row("en", "", "minimum", "", "full", "min. 5 people"),
    Row("en", r"[0-9]\s?", "section", "", "seconds", "30 sec."),
    Row("en", _NAME, "verse", r"\s(?:[A-Z]|the\s)", "versus", "Roe v. Wade"),
    Row("en", r"[0-9](?:st|nd|rd|th)\s", "floor", "", "full", "3rd fl."),
    Row("en", r"[0-9]\s", "floor", r"\s?oz", "fluid", "12 fl. oz."),
    Row("en", "", "floor", "", "kept", "fl. is fluid too"),
    Row("en", "", "conference", r"\s(?:(?i:code|no|number)\b|#)", "confirmation", "Conf. code"),
    Row("en", "", "conference", "", "full", "conf. room"),
    Row("en", r"(?:years?|yrs?\.?|relevant|work|no|of)\s", "experience", "", "experience", "10 yrs. exp."),
    Row("en", "", "experience", r"\s?[0-9A-Z]", "full", "exp. 05/26"),
    Row("en", "", "experience", "", "kept", "exp. is also exponential"),
    Row("en", "", "reference", r"\s?(?i:no|number|code|id|#|[0-9])", "full", "Ref. no."),
    Row("en", "", "reference", "", "kept", "the ref. blew"),
    Row("en", _NAME, "defeated", r"\s[A-Z]", "full", "Djokovic def. Alcaraz"),
    Row("en", "", "defeated", "", "kept", "def. is definitely"),
    Row("en", r"(?<![0-9.])1\s|[/⁄][0-9]{1,2}\s", "spoon", r"\s[a-z]", "one", "1 t. salt"),
    Row("en", r"[0-9]\s", "spoon", r"\s[a-z]", "full", "2 T. butter"),
    Row("en", "", "spoon", "", "kept", "t. is a letter"),
    Row("en", rf"\b{_SORT_OF_ROOM}\s", "numbered", "", "full", "conf. rm."),
    Row("en", _TOWN, "state", r"\s[0-9]{5}", "full", "Santa Clara, CA 95051"),
    Row("en", "", "state", "", "kept", "MD is a doctor too"),
    Row("en", r"[0-9](?:st|nd|rd|th)\s", "numbered", "", "full", "2nd Fl."),
    Row("en", "", "(?:numbered|pages|section|verse)", rf"\s{{0,2}}(?:about\s)?[#(]?[0-9#(]|\s[A-Z]{{1,5}}-?[0-9]|\s{_ROMAN}\b", "full", "No. 5, pp. 112, Ch. XIV"),
    Row("en", "", "(?:section|verse)", "", "kept", "v. is a letter"),
    Row("en", "", "book(?: or title)?", _VERSE, "book", "Rom. 8:28"),
    Row("en", "", "book", "", "kept", "Num. is short"),
    Row("en", "", "book or title", "", "full", "Gen. Patton, Rev. Smith"),
    Row("en", "", "numbered|pages", "", "kept", "No. I will not"),
    Row("en", "", "place", _VERSE, "Matthew", "Mt 5:3"),
    Row("en", "", "place", r"\s[A-Z]", "full", "Mt Everest"),
    Row("en", "", "place", "", "kept", "5 Ft"),
    Row("en", r"[0-9](?:\s{1,2}|-)[0-9]{1,2}[/⁄][0-9]{1,2}\s", "cup", "", "cups", "1 1/2 c. flour"),
    Row("en", r"[/⁄][0-9]{1,2}\s|(?<![0-9.])1\s", "cup", "", "cup", "1/4 c. sugar"),
    Row("en", r"[0-9]\s", "cup", "", "cups", "2 c. flour"),
    Row("en", "", "(?:life|cup)", _YEAR, "full", "d. 1547, c. 1500"),
    Row("en", "", "(?:life|cup)", "", "kept", "b. is a letter"),
    Row("en", NAME_BEFORE, "doctor", r"\s?(?:[a-z,;]|$)", "Drive", "Oak Dr."),
    Row("en", "", "doctor", "", "Doctor", "Dr. Smith"),
    Row("en", _DAY_BEFORE, "weekday", "", "full", "Mon-Wed, closed Sun"),
    Row("en", "", "weekday", _DAY_AFTER, "full", "Sat at noon"),
    Row("en", "", "weekday", "", "kept", "He sat in the Sun"),
    Row("en", r"(?i:open|closed|hours|daily|weekdays|runs|alarms?|[ap]\.?m\.?|[0-9]),?[:\s(]\s?", "letters of days", "", "full", "6 AM M-F"),
    Row("en", "", "letters of days", r",?:?\s(?:[0-9]|from|at|only|all)", "full", "M-F 9-5"),
    Row("en", "", "letters of days", "", "kept", "M-F may be male to female"),
    Row("en", "", "plain", "", "full", "Mr., etc."),
)  # fmt: skip
