"""Words that are written short, with a full stop that may not end a sentence."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

# After these a full stop never ends a sentence.
TITLES = frozenset(
    """
    p.o p.s a.k.a mr mrs ms dr prof rev hon gen sgt capt lt col sen rep gov pres vs
    e.g i.e eg ie cf atty amb sens reps drs cpt brig cdr cmdr maj adm messrs
    approx est dept ave blvd mt ft
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    min max temp exec esp supt cpl pvt cmdr incl excl avg govt assn univ intl
    bzw hr vgl evtl inkl sra srta dra dott sig avv ing env tél pág aprox ул напр тел
    """.split()  # noqa: SIM905 - a list to be read and extended
)
# After these it does not before a number.
NUMBERED = frozenset(
    """
    no nos vol fig pp p ch sec eq art para apt ste bldg rm tel ext b d c ca
    courtrm op cat sc ll arts secs paras chap chaps bk eqs figs rte vols ser wt ht vv pt
    exp pop conf acct ca n l rt rte hwy mvt bn eq amend sched app prop tbl
    exod lev num deut josh judg sam chron neh ps pss prov eccl eccles isa jer lam
    ezek dan hos mic zech mal matt mk lk jn rom cor gal eph phil thess tim tit heb jas
    nr str pag д стр руб коп кв
    """.split()  # noqa: SIM905 - a list to be read and extended
)
# Measures: after these it does not before a number or a bracket.
MEASURES = frozenset(
    """
    hr hrs min mins sec secs lb lbs oz ft yd yds pkg pkgs tsp tbsp c qt pt gal doz ct pk
    wk wks mo mos yr yrs pct bdrm ba sq cu fl ov
    """.split()  # noqa: SIM905 - a list to be read and extended
)
# After these it does when a capital follows; a capital follows them inside too.
SOFT = frozenset(
    """
    a.m p.m etc st jr sr inc ltd co corp u.s u.k ph.d al
    usw ecc г гг др
    """.split()  # noqa: SIM905 - a list to be read and extended
)

# Beginnings of abbreviations with several full stops: e of e.g., ph of Ph.D.
OPEN_LETTERS = frozenset(
    name[:end]
    for name in TITLES | SOFT
    for end, letter in enumerate(name)
    if letter == "."
)
# Abbreviations that are also words, which a sentence may end with.
WORDS_TOO = frozenset(("no", "art", "sec", "sun", "sat", "min", "max", "temp"))

# Letters with full stops that may end a sentence; others are initials: J.R.R. Tolkien.
PLACES_AND_DEGREES = frozenset(
    """
    u.s u.k u.n e.u d.c l.a n.y n.j n.c s.c n.h n.d s.d w.v b.c a.d c.e b.c.e m.d b.a
    m.a b.s m.s u.s.a u.a.e u.s.s.r p.m a.m r.i.p r.s.v.p i.d t.v p.e v.p
    """.split()  # noqa: SIM905 - a list to be read and extended
)
INITIALS = pattern(r"(?:[A-Z]\.){1,3}[A-Z]")

# What is numbered: 5, #5, INV-2024, XIV.
NUMBER = pattern(r"[0-9#~]|\([0-9IVX]|[A-Z]{1,5}-?[0-9]|(?:[IVXLC]{2,6}|[VX])\b")
AMOUNT = pattern(r"[0-9(½¼¾⅓⅔]")
NUMBER_CHARS = 7

# Names that go on with a saint.
PLACE = pattern(r"\b(?:Mount|Mt\.?|Port|Fort|Ft\.?|Hotel|Church|Lake|Sault)\s\Z")

ZONE = pattern(r"(?:[ECMP][SD]?T|UTC|GMT|BST|JST|CET|CEST|[NS][EW])\b")
# 42 W. 5th St.: a quarter of the town.
QUARTER = pattern(r"[0-9]\s[NSEW]\Z")
# Take I-95 N. Then: the direction of a highway, which is no initial.
HIGHWAY = pattern(
    r"\b(?:(?:I|US|SR)[- ]|(?:Route|Rte\.?|Highway|Hwy\.?|Interstate)\s)"
    r"[0-9]{1,3}\s[NSEW]\Z"
)

# 2 mi. E. of town: how far, and where to.
DISTANCES = frozenset(("mi", "km", "ft", "yd", "yds"))
DIRECTION = pattern(r"[NSEW]{1,3}\.?\s(?:of|from|on)\b")

# What follows the number of a day in German.
MONTH = pattern(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November"
    r"|Dezember)\b"
)
