"""Decide how a name is said that mixes letters and digits: B2B, 10k, 1Z999AA1, D2O.

Without a row that fits, letters are spelt or words, and numbers are said as short
numbers of the language are.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.magnitudes import RACE_AFTER, RACE_BEFORE
from wyoming_cosyvoice.text.decisions.table import Row, Table

_FROM_TO = "B2[BCG]|C2[BC]|D2C|F2F|G2[BC]|O2O|P2P"
# Eight letters and digits or more that begin with a digit and change twice at least.
_SERIAL = r"(?=(?:[-.]?[0-9A-Za-z]){8,}\Z)[0-9]+-?[A-Za-z].*[0-9].*"

_UNTIL_LAUNCH = "(?:seconds?|minutes?|hours?|days?|weeks?|and)"
_COUNTED = "(?:pts?|px|xp|pcs?|gb|mb|kb|tb|ep|hp|mp|won|yen|steps?|likes?|views?)"

_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,3})?"
_SHARE = r"\s?(?:%|[Bb][Pp]s?\b|[个個]?基[点點]|厘)"
_UNIT = "dB|[MGT]Hz|[kKMGT]B|mAh|kWh|kg|km|mm|cm"

IDENTIFIERS = Table(
    "A name of letters and digits",
    Row("zh yue ja ko", "", rf"[A-Z]{{1,5}}-{_NUMBER}", _SHARE, "word", "P-1.75%"),
    Row("zh yue ja ko", "", rf"[A-Z]{{1,5}}-{_NUMBER}[Bb][Pp]s?", "", "word", "LPR-20BP"),
    Row("zh yue ja ko", "", rf"[A-Z]{{2,6}}-{_NUMBER}(?:{_UNIT})", "", "word", "ANC-35dB対応"),
    Row("zh yue ja ko", "", "[1-9][0-9]{2}[GT]", "", "counted", "12+256G"),
    Row("*", "", "[a-z]{3,}-.*", "", "word", "covid-19: a word, then a number"),
    Row("en", RACE_BEFORE, "(?:5|8|10|15)k", RACE_AFTER, "letters", "the 5k on Saturday"),
    Row("*", "", "[0-9]{1,6}k", "", "thousands", "10k"),
    Row("*", "", _FROM_TO, "", "from to", "B2B"),
    Row("en", "", "[nijkmxyzt]-[0-9]{1,3}", "", "difference", "n-1"),
    Row("zh yue ja ko", r"[(（=+*×]\s?", "[nkmxyz]-[0-9]{1,3}", "", "difference", "2(x-3)=10"),
    Row("en", "", "T-[0-9]{1,4}", rf"\s{_UNTIL_LAUNCH}\b", "countdown", "T-10 minutes"),
    Row("*", "", r"([A-Z])[0-9]{1,2}-\1[0-9]{1,2}", "", "range", "Q1-Q3"),
    Row("zh yue", "", "[1-9]k[1-9]", "", "short thousands", "原价4k5"),
    Row("zh yue ja ko", "", rf"[0-9]{{3,6}}{_COUNTED}", "", "counted", "358pt"),
    Row("*", "", _SERIAL, "", "spelt", "1Z999AA1"),
)  # fmt: skip
