"""Decide what a slash between two numbers means.

``11/28`` is a day, ``1/4`` a quarter, ``Step 2/5`` two of five, ``25/18°C`` two
temperatures. What stands beside decides; without evidence the reading that most texts
of that kind have. The form is given as the two numbers with the sign that compares them.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_HAN_DAY = "(?:周|週|星期|礼拜)[一二三四五六日天]"
_ENGLISH_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_BRACKETED_DAY = "[周週星期礼拜]*[一二三四五六日天]|[月火水木金土日월화수목금토일]"
_WEEKDAY_AFTER = (
    rf"\s?[(（](?:{_BRACKETED_DAY})(?:[)）・、~]|曜|요일)"
    rf"|\s?{_HAN_DAY}|,?\s\(?{_ENGLISH_DAY}\b"
)
_WEEKDAY_BEFORE = (
    rf"\b{_ENGLISH_DAY}\.?,?\s\(?|{_HAN_DAY}[,，]?\s?[(（]?"
    r"|曜日?[、,]?\s?[(（]?|요일[,]?\s?\(?"
)
_DATE_ENGLISH = any_of("""
    on by due until till since before after from through expires? starting starts dated?
    deadline birthday christmas halloween today tomorrow yesterday effect effective begins?
    starts? ends? closes? opens? opening launch(?:es)? arriv(?:es|ing) ships? shipping
    deliver(?:y|ed) released? born week_of sale vacation trip appt\\.? appointment
    holiday departs? moved_to rescheduled_to postponed_to resum(?:es|ing)
""")
_DATE_HAN = any_of("日期 定于 截止 截至 生日 今天 明天 昨天 后天")
_DATE_OTHER = any_of("予定 期限 締切 本日 明日 날짜 기한 오늘 내일 마감")
_DATE_BEFORE = (
    rf"\b(?i:{_DATE_ENGLISH})(?:\s(?i:is|was|on|by))?:?\s"
    rf"|(?:{_DATE_HAN}|{_DATE_OTHER})[日是为は는은:：]?\s?"
    r"|(?:[来先今本次下上][週周月].{0,4})"
)
_DATE_AFTER_HAN = any_of("""
    前[^后] 之前 以前 起(?:[^来]|$) 上班 补班 开会 开工 出发 到期 考试 放假 开学 上映 发布 發布 出生
