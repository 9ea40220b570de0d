"""The words of German, Spanish, French, Italian and Russian, as tables.

A thing that is counted has its forms for one and for many, and its gender; in Russian
there is a form for two to four between them. ``m``, ``f`` and ``n`` are genders.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing that is counted."""

    gender: str
    one: str
    few: str
    """For two to four in Russian, and for what is not whole; else as ``many``."""
    many: str


def _nouns(table: str) -> dict[str, Noun]:
    nouns = {}
    for row in filter(None, map(str.strip, table.strip().splitlines())):
        signs, gender, *forms = row.split("|")
        one, many = forms[0], forms[-1]
        noun = Noun(gender, one, forms[1] if len(forms) > 1 else many, many)
        nouns.update(dict.fromkeys(signs.split(), noun))
    return nouns


@dataclass(frozen=True, slots=True)
class Words:
    """What one language needs."""

    months: tuple[str, ...]
    """As they stand behind a day."""
    units: dict[str, Noun]
    money: dict[str, tuple[Noun, Noun]]
    """A currency and its hundredths, by their signs."""
    signs: dict[str, str]
    """Between and behind numbers."""
    abbreviations: dict[str, str]
    """Written with a full stop, as they are said."""
    point: str
    minus: str
    to: str
    percent: str
    at: str
    dot: str


_DE = Words(
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    units=_nouns("""
        km|m|Kilometer
        m|m|Meter
        cm|m|Zentimeter
        mm|m|Millimeter
        km²|m|Quadratkilometer
        m²|m|Quadratmeter
        m³|m|Kubikmeter
        km/h|m|Stundenkilometer
        m/s|m|Meter pro Sekunde
        kg|n|Kilogramm
        g|n|Gramm
        mg|n|Milligramm
        t|f|Tonne|Tonnen
        l L|m|Liter
        ml mL|m|Milliliter
        h Std.|f|Stunde|Stunden
        min Min.|f|Minute|Minuten
        s Sek.|f|Sekunde|Sekunden
        ms|f|Millisekunde|Millisekunden
        W|n|Watt
        kW|n|Kilowatt
        kWh|f|Kilowattstunde|Kilowattstunden
        V|n|Volt
        A|n|Ampere
        Hz|n|Hertz
        hPa|n|Hektopascal
        MB|n|Megabyte
        GB|n|Gigabyte
        °C ℃|n|Grad Celsius
        °F|n|Grad Fahrenheit
        °|n|Grad
        """),
    money={
        "€": (Noun("m", "Euro", "Euro", "Euro"), Noun("m", "Cent", "Cent", "Cent")),
        "$": (
            Noun("m", "Dollar", "Dollar", "Dollar"),
            Noun("m", "Cent", "Cent", "Cent"),
        ),
        "£": (Noun("n", "Pfund", "Pfund", "Pfund"), Noun("m", "Pence", "Pence", "Pence")),
        "CHF": (
            Noun("m", "Franken", "Franken", "Franken"),
            Noun("m", "Rappen", "Rappen", "Rappen"),
        ),
    },
    signs={
        "+": "plus", "=": "gleich", "×": "mal", "÷": "geteilt durch", "<": "kleiner als",
        ">": "größer als", "&": "und", "±": "plus minus", "#": "Nummer", "‰": "Promille",
        "§": "Paragraf", "²": "hoch zwei", "³": "hoch drei",
    },
    abbreviations={
        "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt",
        "d.h.": "das heißt", "u. a.": "unter anderem", "u.a.": "unter anderem",
        "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa",
        "Nr.": "Nummer", "Dr.": "Doktor", "Hr.": "Herr", "Fr.": "Frau", "St.": "Sankt",
        "Str.": "Straße", "str.": "straße", "evtl.": "eventuell", "vgl.": "vergleiche",
        "inkl.": "inklusive", "Prof.": "Professor", "Tel.": "Telefon",
    },
    point="Komma", minus="minus", to="bis", percent="Prozent", at="ät", dot="Punkt",
)  # fmt: skip

