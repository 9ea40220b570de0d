"""The words of English: signs, months and what is written short."""

from __future__ import annotations

ADDRESS = {
    ".": "dot", "-": "dash", "_": "underscore", "/": "slash", "@": "at", ":": "colon",
    "+": "plus", "~": "tilde", "=": "equals", "%": "percent", "&": "and", "#": "hash",
}  # fmt: skip
SIGNS = {
    "-": "minus", "+": "plus", "×": "times", "*": "times", "÷": "divided by", "/": "divided by",
    "^": "to the power of", "=": "equals", "≈": "is about", "≠": "is not equal to",
    "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least",
    "+=": "plus equals", "-=": "minus equals", "*=": "times equals", "/=": "divided by equals",
    "<=": "is at most", ">=": "is at least", "±": "plus or minus", "√": "the square root of",
    "∞": "infinity",
}  # fmt: skip
SYMBOLS = {
    "&&": "and", "||": "or", "★": "stars", "ε": "epsilon", "ζ": "zeta", "η": "eta", "κ": "kappa", "ν": "nu", "ξ": "xi", "ρ": "rho",
    "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Σ": "sigma", "Φ": "phi", "Γ": "gamma", "Π": "pi", "Λ": "lambda",
    "∑": "the sum of", "∏": "the product of", "∫": "the integral of", "∂": "partial", "∈": "in", "∉": "not in", "∪": "union", "∩": "intersection",
    "⊂": "is a subset of", "⊆": "is a subset of", "∀": "for all", "∃": "there exists", "∝": "is proportional to", "∴": "therefore", "∅": "the empty set",
    "≡": "is identical to", "¬": "not", "∧": "and", "∨": "or", "¶": "paragraph", "†": " ", "‰": "per mille", "♯": "sharp", "♭": "flat",
    "&": "and", "@": "at", "~": "about", "→": ",", "←": ",", "⇒": ",", "|": ",", "°": "degrees",
    "%": "percent", "+": "plus", "/": " ", "α": "alpha", "β": "beta", "γ": "gamma",
    "δ": "delta", "π": "pi", "Ω": "ohms", "µ": "mu", "Δ": "delta", "λ": "lambda", "θ": "theta",
    "σ": "sigma", "∞": "infinity", "²": "squared", "³": "cubed",
    "€": "euros", "£": "pounds", "¥": "yen", "§": "section", "×": "times",
}  # fmt: skip
MONTHS = """
    January February March April May June July August September October November
    December
    """.split()  # noqa: SIM905 - a list to be read and extended