""")
_DATE_AFTER_OTHER = any_of("""
    から まで に(?:開|発|予|公) 生まれ 発売 開催 까지 부터 에\\s 일자 출시 마감 [(（]?(?:休|祝)
""")
_DATE_AFTER = rf"\s?(?:{_DATE_AFTER_HAN}|{_DATE_AFTER_OTHER})"
_STEP_WORD = any_of("""
    steps? pages? parts? episodes? ep\\.? chapters? questions? levels? rounds? lessons?
    slides? days? weeks? stages? phases? items? tasks? progress tracks? laps? photos?
    images? chunks? sections? files? attempts? try players? loading downloading copying
    zones? done completed? finished goals? p\\.? vol\\.? layer batch epoch packet
""")
_STEP = rf"\b(?i:{_STEP_WORD})[:,]?\s?[#(（\[]?"
_STEP_HAN_WORD = any_of("""
    步骤 步驟 步 页 頁 页码 集 话 章 题 題 关 關 轮 輪 任务 任務 进度 進度 第
""")
_STEP_HAN = rf"{_STEP_HAN_WORD}[:：]?\s?"
_RATED = any_of("""
    rated? rating ratings scored? scores reviews? grade gets?(?:_an?)? got(?:_an?)? stars
    imdb metacritic pain average a_solid an_easy it's_an?
""")
_GAVE = "(?:g(?:ave|ive|ives|iving)|rat(?:e|es|ing)) (?:it|this|them)(?: an?)?"
_RATING = rf"\b(?i:{_RATED}|{_GAVE})[:,]?\s(?i:of\s|is\s|was\s|at\s|an?\s)?[(]?"
_RATED_CJK = any_of("""
    评分 評分 得分 打分 豆瓣 评价 評価 評点 スコア 点数 口コミ 평점 별점 점수 만족도
""")
_RATING_CJK = rf"{_RATED_CJK}[为是は는은이가]?[:：]?\s?[(（]?"
_LIKED_WORD = any_of("""
    an? maybe solid easy strong definitely probably like about_an? say only barely still
""")
_LIKED = rf"\b(?i:{_LIKED_WORD})\s"
_MUSIC_AFTER = r"\s(?i:time|meter|measure|signature|beat|rhythm|bar)\b"
_MUSIC = any_of("""
    waltz march jig song piece tune time_signature signature music movement polka reel
""")
_MUSIC_BEFORE = rf"\b(?i:{_MUSIC})\s(?:is\s)?(?:of\s|in\s)?"
_ODDS = r"\b(?i:odds|favorite|favourite|outsider|priced)\s(?:(?:of|at|are|is|were|was)\s){0,2}"
_PEOPLE_WORD = any_of("""
    people users students dentists doctors households times days devices lights sensors
    votes tasks items answers questions correct stars online patients adults children
    experts available seats
""")
_PEOPLE = rf"\s{_PEOPLE_WORD}\b"
_STARS = any_of("stars points rating on_IMDb on_Metacritic with_rice would_recommend")
_TERROR = any_of("attack terror memorial victim survivor commission hijack")
_FRACTION_ENGLISH = any_of("""
    cups? of inch inches in\\. miles? hours? tsp tbsp teaspoons? tablespoons? pounds? full
    left chance probability majority scale finished
""")
_FRACTION_CJK = any_of("가 이 を 個 杯 的 量 カップ 컵 さじ")
_FRACTION_AFTER = rf"\s?-?(?:{_FRACTION_ENGLISH}|{_FRACTION_CJK}|\")"
_PART_ENGLISH = any_of("""
    half quarter third quarters thirds fraction probability chance equals about_a almost
    nearly
""")
_PART_CJK = any_of("""
    一半 分之[一二三四] 概率 机率 分数 半分 確率 약 절반 확률 约 約 将近 近 不到 超过 大约
""")
_FRACTION_BEFORE = rf"\b(?i:{_PART_ENGLISH})\s?[,(]?\s?|{_PART_CJK}[是为は]?\s?[(（]?"
_CHANGE = any_of("""
    reduc increas decreas cut shr[aiu]nk gr[eo]w fell fall rose ris drop scal lower rais cook boil simmer
""")
_CHANGED = rf"\b(?i:{_CHANGE})[a-z]*\s(?:[a-z]+\s){{0,3}}by\s(?:about\s|almost\s)?"
_MATH = r"[=+*×÷^√]\s?"
_PRESSURE = r"(?:血压|血壓|血圧|혈압|(?i:blood pressure|\bBP))[^0-9]{0,8}"

# What the numbers are: a day, a part that cooks and shops know, a rising pair.
_DATE = r"(?:0?[1-9]|1[0-2])[<=>](?:0?[1-9]|[12][0-9]|3[01])"
_PART = r"\d+<(?:2|3|4|5|6|8|10|12|16|20|32|64|100|1000)"
_PROPER = r"\d+<\d+"
_SMALL = r"\d+[<=]\d+"
_DECIMAL = r"\d+\.\d+[<=][\d.]+"

_SIGHT = r"\b(?:OD|OS|OU|VA|(?i:vision|eyesight|sight|acuity|eyes?|sees|corrected|lens(?:es)?))\b.{0,30}"
_IN_WORDS = "[A-Za-z].{0,30}"
_TIME_AFTER = (
    r"\s(?:[0-9]{1,2}(?::[0-9]{2})?\s?[ap]\.?m\b|[0-9]{1,2}:[0-9]{2}(?![0-9:]))"
)
_TALL = r"1[4-9]\d>(?:[3-9]\d|1[0-4]\d)"
_HEAVY = r"\s?(?:kg|KG|公斤|斤|千克|キロ|킬로)"

_RENT_WORD = any_of(
    "보증금 월세 반전세 원룸 투룸 쓰리룸 오피스텔 빌라 방(?![문송법향]) 임대"
)
_RENT_THING = any_of("방(?![문송법향]) 월세 보증금 매물 집 관리비 원룸 투룸 오피스텔")
_RENT_AFTER = rf"(?:에|으?로|짜리|부터)?\s?[^.,]{{0,10}}{_RENT_THING}"
_RENT = "[1-9][05]?0?00>[1-9][0-9]{1,2}"

_MEMBERS = any_of("""
    人数 人數 报名 報名 队伍 隊伍 组队 組隊 队员 隊員 成员 成員 名额 名額 已满 满员 滿員 出席 参加 參加 参加者 定員 募集 メンバー パーティ パーティー 予約
    인원 모집 파티 정원 참가 참석 신청 멤버
""")
_SIZE = r"1[4-9]\d>(?:[5-9]\d|1[0-4]\d)"

_HALVES = "70>30|60>40|80>20|90>10|95>5|75>25|65>35|85>15"
_SPLIT = "70>30|60>40|80>20|90>10|75>25|65>35|85>15|55>45|95>5|99>1|40<60|30<70|20<80"

SLASHES = Table(
    "A slash between numbers",
    Row("*", _PRESSURE, "", "", "pressure", "血压120/80"),
    Row("en", "", r"(?:9\d|1\d\d|2[0-2]\d)>(?:[4-9]\d|1[01]\d)", r"(?!\s?[RrVv0-9/])", "pressure", "it was 120/80"),
    Row("en", "", r"(?:2|3|4|5|6|7|9|12)[<=>](?:2|4|8)", _MUSIC_AFTER, "digits", "in 6/8 time"),
    Row("en", _MUSIC_BEFORE, r"(?:2|3|4|5|6|7|9|12)[<=>](?:2|4|8)", "", "digits", "a waltz in 3/4"),
    Row("en", "", r"4=4", "", "digits", "not 4/4"),
    Row("en", "", "", r"\s?mpg\b", "pair", "20/26 mpg"),
    Row("en", "", _SPLIT, "", "digits", "a 70/30 split"),
    Row("en", _ODDS, "", "", "odds", "odds of 7/2"),
    Row("*", _MATH, "", "", "other", "a sum: 1 + 1/2"),
    Row("*", "", "", r"\s?[=+*×÷]", "other", "a sum: 1/2 + 1/3"),
    Row("*", "", _DATE, _WEEKDAY_AFTER, "date", "12/3(목), 12/3 周三"),
    Row("*", _WEEKDAY_BEFORE, _DATE, "", "date", "Tuesday 12/1"),
    Row("en", "", _DATE, rf"\s{_TERROR}", "digits", "9/11 attacks"),
    Row("zh yue", "", _DATE, r"(?:恐怖|事件|袭击|襲擊)", "digits", "9/11事件"),
    Row("en", "", _PART, r"\s(?:full|cups?|tsp|tbsp|inch)\b", "fraction", "level: 1/4 full"),
    Row("*", "", _DATE, _TIME_AFTER, "date", "3/16 2:30pm"),
    Row("en", "", r"\d{1,3}[<>]\d", r"\s?\(?(?:(?:in|after|off)\s)?[0-9.]{1,4}\s?ov(?:ers?)?\b", "wickets", "156/4 (43 ov.)"),
    Row("en", "", "0<[0-9]+", "", "out_of", "0/10"),
    Row("en", _CHANGED, _PART, "", "fraction", "reduce by 1/3"),
    Row("en", _STEP, "", "", "of", "Step 2/5"),
    Row("en", _RATING, "", "", "out_of", "rated 8/10"),
    Row("zh yue", _STEP_HAN, _SMALL, "", "of", "步骤2/5"),
    Row("*", _RATING_CJK, "", "", "out_of", "评分：9/10分"),
    Row("zh yue", "", r"\d+\.\d+[<=>]\d+", r"[件个個瓶盒包斤只隻份袋]", "pair", "19.9/2件"),
    Row("zh yue", "", "985>211", "", "digits", "985/211高校"),
    Row("zh yue ja ko", "", r"\d+\.\d+[<=>](?!(?:5|10|100)\.0\Z)\d+\.\d+", "", "pair", "0.617/0.307元"),
    Row("*", "", _DECIMAL, "", "out_of", "4.5/5"),
    Row("en", "", "", rf"\s{_STARS}", "out_of", "5/5 stars"),
    Row("*", _FRACTION_BEFORE, _PART, "", "fraction", "a quarter (1/4)"),
    Row("ja ko", r"[^\W\d_](?:의|の)\s?", _PROPER, "", "fraction", "학생의 7/9, 全体の3/7"),
    Row("*", "", _PART, _FRACTION_AFTER, "fraction", "1/2 cup"),
    Row("en", "", "", _PEOPLE, "out_of", "4/5 dentists"),
    Row("*", _DATE_BEFORE, _DATE, "", "date", "due 12/25"),
    Row("*", "", _DATE, _DATE_AFTER, "date", "12/3放假"),
    Row("en ja", r"[(\[（]", _PART, r"[)\]）]", "of", "(1/2): part one of two"),
    Row("en", "", "(?:5=5|10=10|100=100)", "", "out_of", "10/10!"),
    Row("ja ko", "", r"[0-9.]+[<=](?:5|10|20|[1-9]00|50|150|990)(?:\.0)?", r"\s?[点점]", "out_of", "8/10点"),
    Row("*", "", "50<60", r"\s?(?:Hz|ヘルツ|헤르츠|赫)", "pair", "50/60Hz"),
    Row("ko", "", "[1-4][<=]4", r"\s?분기", "digits", "3/4분기"),
    Row("zh yue ja ko", _MEMBERS + NEAR, _SMALL, r"\s?[人名명]", "members", "队伍6/8人"),
    Row("zh yue ja ko", "", r"[2-9]\d?[<=](?:6|8|\d\d)", r"\s?[人名명]", "members", "6/8人: not 2/3人"),
    Row("zh yue ja ko", "", _SIZE, r"\s?[ABCY](?![A-Za-z0-9])", "size", "170/92A码"),
    Row("zh yue ja ko", "", _HALVES, "", "odds", "80/20鹅绒"),
    Row("*", "", r"\d{3}>\d{2}", r"\s?Z?R\s?\d{2}", "pair", "205/55 R16"),
    Row("en", _LIKED, r"(?:[2-9]|10)[<=]10", r"(?!\s?(?:of|[a-z]{3,}ths?)\b)", "out_of", "that movie was a 7/10"),
    Row("en", "", r"(?:[2-9]|10)[<=]10", r"\s?(?:$|[.,!?;:)])|\s(?:and|but|for|would|at|because|from|if|tbh|imo)\b", "out_of", "maybe 9/10."),
    Row("en", r"\b(?i:between|through|thru)\s(?:[0-9]{1,2}/[0-9]{1,2}\s(?:and|to)\s)?", _DATE, "", "date", "between 5/12 and 5/20"),
    Row("*", "", _TALL, _HEAVY, "pair", "175/65kg"),
    Row("en", _SIGHT, r"20[<=>](?:10|15|20|25|30|40|50|60|70|80|100|200|400)", "", "digits", "vision of 20/40"),
    Row("en", _IN_WORDS, r"\d{2,}<\d{3,}", "", "out_of", "254/255, 680/720"),
    Row("ko", rf"{_RENT_WORD}[^0-9.,]{{0,4}}", _RENT, r"(?!\s?[mM]b)", "rent", "보증금 1000/65"),
    Row("ko", "", _RENT, _RENT_AFTER, "rent", "1000/65에 나온 방"),
    Row("*", "", _PART, "", "other", "1/2, 3/4: most of these are fractions"),
    Row("*", "", _DATE, "", "date", "12/25, 11/28: few fractions look like this"),
    Row("en", _IN_WORDS, rf"(?!{_PART}\Z)\d{{1,2}}<(?:[2-9]\d|1[79])", "", "out_of", "24/37 passes"),
    Row("*", "", "", "", "other", "120/80, 50/50"),
)  # fmt: skip
"""What a slash between two numbers means; `other` leaves it to the rules for fractions."""


def decide(
    first: str, second: str, before: str, after: str, language: str
) -> Row | None:
    """Return the row that tells what ``first/second`` means."""
    left, right = float(first.replace(",", "")), float(second)
    sign = "<" if left < right else ">" if left > right else "="
    return SLASHES.decide(
        language, f"{first}{sign}{second}".replace(",", ""), before, after
    )


def meaning(first: str, second: str, before: str, after: str, language: str) -> str:
    """Return what ``first/second`` means."""
    row = decide(first, second, before, after, language)
    return row.meaning if row else "other"
