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
    "<=": "is at most", ">=": "is at least", "±": "plus or minus", "√": "the square root of",
    "∞": "infinity",
}  # fmt: skip
SYMBOLS = {
    "&&": "and", "||": "or",
    "&": "and", "@": "at", "~": "about", "→": ",", "←": ",", "⇒": ",", "|": ",", "°": "degrees",
    "%": "percent", "+": "plus", "/": " ", "α": "alpha", "β": "beta", "γ": "gamma",
    "δ": "delta", "π": "pi", "Ω": "ohms", "µ": "micro", "Δ": "delta", "λ": "lambda", "θ": "theta",
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
    "Natl.": "National", "misc.": "miscellaneous", "incl.": "including", "excl.": "excluding",
    "govt.": "government", "dept.": "department", "approx": "approximately", "Ch.": "Chapter", "ch.": "chapter",
    "pp.": "pages", "p.": "page", "pg.": "page", "Pg.": "Page", "Esq.": "Esquire", "Bros.": "Brothers",
    "Messrs.": "Messieurs", "Lt.": "Lieutenant", "Col.": "Colonel", "Maj.": "Major", "Pres.": "President",
    "exec.": "executive", "Supt.": "Superintendent", "Hon.": "Honorable", "Cpl.": "Corporal", "Pvt.": "Private", "Cmdr.": "Commander", "Adm.": "Admiral",
    "cont.": "continued", "esp.": "especially", "et al.": "and others", "orig.": "original",
    "Rep.": "Representative", "Sat.": "Saturday", "Sun.": "Sunday", "hrs.": "hours", "mins.": "minutes", "secs.": "seconds",
}  # fmt: skip
NEED_A_NUMBER_TOO = {
    "Op.": "Opus", "op.": "opus", "Art.": "Article", "art.": "article", "Arts.": "Articles", "Sec.": "Section", "Secs.": "Sections", "para.": "paragraph", "Para.": "Paragraph",
    "paras.": "paragraphs", "cl.": "clause", "Bk.": "Book", "bk.": "book", "Pt.": "Part", "Ex.": "Example", "Eq.": "Equation", "eq.": "equation", "Eqs.": "Equations",
    "Figs.": "Figures", "figs.": "figures", "Tbl.": "Table", "Rte.": "Route", "Rte": "Route", "Vols.": "Volumes", "vols.": "volumes", "chs.": "chapters", "Chap.": "Chapter", "chap.": "chapter",
    "Prop.": "Proposition", "Cat.": "Category", "Sc.": "Scene", "sc.": "scene", "wt.": "weight", "ht.": "height", "pop.": "population", "vv.": "verses", "l.": "line", "ll.": "lines", "n.": "note", "App.": "Appendix", "Sched.": "Schedule", "Amend.": "Amendment", "Ser.": "Series",
}  # fmt: skip
"""What is a heading or a part of a book before its number."""
BOOKS = {
    "Gen.": "Genesis", "Exod.": "Exodus", "Lev.": "Leviticus", "Num.": "Numbers", "Deut.": "Deuteronomy", "Josh.": "Joshua", "Judg.": "Judges",
    "Sam.": "Samuel", "Chron.": "Chronicles", "Neh.": "Nehemiah", "Ps.": "Psalm", "Pss.": "Psalms", "Prov.": "Proverbs", "Eccl.": "Ecclesiastes", "Eccles.": "Ecclesiastes",
    "Isa.": "Isaiah", "Jer.": "Jeremiah", "Lam.": "Lamentations", "Ezek.": "Ezekiel", "Dan.": "Daniel", "Hos.": "Hosea", "Mic.": "Micah", "Zech.": "Zechariah", "Mal.": "Malachi",
    "Matt.": "Matthew", "Mt.": "Matthew", "Mk.": "Mark", "Lk.": "Luke", "Jn.": "John", "Rom.": "Romans", "Cor.": "Corinthians", "Gal.": "Galatians", "Eph.": "Ephesians",
    "Phil.": "Philippians", "Col.": "Colossians", "Thess.": "Thessalonians", "Tim.": "Timothy", "Tit.": "Titus", "Heb.": "Hebrews", "Jas.": "James", "Pet.": "Peter", "Rev.": "Revelation",
}  # fmt: skip
"""Books of the Bible, before a chapter and a verse."""
LIVES = {"b.": "born", "d.": "died", "ca.": "circa"}
"""What is a word only before a year."""
NEED_NUMBER = frozenset(
    """
    ext. Ext. ext Ext No. no. Nos. Vol. Fig. fig. vol. Rm. rm. Rm Ste. Ste Bldg. Bldg Hwy. Hwy Fl. Ch. ch. pp. p. pg. Pg.
    """.split()  # noqa: SIM905 - a list to be read and extended
)
AFTER_NUMBER = {
    "pts": "points", "pts.": "points", "pt.": "point", "ft.": "feet", "in.": "inches", "lb.": "pounds", "lbs.": "pounds",
    "oz.": "ounces", "yrs": "years", "yrs.": "years", "mos.": "months", "wks": "weeks", "wks.": "weeks",
    "sq.": "square", "sq": "square", "yd.": "yards", "yds": "yards", "yds.": "yards", "cu.": "cubic", "qt.": "quarts", "pc.": "piece",
    "pcs": "pieces", "pcs.": "pieces", "lg.": "large", "lg": "large", "med.": "medium", "sm.": "small", "ct": "count", "mi.": "miles", "gal.": "gallons", "tbsp.": "tablespoons",
    "wk.": "weeks", "mo.": "months", "yr.": "years", "hr.": "hours", "km.": "kilometers", "cm.": "centimeters", "mm.": "millimeters", "kg.": "kilograms",
    "mg.": "milligrams", "ml.": "milliliters", "mph.": "miles per hour", "pkg.": "packages", "pkgs.": "packages", "pkg": "packages", "pt": "points", "bdrm": "bedrooms", "BR": "bedroom", "BA": "bath",
    "tsp.": "teaspoons", "doz.": "dozen", "yr": "years", "mo": "months", "wk": "weeks", "hr": "hours", "lb": "pounds", "oz": "ounces",
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
    ("conference", {"conf.": "conference"}),
    ("reference", {"ref.": "reference"}),
    ("spoon", {"t.": "teaspoons", "T.": "tablespoons"}),
    ("minimum", {"min.": "minimum"}),
    ("section", {"sec.": "section"}),
    ("verse", {"v.": "verse"}),
    ("saint.", {"St.": "Street"}),
    ("saint", {"St": "Street"}),
)
KINDS = {name: kind for kind, names in _GROUPS for name in names}
"""What tells whether a word that is written short is said in full."""
SHORT = {name: full for _, names in _GROUPS for name, full in names.items()}
"""What each is in full."""