_ES = Words(
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    units=_nouns("""
        km|m|kilómetro|kilómetros
        m|m|metro|metros
        cm|m|centímetro|centímetros
        mm|m|milímetro|milímetros
        km²|m|kilómetro cuadrado|kilómetros cuadrados
        m²|m|metro cuadrado|metros cuadrados
        m³|m|metro cúbico|metros cúbicos
        km/h|m|kilómetro por hora|kilómetros por hora
        m/s|m|metro por segundo|metros por segundo
        kg|m|kilogramo|kilogramos
        g|m|gramo|gramos
        mg|m|miligramo|miligramos
        t|f|tonelada|toneladas
        l L|m|litro|litros
        ml mL|m|mililitro|mililitros
        h|f|hora|horas
        min|m|minuto|minutos
        s|m|segundo|segundos
        ms|m|milisegundo|milisegundos
        W|m|vatio|vatios
        kW|m|kilovatio|kilovatios
        kWh|m|kilovatio hora|kilovatios hora
        V|m|voltio|voltios
        A|m|amperio|amperios
        Hz|m|hercio|hercios
        hPa|m|hectopascal|hectopascales
        MB|m|megabyte|megabytes
        GB|m|gigabyte|gigabytes
        °C ℃|m|grado Celsius|grados Celsius
        °F|m|grado Fahrenheit|grados Fahrenheit
        °|m|grado|grados
        """),
    money={
        "€": (
            Noun("m", "euro", "euros", "euros"),
            Noun("m", "céntimo", "céntimos", "céntimos"),
        ),
        "$": (
            Noun("m", "dólar", "dólares", "dólares"),
            Noun("m", "centavo", "centavos", "centavos"),
        ),
        "£": (
            Noun("f", "libra", "libras", "libras"),
            Noun("m", "penique", "peniques", "peniques"),
        ),
    },
    signs={
        "+": "más", "=": "igual a", "×": "por", "÷": "entre", "<": "menor que",
        ">": "mayor que", "&": "y", "±": "más menos", "#": "número", "‰": "por mil",
        "§": "párrafo", "²": "al cuadrado", "³": "al cubo",
    },
    abbreviations={
        "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Dr.": "doctor",
        "Dra.": "doctora", "Ud.": "usted", "Uds.": "ustedes", "etc.": "etcétera",
        "p. ej.": "por ejemplo", "p.ej.": "por ejemplo", "n.º": "número", "N.º": "número",
        "nº": "número", "pág.": "página", "tel.": "teléfono", "aprox.": "aproximadamente",
        "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos", "Prof.": "profesor",
    },
    point="coma", minus="menos", to="a", percent="por ciento", at="arroba", dot="punto",
)  # fmt: skip

