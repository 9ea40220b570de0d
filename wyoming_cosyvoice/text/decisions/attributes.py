"""Decide whether a quantity describes the word behind it: a 12 oz can, a $5 bill.

What describes is in the singular: a five dollar bill, a ten kilometer run.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_ARTICLE = any_of("""
    an? the this that another each every his her my your our their its one first new old
    single whole huge small large free
""")
_BEFORE = rf"(?:^|\s|\()(?i:{_ARTICLE})\s(?:[a-z]+\s)?"
# Behind these a quantity is one of its own: the 5 km that we ran, a $5 for lunch.
_NO_NOUN = any_of("""
    of in on at to for from by with and or but is was are were be been has have had will would
    can could may might should must that which who than as so if when while after before until
    per each every over under above below off away ago later more less left long wide tall
    high deep thick apart into onto via about around between plus minus it he she they we you
    i all total worth today tomorrow yesterday now then because since through during within
    without against across a an the this its not do does did just only up down out back here
    there near yet also too if via vs versus or nor contains? provides? delivers? costs? equals? makes? takes? gives? weighs?
""")
_NOUN = rf"(?!\s(?i:{_NO_NOUN})(?![a-z]))\s[A-Za-z][A-Za-z-]"
_CONTAINER = any_of("""
    cans? bottles? jars? bags? boxes box packages? packets? packs? cartons? tins? steaks?
    blocks? fillets? filets? containers? tubs? slices? glass(?:es)? pans? dish(?:es)? bars? sticks?
    rolls? tubes? pouch(?:es)? mugs? bowls? burgers? patties
""")
_GEAR = any_of("""
    SSD HDD RAM drives? screens? displays? monitors? TVs? batter(?:y|ies) charg(?:ers?|ing) bulbs?
    lens(?:es)? laptops? phones? models? cameras? motors? engines? tanks? adapters? cables? ladders?
    angles? turns? bends? weather rotation heat races? relays? radius freestyle dash hurdles backstroke butterfly breaststroke
""")
_PRICED = any_of("""
    bills? coins? notes? gift_cards? tickets? fees? fines? bonus(?:es)? coupons? vouchers? deposits? rebates?
    discounts? credits? donations? loans? grants? prizes? tips? minimum copays? co-pays? budgets? deals? homes?
    houses? investments? lawsuits? settlements? contracts? bets? plans? memberships?
""")

ATTRIBUTES = Table(
    "A quantity before what it describes",
    Row("en", "", r".*\$.*|[€£].*", rf"\s{_PRICED}\b", "attribute", "a pair of $20 tickets"),
    Row("en", "", "", rf"\)?\s(?:{_CONTAINER}|{_GEAR})\b", "attribute", "1 (14.5 oz) can, 12 oz bottles"),
    Row("en", "", r".*[^\W\d_]", r"-(?!ish|plus|off|to-|and|or)[a-z]{3}|\sequiv(?:alent\b|\.)", "attribute", "a 60W-equivalent bulb"),
    Row("en", "", "[0-9.]+[ -]?[ck]t\\.?", r"\s(?:(?:white|yellow|rose|solid)\s)?(?:gold|diamonds?|solitaire|rings?)\b", "attribute", "14kt gold"),
    Row("en", "", "", r"-an?-[a-z]", "attribute", "a $20-a-month plan"),
    Row("en", _BEFORE, "", _NOUN, "attribute", "a 5 km run, a $5 coffee"),
)  # fmt: skip
"""Without a row that fits it is so much of something."""
