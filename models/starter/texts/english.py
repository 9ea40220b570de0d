"""English templates of a smart home, an assistant and ordinary talk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

WORDS: dict[str, list[str]] = {
    "room": "living room|kitchen|bedroom|bathroom|hallway|garage|garden|office|attic|"
    "basement|dining room|guest room|nursery|laundry room|porch|balcony|cellar|"
    "staircase|playroom|conservatory|workshop|driveway|patio|study|closet".split("|"),
    "device": "light|lamp|fan|heater|thermostat|blind|curtain|door|window|camera|alarm|"
    "television|speaker|vacuum|oven|dishwasher|washing machine|dryer|kettle|radiator|"
    "humidifier|sprinkler|doorbell|lock|gate|shutter|projector|air conditioner|"
    "coffee machine|garage door|water heater|smoke detector|motion sensor|"
    "air purifier|aquarium pump|router|printer|freezer|refrigerator|toaster".split("|"),
    "state": "on|off|open|closed|locked|unlocked|running|paused|offline|online|"
    "too warm|too cold|out of battery|almost empty|full|not responding|"
    "ready|finished|broken|available again".split("|"),
    "colour": "red|green|blue|warm white|cool white|yellow|orange|purple|pink|"
    "turquoise|amber|daylight|candlelight|violet".split("|"),
    "weather": "sunny|cloudy|rainy|windy|foggy|stormy|snowy|mild|freezing|humid|"
    "partly cloudy|overcast|clear|chilly|drizzly|icy|unusually hot|dry".split("|"),
    "city": "London|Paris|Berlin|Beijing|Shanghai|Tokyo|Madrid|Rome|Vienna|Oslo|"
    "Stockholm|Chicago|Boston|Seattle|Toronto|Sydney|Melbourne|Dublin|Lisbon|Athens|"
    "Prague|Warsaw|Zurich|Cairo|Nairobi|Mumbai|Singapore|Seoul|Bangkok|Denver".split(
        "|"
    ),
    "name": "Anna|Peter|Thomas|Julia|Michael|Sarah|David|Laura|Daniel|Emma|Oliver|"
    "Sophie|James|Charlotte|Lucas|Maria|Henry|Grace|Victor|Alice|George|Nathan|"
    "Rachel|Simon|Hannah|Kevin|Diana|Frank|Monica|Theodore|Zoe|Li Wei|Martin".split(
        "|"
    ),
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|tomorrow|"
    "the day after tomorrow|this afternoon|tonight|next week|this weekend".split("|"),
    "month": "January|February|March|April|May|June|July|August|September|October|"
    "November|December".split("|"),
    "item": "milk|bread|butter|eggs|cheese|apples|bananas|coffee|tea|sugar|flour|rice|"
    "pasta|tomatoes|onions|garlic|potatoes|carrots|yoghurt|orange juice|chicken|"
    "salmon|olive oil|toilet paper|batteries|light bulbs|washing powder|toothpaste|"
    "dog food|chocolate|cereal|honey|mushrooms|spinach|strawberries|vinegar".split("|"),
    "media": "the news|some jazz|my favourite playlist|a podcast|the radio|"
    "classical music|the next episode|an audiobook|rain sounds|a lullaby|rock music|"
    "the latest album|relaxing music|the football match|a documentary".split("|"),
    "event": "dentist appointment|team meeting|birthday party|parents' evening|"
    "yoga class|flight to Denver|train journey|lunch with Julia|doctor's visit|"
    "piano lesson|concert|school play|delivery|car inspection|wedding|interview".split(
        "|"
    ),
    "adj": "quiet|strange|beautiful|ordinary|ancient|modern|careful|generous|curious|"
    "gentle|narrow|enormous|fragile|honest|lively|precious|rough|smooth|thick|vague|"
    "wooden|young|bright|clever|dusty|elegant|famous|grateful|hollow|innocent".split(
        "|"
    ),
    "noun": "teacher|mountain|river|engine|village|question|journey|picture|garden|"
    "machine|window|brother|doctor|market|bridge|letter|shadow|summer|voice|island|"
    "forest|language|measure|treasure|pleasure|thunder|weather|feather|breath|church|"
    "judge|child|beach|watch|ship|fish|wish|ring|song|thing|bank|ox|axe|box|fox|"
    "yard|youth|year|view|mule|cube|law|jaw|boy|toy|oil|cow|owl|cloud|mouth|ear|hair|"
    "chair|fire|tour|cure|bird|nurse|world|hood|book|pool|moon|cup|hat|map|bed".split(
        "|"
    ),
    "verb": "watched|followed|forgot|remembered|painted|repaired|described|measured|"
    "carried|noticed|answered|imagined|crossed|borrowed|collected|discovered|enjoyed|"
    "finished|gathered|heard|joined|kept|lifted|mentioned|needed|opened|pushed|"
    "questioned|reached|shared|touched|understood|visited|washed|yielded|zipped".split(
        "|"
    ),
    "adverb": "quickly|slowly|yesterday|every morning|with great care|in the evening|"
    "without a word|for the first time|again and again|near the old station|"
    "before breakfast|as usual|by accident|on purpose|in silence|together".split("|"),
    "topic": "photosynthesis|the solar system|the French Revolution|black holes|"
    "machine learning|the human heart|volcanoes|climate change|electric cars|"
    "the immune system|music theory|quantum computers|the Roman Empire|"
    "healthy sleep|vegetable gardening|compound interest|the water cycle".split("|"),
}

TEMPLATES = """
The {device} in the {room} is {state}.
I have turned {onoff} the {device} in the {room}.
Okay, turning {onoff} the {room} {device}.
Do you want me to turn {onoff} the {device} in the {room}?
The {room} {device} is now set to {number} percent.
The temperature in the {room} is {number} degrees, and the humidity is {number} percent.
I set the {device} to {number} degrees.
The lights in the {room} are now {colour}.
Sorry, I could not find a device called {room} {device}.
Sorry, I didn't understand that.
Sorry {name}, the {device} is {state}.
Warning! The {device} in the {room} is {state}.
Someone is at the door. It looks like {name}.
The {room} {device} has been {state} for {number} minutes.
There is motion in the {room}.
The {room} window is still open, and it will be {weather} {day}.
Good morning, {name}. It is {time}.
Good evening, {name}. The {device} is {state}.
Good night, {name}. All doors are locked, and the {room} {device} is off.
Hello {name}, welcome home.
It is {time}.
The time is {time} in {city}.
Today is {weekday}, the {ordinal} of {month}.
Tomorrow will be {weather}, with a high of {number} degrees and a low of {number}.
In {city} it is {weather} right now, with {number} degrees.
Expect {weather} weather in {city} on {weekday}.
Will it be {weather} in {city} {day}?
There is a {number} percent chance of rain {day}.
The wind blows at {number} kilometres per hour.
The sun rises at {time} and sets at {time}.
Your timer for {number} minutes has finished.
I started a timer for {number} minutes and {number} seconds.
There are {number} minutes left on the {item} timer.
Your alarm is set for {time}.
I will wake you {day} at {time}.
Which timer do you mean, {item} or {item}?
I added {item} to your shopping list.
Your shopping list has {number} items: {item}, {item} and {item}.
Don't forget the {item}, the {item}, and the {item}!
You have {number} new messages from {name}.
Your {event} is on {weekday} at {time}.
Remind me about the {event} on the {ordinal} of {month}.
{name} called {number} minutes ago.
{name} will arrive at {time}.
Playing {media} in the {room}.
I paused {media}.
Would you like to hear {media} or {media}?
The volume is at {number} percent.
The washing machine will finish in {number} minutes.
You used {number} kilowatt hours {today}, {number} percent more than usual.
The solar panels produce {number} watts at the moment.
The battery of the {room} {device} is at {number} percent.
It costs {number} dollars and {number} cents.
That makes {number} plus {number}, which is {bignumber}.
The distance from {city} to {city} is about {bignumber} miles.
In the year {year}, {bignumber} people lived in {city}.
The number is {digits}.
The code is {digits}, and the room is number {number}.
The {adj} {noun} {verb} the {adj} {noun} {adverb}.
A {noun} and a {noun} {verb} the {noun}.
My {noun} never {verb} a {adj} {noun} {adverb}.
Why has the {noun} {verb} this {noun}?
{name} {verb} the {noun}, but {name} {verb} the {adj} {noun}.
If the {noun} is {adj}, the {noun} is {adj} too.
Every {noun} in {city} has a {adj} {noun}.
These {noun}s are {adj}, those {noun}s are {adj}.
Let me explain {topic} in simple words.
There are {number} important facts about {topic}.
First, think of {topic} as a {adj} {noun}.
In short, {topic} is less {adj} than most people think.
That's a great question about {topic}!
Here is what I found about {topic}: it is {adj}, {adj}, and rather {adj}.
I'm not sure, but I think {topic} was {verb} by {name}.
You should {advice}, especially in {month}.
It's better to {advice} than to {advice}.
Please {advice}, {name}.
Yes.
No.
Okay.
Done.
Sure!
Of course.
Thank you, {name}.
You're welcome.
One moment, please.
Goodbye!
{number}.
{name}!
{item}.
{city}?
""".strip().split("\n")

ADVICE = (
    "drink a glass of water|take a short break|check the oven|open a window|"
    "call your mother|read the manual|wash your hands|go for a walk|"
    "close the curtains|save some energy|switch to another network|"
    "restart the router|charge your phone|leave five minutes earlier|"
    "wear a warm coat|change the filter|water the plants|ask a doctor|"
    "write down three things|keep the receipt"
).split("|")


def spell(number: int) -> str:
    """Say a number from 0 to 999,999 in English words."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f" {ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{ONES[hundreds]} hundred" + (f" and {spell(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    return f"{spell(thousands)} thousand" + (f" {spell(rest)}" if rest else "")


def ordinal(number: int) -> str:
    """Say a day of the month, 1 to 31, as an ordinal."""
    odd = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth"}
    odd |= {12: "twelfth", 20: "twentieth", 30: "thirtieth"}
    if number in odd:
        return odd[number]
    if number < 20:
        return f"{ONES[number]}th"
    tens, ones = divmod(number, 10)
    return f"{TENS[tens - 2]} {ordinal(ones)}"


def clock(rng: random.Random) -> str:
    """Say a time of day."""
    hour = rng.randint(1, 12)
    minute = rng.choice((0, 0, 15, 30, 45, rng.randint(1, 59)))
    if minute == 0:
        said = rng.choice((f"{ONES[hour]} o'clock", ONES[hour]))
    elif rng.random() < 0.3 and minute in (15, 30):
        said = f"{'a quarter' if minute == 15 else 'half'} past {ONES[hour]}"
    else:
        said = f"{ONES[hour]} {'oh ' if minute < 10 else ''}{spell(minute)}"
    if "past" in said or "o'clock" in said:
        return said + rng.choice(("", " in the morning", " in the evening"))
    return said + rng.choice(("", " a m", " p m", " in the morning"))


def from_template(rng: random.Random) -> str:
    """Fill a template at random."""

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in WORDS:
            return rng.choice(WORDS[slot])
        if slot == "weekday":
            return rng.choice(WORDS["day"][:7])
        if slot == "time":
            return clock(rng)
        if slot == "ordinal":
            return ordinal(rng.randint(1, 31))
        if slot == "digits":
            return " ".join(rng.choice(ONES[:10]) for _ in range(rng.randint(3, 7)))
        if slot == "number":
            return spell(rng.choice((rng.randint(0, 30), rng.randint(0, 100))))
        if slot == "bignumber":
            return spell(int(10 ** rng.uniform(2, 5.9)))
        if slot == "year":
            century, rest = rng.randint(11, 20), rng.randint(11, 99)
            return f"{spell(century)} {spell(rest)}"
        choices = {
            "onoff": ["on", "off"],
            "today": ["today", "yesterday", "this month"],
        }
        choices["advice"] = ADVICE
        return rng.choice(choices[slot])

    said = re.sub(r"\{(\w+)\}", fill, rng.choice(TEMPLATES))
    return said[0].upper() + said[1:]