_FR = Words(
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    units=_nouns("""
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

_IT = Words(
    months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
    units=_nouns("""
        km|m|chilometro|chilometri
        m|m|metro|metri
        cm|m|centimetro|centimetri
        mm|m|millimetro|millimetri
        km²|m|chilometro quadrato|chilometri quadrati
        m²|m|metro quadrato|metri quadrati
        m³|m|metro cubo|metri cubi
        km/h|m|chilometro orario|chilometri orari
        m/s|m|metro al secondo|metri al secondo
        kg|m|chilogrammo|chilogrammi
        g|m|grammo|grammi
        mg|m|milligrammo|milligrammi
        t|f|tonnellata|tonnellate
        l L|m|litro|litri
        ml mL|m|millilitro|millilitri
        h|f|ora|ore
        min|m|minuto|minuti
        s|m|secondo|secondi
        ms|m|millisecondo|millisecondi
        W|m|watt
        kW|m|chilowatt
        kWh|m|chilowattora
        V|m|volt
        A|m|ampere
        Hz|m|hertz
        hPa|m|ettopascal
        MB|m|megabyte
        GB|m|gigabyte
        °C ℃|m|grado Celsius|gradi Celsius
        °F|m|grado Fahrenheit|gradi Fahrenheit
        °|m|grado|gradi
        """),
    money={
        "€": (
            Noun("m", "euro", "euro", "euro"),
            Noun("m", "centesimo", "centesimi", "centesimi"),
        ),
        "$": (
            Noun("m", "dollaro", "dollari", "dollari"),
            Noun("m", "centesimo", "centesimi", "centesimi"),
        ),
        "£": (
            Noun("f", "sterlina", "sterline", "sterline"),
            Noun("m", "penny", "penny", "penny"),
        ),
    },
    signs={
        "+": "più", "=": "uguale a", "×": "per", "÷": "diviso", "<": "minore di",
        ">": "maggiore di", "&": "e", "±": "più o meno", "#": "numero", "‰": "per mille",
        "§": "paragrafo", "²": "al quadrato", "³": "al cubo",
    },
    abbreviations={
        "Sig.": "signor", "Sig.ra": "signora", "Sig.na": "signorina", "Dott.": "dottor",
        "Dott.ssa": "dottoressa", "Dr.": "dottor", "Prof.": "professor",
        "Ing.": "ingegner", "ecc.": "eccetera", "es.": "esempio", "pag.": "pagina",
        "n.": "numero", "n°": "numero", "tel.": "telefono", "ca.": "circa",
        "S.": "San", "Avv.": "avvocato",
    },
    point="virgola", minus="meno", to="a", percent="per cento", at="chiocciola",
    dot="punto",
)  # fmt: skip

_RU = Words(
    months=("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"),
    units=_nouns("""
        км km|m|километр|километра|километров
        м m|m|метр|метра|метров
        см cm|m|сантиметр|сантиметра|сантиметров
        мм mm|m|миллиметр|миллиметра|миллиметров
        км² km²|m|квадратный километр|квадратных километра|квадратных километров
        м² m² кв.м|m|квадратный метр|квадратных метра|квадратных метров
        м³ m³|m|кубический метр|кубических метра|кубических метров
        км/ч km/h|m|километр в час|километра в час|километров в час
        м/с m/s|m|метр в секунду|метра в секунду|метров в секунду
        кг kg|m|килограмм|килограмма|килограммов
        г g|m|грамм|грамма|граммов
        мг mg|m|миллиграмм|миллиграмма|миллиграммов
        т t|f|тонна|тонны|тонн
        л l L|m|литр|литра|литров
        мл ml|m|миллилитр|миллилитра|миллилитров
        ч h|m|час|часа|часов
        мин мин. min|f|минута|минуты|минут
        с сек сек. s|f|секунда|секунды|секунд
        мс ms|f|миллисекунда|миллисекунды|миллисекунд
        Вт W|m|ватт|ватта|ватт
        кВт kW|m|киловатт|киловатта|киловатт
        кВт·ч кВтч kWh|m|киловатт-час|киловатт-часа|киловатт-часов
        В V|m|вольт|вольта|вольт
        А A|m|ампер|ампера|ампер
        Гц Hz|m|герц|герца|герц
        гПа hPa|m|гектопаскаль|гектопаскаля|гектопаскалей
        МБ MB|m|мегабайт|мегабайта|мегабайт
        ГБ GB|m|гигабайт|гигабайта|гигабайт
        °C °С ℃|m|градус Цельсия|градуса Цельсия|градусов Цельсия
        °F|m|градус Фаренгейта|градуса Фаренгейта|градусов Фаренгейта
        °|m|градус|градуса|градусов
        коп коп.|f|копейка|копейки|копеек
        шт шт.|f|штука|штуки|штук
        чел.|m|человек|человека|человек
        """),
    money={
        "€": (
            Noun("n", "евро", "евро", "евро"),
            Noun("m", "цент", "цента", "центов"),
        ),
        "$": (
            Noun("m", "доллар", "доллара", "долларов"),
            Noun("m", "цент", "цента", "центов"),
        ),
        "£": (
            Noun("m", "фунт", "фунта", "фунтов"),
            Noun("m", "пенс", "пенса", "пенсов"),
        ),
        **dict.fromkeys(("₽", "руб.", "руб"), (
            Noun("m", "рубль", "рубля", "рублей"),
            Noun("f", "копейка", "копейки", "копеек"),
        )),
    },
    signs={
        "+": "плюс", "=": "равно", "×": "умножить на", "÷": "разделить на",
        "<": "меньше", ">": "больше", "&": "и", "±": "плюс минус", "#": "номер",
        "№": "номер", "‰": "промилле", "§": "параграф", "²": "в квадрате", "³": "в кубе",
    },
    abbreviations={
        "т. е.": "то есть", "т.е.": "то есть", "т. д.": "так далее", "т.д.": "так далее",
        "т. п.": "тому подобное", "т.п.": "тому подобное", "ул.": "улица", "д.": "дом",
        "см.": "смотри", "напр.": "например", "тел.": "телефон", "др.": "другие",
        "г.": "город", "стр.": "страница",
    },
    point="целых", minus="минус", to="до", percent="процент", at="собака", dot="точка",
)  # fmt: skip

WORDS = {"de": _DE, "es": _ES, "fr": _FR, "it": _IT, "ru": _RU}

PERCENT_RU = Noun("m", "процент", "процента", "процентов")
