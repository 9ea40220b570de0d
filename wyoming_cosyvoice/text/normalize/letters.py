"""Words in Latin letters: what is spelt letter by letter and what is a word.

The model reads capitals as odd words; it was trained on text in which words are in lower
case. So initialisms are spelt with blanks between the letters, and shouted words are
written small.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.scripts import ANY_CJK

# Initialisms that people say as a word, and short words that are often shouted.
_SAID_AS_WORD = frozenset(
    """
    NASA NATO UNESCO COVID ZIGBEE LORA RAM ROM LAN WAN SIM PIN GIF JPEG ASAP LASER
    QNAP ONVIF SUPLA KIWI FRITZ OSRAM BOSE LIDL ALDI REWE EDEKA ASUS ACER OPPO VIVO
    SONY CASIO EPSON CANON NIKON FIAT AUDI KEBA TADO SMEG NEFF BOSCH BRAUN HACS NUKI
    TUYA ARLO ROKU NEST HULU VISA NIKE PUMA ZARA BEKO AJAX UNICEF FEMA ZOOM OLED
    RADAR SCUBA OPEC FIFA BIOS CAPTCHA SARS AIDS SOHO YOLO IKEA LEGO SONOS TASMOTA
    MATTER ESPHOME YAML JSON HASSIO SMART ECO AUTO MAX MIN OFF ON OPEN HOME AWAY
    HEAT COOL DRY FAN LOW HIGH WARNING ALERT ERROR LEAK FIRE SMOKE STOP START DONE
    READY IDLE PLAY PAUSE LOCK UNLOCK LOCKED THE AND FOR NOT YES NEW YOU YOUR ARE
    WAS HAS HAVE IS IT IN AT TO OF OR BY DO GO NO ALL ANY NOW DOOR LIGHT LIGHTS
    ROOM WATER FULL EMPTY BUSY CLOSED CLOSE POWER SAFE BOOST HELLO TEST NOTE THIS
    ABLE ALSO AWAY BABY BACK BALL BANK BASE BATH BEAR BEAT BEEN BEST BILL BIRD BLUE BOAT BODY BOOK BOTH BOX BOY BUS
    BUT BUY CAKE CALL CAN CAR CARD CARE CASE CAT CITY COLD COME COST CUT DARK DAY DEAD DEAL DEAR DEEP DID DIE DOG DOWN
    DRAW DROP EACH EASY EAT EDGE EGG ELSE END EVEN EVER EYE FACE FACT FALL FAR FAST FAT FEEL FEW FINE FISH FIVE FLY
    FOOD FOOT FOUR FREE GAME GAVE GIFT GIRL GIVE GOES GOLD GONE GOT GUN GUY HAD HALF HALL HAND HARD HAT HATE HEAD HEAR
    HELD HELL HELP HER HERE HIS HIT HOLD HOPE HOT HOUR HOW HUGE HURT ICE IDEA INTO ITS JOB JOIN JOKE JUST KEEP KEPT KEY
    KID KILL KIND KING KISS KNEW KNOW LADY LAND LAST LATE LAW LEAD LESS LET LIE LIFE LIKE LINE LIST LIVE LONG LOOK LOSE
    LOST LOT LOVE MAD MADE MAIL MAIN MAKE MAN MANY MEAN MEET MEN MILK MIND MINE MISS MOM MOON MORE MOST MOVE MUCH MUM
    MUST MY NAME NEAR NECK NEED NEVER NEXT NICE NINE NONE OH OLD ONCE ONLY OUR OURS OVER OWN PAGE PAID PAIN PARK PART
    PAST PAY PICK PLAN POOR PUT RACE RAIN READ REAL RED REST RICH RIDE RING RISE ROAD ROCK RULE RUSH SAD SAID SALE SAME
    SAVE SAW SAY SEA SEAT SEE SEEN SELL SEND SENT SHE SHIP SHOP SHOW SHUT SICK SIDE SIGN SING SISTER SIT SIZE SKY SLOW
    SNOW SO SOME SON SONG SOON STAR STAY STEP SUCH SUN SURE TAKE TALK TALL TEAM TELL THAN THEM THEN THEY TIME TINY TOLD
    RE FWD TOO TOOK TOP TOWN TREE TRIP TRUE TRY TURN TYPE UGLY UNIT UNTIL UPON USE USED VERY VIEW VOTE WAIT WAKE WALK WALL WANT
    WAR WARM WASH WAVE WAY WE WEAK WEAR WEEK WELL WENT WERE WHAT WHEN WHERE WHO WHOM WHY WIDE WIFE WILD WILL WIN WIND
    WISE WISH WOOD WORD WORE WORK WOW YARD YEAH YEAR YET
    THAT WITH FROM BEEN LEFT RIGHT UP OUT GET SET RUN BAD GOOD BIG ONE TWO SIX TEN
    """.split()  # noqa: SIM905 - a list to be read and extended
)
# Initialisms that stay letters where everything is written in capitals.
_INITIALISMS = frozenset(
    """
    AA AAA AARP ABC ET CT MT PT EST EDT CST CDT MST MDT PST PDT GMT UTC BST CET CEST JST KST IST AC ACL ADHD AI AM AMD AOL API ASMR ATM AWS BA BBC BBQ BMI BMW BTW CBS CCTV CD CDC CEO CFO CIA CNN
    CPR CPU CTO CV DC DHCP DIY DJ DMV DNA DNS DVD EEG EKG EPA ESPN ETA EU EV EVA FAA FAQ FBI FDA FIFO FM FTP FYI GDP
    GE GM GMO GOP GPA GPS GPU HBO HDMI HDR HIV HP HQ HR HTML HTTP HTTPS HVAC IBM ICU ID IDE IOT IP IPA IPO IQ IRA IRS
    ISP IVF JFK JPG KFC KPI LA LCD LED LG LGBT LLC LLM MBA MIA MIT MLB MP MQTT MRI MS MTV MVP NBA NBC NFC NFL NGO NHL
    NHS NPR NRA NYC NYPD OCD OLED OMG OS PBS PC PDF PE PGA PHP PR PS PSA PTA PTSD PVC QA QR RGB RIP RNA RSVP RV SAT SD
    SEC SMS SOS SQL SSD SSH SSL STD SUV TB TBA TBD TLC TNT TSA TV UAE UAV UCLA UFC UFO UI UK UN UPS URL US USA USB USC
    UV UX VAT VHS VIP VPN VR WC WLAN WWE WWF WWW XML YMCA ZIP
    """.split()  # noqa: SIM905
)
# Initialisms that are words in a sentence of capitals: DOES IT TELL US WHO.
_WORDS_IN_CAPITALS = frozenset(("US", "SAT", "RIP", "LA", "ZIP", "EVA", "IRA"))
_SPELT_LOWER = frozenset(
    """
    www http https html css pdf png jpg jpeg gif svg csv xml mp ssh ftp usb url id
    ip tv txt wav flac mkv doc docx xls xlsx ppt pptx exe db js ts py
    """.split()  # noqa: SIM905 - a list to be read and extended
)
SPECIAL_WORDS = {
    "WWI": "World War One", "WWII": "World War Two", "WIFI": "WiFi", "Wifi": "WiFi", "wifi": "WiFi", "OK": "OK", "PM": "P M", "AM": "A M",
    "YoY": "year over year", "yoy": "year over year", "QoQ": "quarter over quarter", "MoM": "month over month", "vs": "versus", "VS": "versus", "IoT": "I o T", "APP": "app", "App": "app", "TV": "T V",
}  # fmt: skip
_LONGEST_INITIALISM = 5
_VOWEL = pattern("[AEIOUY]")
_PLURAL = pattern("[A-Z]{2,4}s")
_LOWER = pattern(r"[a-z]{2}")
_CAPITALS = pattern(r"(?<![A-Za-z0-9])[A-Z]{2,}(?![A-Za-z0-9])")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def word(text: str, before: str, after: str) -> str | None:
    """Return how a word is written for the model; ``before`` and ``after`` are its place."""
    if text in SPECIAL_WORDS:
        return SPECIAL_WORDS[text]
    if _PLURAL.fullmatch(text) and text[:-1] not in _SAID_AS_WORD:
        return f"{spell(text[:-1])}s"
    if len(text) == 1 or not text.isupper():
        return text
    if "'" in text:
        return text.lower()
    if text in _SAID_AS_WORD:
        return text.lower()
    has_vowel = bool(_VOWEL.search(text))
    if len(text) > _LONGEST_INITIALISM and has_vowel:
        return text.lower()
    is_initialism = text in _INITIALISMS and text not in _WORDS_IN_CAPITALS
    if has_vowel and not is_initialism and is_shouted(before, after):
        return text.lower()
    return spell(text)


def is_shouted(before: str, after: str) -> bool:
    """Whether the words beside a word are written in capitals as it is."""
    around = f"{before} {after}"
    if _LOWER.search(around) or ANY_CJK.search(around):
        return False
    return bool(_CAPITALS.search(before) or _CAPITALS.search(after))


def spell(text: str) -> str:
    """Return the letters with blanks between them."""
    return " ".join(text.upper())


def with_suffix(text: str) -> str:
    """Return how USB-C is written: the letter behind the hyphen is a word of its own."""
    initials, _, letter = text.partition("-")
    return f"{spell(initials)} {letter}"


def in_identifier(text: str) -> str:
    """Return how the letters of a name such as CA1234 or iPhone15 are written."""
    if (
        len(text) <= _LONGEST_INITIALISM
        and text.isupper()
        and text not in _SAID_AS_WORD
    ):
        return spell(text)
    return text.lower() if text.isupper() else text


def in_address(text: str) -> str:
    """Return how the letters of a URL, a file name or an entity id are written."""
    if text.lower() in _SPELT_LOWER:
        return spell(text)
    return text.lower() if text.isupper() else text


def roman_value(text: str) -> int:
    """Return the value of a Roman numeral; 0 if it is none."""
    values = [_ROMAN.get(char, 0) for char in text]
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total