ABBREVIATIONS = {
    "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Dr.": "Doctor", "Prof.": "Professor",
    "Mr": "Mister", "Mrs": "Missus", "Dr": "Doctor", "Sgt.": "Sergeant", "Capt.": "Captain",
    "Gen.": "General", "Sen.": "Senator", "Gov.": "Governor", "Rev.": "Reverend", "Jr.": "Junior",
    "Sr.": "Senior", "Ave.": "Avenue", "Blvd.": "Boulevard", "Rd.": "Road",
    "Ln.": "Lane", "Apt.": "Apartment", "Dept.": "Department", "Mt.": "Mount", "Ft.": "Fort",
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "vs": "versus",
    "approx.": "approximately", "est.": "estimated", "w/": "with", "w/o": "without", "b/c": "because",
    "Inc.": "Incorporated", "Ltd.": "Limited", "Co.": "Company", "Corp.": "Corporation",
    "No.": "Number", "no.": "number", "Nos.": "Numbers", "vol.": "volume", "ext.": "extension", "Ext.": "Extension", "tel.": "telephone", "Tel.": "Telephone", "Vol.": "Volume",
    "fig.": "figure", "Fig.": "Figure", "max.": "maximum", "min.": "minimum", "avg.": "average",
    "temp.": "temperature", "a.m.": "A M", "p.m.": "P M", "a.m": "A M", "p.m": "P M",
    "A.M.": "A M", "P.M.": "P M", "U.S.": "U S", "U.K.": "U K", "Ph.D.": "P H D", "n/a": "not available",
    "Mon.": "Monday", "Tue.": "Tuesday", "Wed.": "Wednesday", "Thu.": "Thursday", "Fri.": "Friday",
    "Tues.": "Tuesday", "Thur.": "Thursday", "Thurs.": "Thursday", "Rm.": "Room", "rm.": "room", "Rm": "Room",
    "Ste.": "Suite", "Ste": "Suite", "Bldg.": "Building", "Bldg": "Building", "Hwy.": "Highway", "Hwy": "Highway",
    "Fl.": "Floor", "ext": "extension", "Ext": "Extension", "Mt": "Mount", "Ft": "Fort", "Gov": "Governor",
    "Sen": "Senator", "Prof": "Professor", "appt.": "appointment", "appt": "appointment", "ea.": "each", "mtg": "meeting", "mtg.": "meeting",
    "mgr.": "manager", "adv.": "advance", "qty.": "quantity", "qty": "quantity", "Minn.": "Minnesota", "Calif.": "California", "Conn.": "Connecticut", "Mich.": "Michigan", "Wis.": "Wisconsin", "Tenn.": "Tennessee", "Fla.": "Florida", "asst.": "assistant", "assoc.": "associate", "attn": "attention",
    "Attn": "Attention", "Univ.": "University", "Assn.": "Association", "Intl.": "International", "intl.": "international",
    "Natl.": "National", "misc.": "miscellaneous", "equiv.": "equivalent", "dbl.": "double", "excl.": "excluding",
    "govt.": "government", "dept.": "department", "approx": "approximately", "Ch.": "Chapter", "ch.": "chapter",
    "pp.": "pages", "p.": "page", "pg.": "page", "Pg.": "Page", "Esq.": "Esquire", "Bros.": "Brothers",
    "Messrs.": "Messieurs", "Lt.": "Lieutenant", "Col.": "Colonel", "Maj.": "Major", "Pres.": "President",
    "exec.": "executive", "Supt.": "Superintendent", "Hon.": "Honorable", "Cpl.": "Corporal", "Pvt.": "Private", "Cmdr.": "Commander", "Adm.": "Admiral",
    "cont.": "continued", "esp.": "especially", "et al.": "and others", "orig.": "original",
    "maj.": "major", "Bn.": "Battalion", "Regt.": "Regiment", "Brig.": "Brigadier", "Cdr.": "Commander", "Sqn.": "Squadron", "cf.": "compare", "viz.": "namely", "agg.": "aggregate", "Weds.": "Wednesday", "Weds": "Wednesday", "Thur": "Thursday",
    "w/in": "within", "c/o": "care of", "w/c": "week commencing", "w/e": "week ending", "y/y": "year over year", "m/m": "month over month", "km/h": "kilometers per hour", "m/s": "meters per second", "mi/h": "miles per hour",
    "q/q": "quarter over quarter", "y/o": "year old", "hwy": "highway", "hwy.": "highway", "dist.": "district", "Dist.": "District",
    "int'l": "international", "tix": "tickets", "wkly": "weekly", "Pkg.": "Package", "reg.": "regular", "Reps.": "Representatives", "Sens.": "Senators",
    "Apt": "Apartment",
    "Drs.": "Doctors", "Profs.": "Professors", "Atty.": "Attorney", "Amb.": "Ambassador", "Sr": "Senior", "Jr": "Junior", "Cpt.": "Captain",
    "Gens.": "Generals", "Ltc.": "Lieutenant Colonel", "msg": "message", "msgs": "messages", "pkwy": "parkway", "Ctr.": "Center", "Inst.": "Institute",
    "secy.": "secretary", "treas.": "treasurer", "lic.": "licensed", "sched.": "schedule", "mfg.": "manufacturing", "mfr.": "manufacturer",
    "Rep.": "Representative", "Sat.": "Saturday", "Sun.": "Sunday", "hrs.": "hours", "mins.": "minutes", "secs.": "seconds",
}  # fmt: skip
NEED_A_NUMBER_TOO = {
    "Op.": "Opus", "op.": "opus", "Art.": "Article", "art.": "article", "Arts.": "Articles", "Sec.": "Section", "Secs.": "Sections", "para.": "paragraph", "Para.": "Paragraph",
    "paras.": "paragraphs", "cl.": "clause", "Bk.": "Book", "bk.": "book", "Pt.": "Part", "Ex.": "Example", "Eq.": "Equation", "eq.": "equation", "Eqs.": "Equations",
    "Figs.": "Figures", "figs.": "figures", "Tbl.": "Table", "Rte.": "Route", "Rte": "Route", "Vols.": "Volumes", "vols.": "volumes", "chs.": "chapters", "Chap.": "Chapter", "chap.": "chapter",
    "ca.": "circa", "mvt.": "movement", "Mvt.": "Movement", "Rt.": "Route", "Rt": "Route", "Hwys.": "Highways", "Prop.": "Proposition", "Cat.": "Category", "Sc.": "Scene", "sc.": "scene", "wt.": "weight", "ht.": "height", "pop.": "population", "vv.": "verses", "l.": "line", "ll.": "lines", "n.": "note", "App.": "Appendix", "Courtrm.": "Courtroom", "courtrm.": "courtroom", "Sched.": "Schedule", "Amend.": "Amendment", "Ser.": "Series",
}  # fmt: skip
"""What is a heading or a part of a book before its number."""
_BOOKS = {
    "Gen.": "Genesis", "Exod.": "Exodus", "Lev.": "Leviticus", "Num.": "Numbers", "Deut.": "Deuteronomy", "Josh.": "Joshua", "Judg.": "Judges",
    "Sam.": "Samuel", "Chron.": "Chronicles", "Neh.": "Nehemiah", "Ps.": "Psalm", "Pss.": "Psalms", "Prov.": "Proverbs", "Eccl.": "Ecclesiastes", "Eccles.": "Ecclesiastes",
    "Isa.": "Isaiah", "Jer.": "Jeremiah", "Lam.": "Lamentations", "Ezek.": "Ezekiel", "Dan.": "Daniel", "Hos.": "Hosea", "Mic.": "Micah", "Zech.": "Zechariah", "Mal.": "Malachi",
    "Matt.": "Matthew", "Mt.": "Matthew", "Mk.": "Mark", "Lk.": "Luke", "Jn.": "John", "Rom.": "Romans", "Cor.": "Corinthians", "Gal.": "Galatians", "Eph.": "Ephesians",
    "Phil.": "Philippians", "Col.": "Colossians", "Thess.": "Thessalonians", "Tim.": "Timothy", "Tit.": "Titus", "Heb.": "Hebrews", "Jas.": "James", "Pet.": "Peter", "Rev.": "Revelation",
}  # fmt: skip
_ALSO_NAMES = (
    "Josh.",
    "Sam.",
    "Dan.",
    "Mal.",
    "Phil.",
    "Col.",
    "Tim.",
    "Tit.",
    "Pet.",
    "Judg.",
)
"""Short names of books that are people too: Call Phil 4:30."""
BOOKS = _BOOKS | {
    name.removesuffix("."): book
    for name, book in _BOOKS.items()
    if name not in _ALSO_NAMES and name != "Mt."
}
"""Books of the Bible, before a chapter and a verse."""
LIVES = {"b.": "born", "d.": "died"}
"""What is a word only before a year."""
NEED_NUMBER = frozenset(
    """
    ext. Ext. ext Ext Apt No. no. Nos. Vol. Fig. fig. vol. Rm. rm. Rm Ste. Ste Bldg. Bldg Hwy. Hwy Fl. Ch. ch. pp. p. pg. Pg.
    """.split()  # noqa: SIM905 - a list to be read and extended
)
AFTER_NUMBER = {
    "pts": "points", "pts.": "points", "pt.": "point", "ft.": "feet", "in.": "inches", "lb.": "pounds", "lbs.": "pounds",
    "oz.": "ounces", "yrs": "years", "yrs.": "years", "mos.": "months", "wks": "weeks", "wks.": "weeks",
    "sq.": "square", "sq": "square", "yd.": "yards", "yds": "yards", "yds.": "yards", "cu.": "cubic", "qt.": "quarts", "pc.": "piece",
    "pcs": "pieces", "pcs.": "pieces", "ov.": "overs", "lg.": "large", "lg": "large", "med.": "medium", "sm.": "small", "ct": "count", "mi.": "miles", "gal.": "gallons", "tbsp.": "tablespoons",
    "wk.": "weeks", "mo.": "months", "yr.": "years", "hr.": "hours", "km.": "kilometers", "cm.": "centimeters", "mm.": "millimeters", "kg.": "kilograms",
    "mg.": "milligrams", "ml.": "milliliters", "mph.": "miles per hour", "pkg.": "packages", "pkgs.": "packages", "pkg": "packages", "pt": "points", "bdrm": "bedrooms", "BR": "bedroom", "BA": "bath",
    "mos": "months", "pc": "pieces", "pct.": "percent", "pct": "percent", "pk.": "packs", "pk": "packs", "pr.": "pairs", "pr": "pairs", "bd.": "beds", "bd": "beds", "ba.": "baths",
    "ba": "baths", "bdrms": "bedrooms", "cu": "cubic", "ft": "feet", "fl": "fluid", "qts": "quarts", "qt": "quarts", "gals": "gallons", "ctn": "cartons",
    "btl": "bottles", "kts": "knots", "hrs": "hours", "bx": "boxes", "srv": "servings", "caps": "capsules", "tabs": "tablets", "vols": "volumes",
    "ctw": "carats total weight", "tsp.": "teaspoons", "doz.": "dozen", "doz": "dozen", "dz.": "dozen", "dz": "dozen", "yr": "years", "mo": "months", "wk": "weeks", "hr": "hours", "lb": "pounds", "oz": "ounces",
}  # fmt: skip
"""What is a measure only behind a number."""
ODD_SINGULARS = {"feet": "foot", "inches": "inch"}
STREETS = {
    "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Ln": "Lane", "Pkwy": "Parkway", "Pkwy.": "Parkway",
    "Ct.": "Court", "Pl.": "Place", "Sq.": "Square", "Ter.": "Terrace", "Cir.": "Circle", "Trl.": "Trail", "Expy": "Expressway", "Expy.": "Expressway",
}  # fmt: skip
"""What is a street only behind its name."""
QUARTERS = {
    "NW": "Northwest", "NE": "Northeast", "SW": "Southwest", "SE": "Southeast", "N.W.": "Northwest",
    "N.E.": "Northeast", "S.W.": "Southwest", "S.E.": "Southeast", "N": "North", "S": "South", "E": "East", "W": "West",
    "N.": "North", "S.": "South", "E.": "East", "W.": "West",
    "NNW": "North Northwest", "NNE": "North Northeast", "SSW": "South Southwest", "SSE": "South Southeast",
    "WNW": "West Northwest", "WSW": "West Southwest", "ENE": "East Northeast", "ESE": "East Southeast",
}  # fmt: skip
"""Directions: in an address, or of a wind."""
STATES = {
    "AK": "Alaska", "AL": "Alabama", "AR": "Arkansas", "AZ": "Arizona", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "IA": "Iowa",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota",
    "MO": "Missouri", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina", "ND": "North Dakota",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada", "NY": "New York",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "VA": "Virginia", "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia",
    "WY": "Wyoming",
}  # fmt: skip
"""States of America behind a town; NE is a direction more often."""
STATES_OF_POLITICIANS = {
    **STATES, "NE": "Nebraska", "DC": "D C",
    "Ala": "Alabama", "Ariz": "Arizona", "Ark": "Arkansas", "Calif": "California", "Colo": "Colorado",
    "Conn": "Connecticut", "Del": "Delaware", "Fla": "Florida", "Ga": "Georgia", "Ill": "Illinois",
    "Ind": "Indiana", "Kan": "Kansas", "Ky": "Kentucky", "La": "Louisiana", "Mass": "Massachusetts", "Md": "Maryland",
    "Mich": "Michigan", "Minn": "Minnesota", "Miss": "Mississippi", "Mo": "Missouri", "Mont": "Montana",
    "Neb": "Nebraska", "Nev": "Nevada", "Okla": "Oklahoma", "Ore": "Oregon", "Pa": "Pennsylvania", "Tenn": "Tennessee",
    "Tex": "Texas", "Va": "Virginia", "Vt": "Vermont", "Wash": "Washington", "WVa": "West Virginia", "Wis": "Wisconsin", "Wyo": "Wyoming",
    "Maine": "Maine", "Ohio": "Ohio", "Iowa": "Iowa", "Utah": "Utah", "Idaho": "Idaho", "Texas": "Texas", "Alaska": "Alaska", "Hawaii": "Hawaii",
}  # fmt: skip
"""States as newspapers write them behind a party."""
WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
    "Sun": "Sunday",
}  # fmt: skip
KEEPS_STOP = frozenset(
    [
        "St.",
        "Ave.",
        "Blvd.",
        "Rd.",
        "Ln.",
        "Apt.",
        "Inc.",
        "Ltd.",
        "Co.",
        "Corp.",
        "etc.",
        "a.m.",
        "p.m.",
        "A.M.",
        "P.M.",
        "U.S.",
        "U.K.",
        "Ph.D.",
        "Jr.",
        "Sr.",
        "max.",
        "min.",
        "avg.",
        "temp.",
        "mins.",
        "secs.",
        "hrs.",
        "Mon.",
        "Tue.",
        "Wed.",
        "Thu.",
        "Tues.",
        "Thurs.",
        "pts.",
        "ft.",
        "in.",
        "lbs.",
        "oz.",
        "yrs.",
        "Fri.",
        "Sat.",
        "Sun.",
    ]
)
SCALES = {
    "m": "million", "b": "billion",
    "M": "million", "B": "billion", "T": "trillion", "K": "thousand", "k": "thousand",
    "mn": "million", "bn": "billion", "tn": "trillion", "trn": "trillion", "万": "ten thousand", "億": "hundred million",
}  # fmt: skip

