"""The words of French, as tables."""

from __future__ import annotations

from wyoming_cosyvoice.text.normalize.noun import Noun, Words, nouns

WORDS = Words(
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    units=nouns("""
        km|m|kilomètre|kilomètres
        m|m|mètre|mètres
        cm|m|centimètre|centimètres
        mm|m|millimètre|millimètres
        km²|m|kilomètre carré|kilomètres carrés
        m²|m|mètre carré|mètres carrés
        m³|m|mètre cube|mètres cubes
        km/h|m|kilomètre heure|kilomètres heure
        m/s|m|mètre par seconde|mètres par seconde
        kg|m|kilogramme|kilogrammes
        g|m|gramme|grammes
        mg|m|milligramme|milligrammes
        t|f|tonne|tonnes
        l L|m|litre|litres
        ml mL|m|millilitre|millilitres
        h|f|heure|heures
        min|f|minute|minutes
        s|f|seconde|secondes
        ms|f|milliseconde|millisecondes
        W|m|watt|watts
        kW|m|kilowatt|kilowatts
        kWh|m|kilowattheure|kilowattheures
        V|m|volt|volts
        A|m|ampère|ampères
        Hz|m|hertz|hertz
        hPa|m|hectopascal|hectopascals
        Mo|m|mégaoctet|mégaoctets
        Go|m|gigaoctet|gigaoctets
        MB|m|mégabyte|mégabytes
        GB|m|gigabyte|gigabytes
        °C ℃|m|degré Celsius|degrés Celsius
        °F|m|degré Fahrenheit|degrés Fahrenheit
        °|m|degré|degrés
        """),
    money={
        "€": (
            Noun("m", "euro", "euros", "euros"),
            Noun("m", "centime", "centimes", "centimes"),
        ),
        "$": (
            Noun("m", "dollar", "dollars", "dollars"),
            Noun("m", "cent", "cents", "cents"),
        ),
        "£": (
            Noun("f", "livre", "livres", "livres"),
            Noun("m", "penny", "pence", "pence"),
        ),
        "CHF": (
            Noun("m", "franc", "francs", "francs"),
            Noun("m", "centime", "centimes", "centimes"),
        ),
    },
    signs={
        "+": "plus", "=": "égale", "×": "fois", "÷": "divisé par", "<": "inférieur à",
        ">": "supérieur à", "&": "et", "±": "plus ou moins", "#": "numéro",
        "‰": "pour mille", "§": "paragraphe", "²": "au carré", "³": "au cube",
    },
    abbreviations={
        "M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mlle": "mademoiselle",
        "Dr": "docteur", "Pr": "professeur", "etc.": "et cetera", "p. ex.": "par exemple",
        "n°": "numéro", "N°": "numéro", "av.": "avenue", "bd": "boulevard",
        "tél.": "téléphone", "env.": "environ", "c.-à-d.": "c'est-à-dire",
    },
    point="virgule", minus="moins", to="à", percent="pour cent", at="arobase",
    dot="point",
)  # fmt: skip