DAYS_AND_WORDS = frozenset(("Mon", "Sat", "Sun", "Wed"))
"""Short names of weekdays that are words or names too."""
PER_THINGS = frozenset(
    """
    person side night day week month year hour minute second serving tablet capsule dose pill game match unit user seat
    household capita kid child adult item piece sheet page mile gallon pound ounce slice cup bottle can plate
    ticket student employee share barrel ton acre head visit session class lesson trip ride round lap inning set
    rep meal bag box pack case roll couple family room car vehicle guest head team player customer order word
    line request call token image message transaction event hectare litre liter kilo meter foot bushel
    """.split()  # noqa: SIM905 - a list to be read and extended
)
"""What something is counted by behind a slash: $5/person."""
_GROUPS = (
    ("plain", ABBREVIATIONS),
    ("numbered", {name: ABBREVIATIONS[name] for name in NEED_NUMBER}),
    ("place", {name: ABBREVIATIONS[name] for name in ("Mt", "Ft")}),
    ("street", STREETS),
    ("quarter", QUARTERS),
    ("life", LIVES),
    ("numbered", NEED_A_NUMBER_TOO),
    ("book", {name: book for name, book in BOOKS.items() if name not in ABBREVIATIONS}),
    (
        "book or title",
        {name: ABBREVIATIONS[name] for name in BOOKS if name in ABBREVIATIONS},
    ),
    ("cup", {"c.": "circa"}),
    ("doctor", {"Dr.": "Doctor", "Dr": "Doctor"}),
    ("measure", AFTER_NUMBER),
    ("defeated", {"def.": "defeated"}),
    ("state", STATES),
    ("floor", {"fl.": "floor", "flr.": "floor"}),
    ("conference", {"conf.": "conference", "Conf": "Conference"}),
    ("experience", {"exp.": "expires"}),
    ("reference", {"ref.": "reference"}),
    ("spoon", {"t.": "teaspoons", "T.": "tablespoons"}),
    ("minimum", {"min.": "minimum"}),
    ("including", {"incl.": "including"}),
    ("ambassador", {"amb.": "ambassador"}),
    ("pages", {"pp.": "pages"}),
    ("each", {"ea": "each"}),
    ("person", {"pp": "per person"}),
    ("points", {"ppt": "percentage points", "ppts": "percentage points"}),
    ("section", {"sec.": "section"}),
    ("verse", {"v.": "verse"}),
    ("saint.", {"St.": "Street"}),
    ("saint", {"St": "Street"}),
)
KINDS = {name: kind for kind, names in _GROUPS for name in names}
"""What tells whether a word that is written short is said in full."""
SHORT = {name: full for _, names in _GROUPS for name, full in names.items()}
"""What each is in full."""
