"""What the words around a number tell about it.

Each function looks at a bounded piece of text before and after a match.
"""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize import teams
from wyoming_cosyvoice.text.normalize.units import TOUCHING
from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.scripts import ANY_CJK, CJK

_SCORE = pattern(
    r"战平|戰平|险胜|完胜|横扫|逆转|不敌|不敵|力克|大胜|落后|落後|绝杀|平局|打平|惜败|負|失利|引き分け|下した|敗れ|무승부|패했|승리|꺾"
    r"|\b(?:draw|drew|defeat|victory|upset|edged|trail(?:s|ed|ing)?|thrashed|final score|aggregate)\b|比分|比数|比數|战胜|戰勝|击败|擊敗|领先|領先|爆冷|[主客]队|[主客]隊|贏|赢|胜|勝|負け"
    r"|試合|スコア|スコアは|点差|점수|스코어|경기|이겼|졌|비겼"
    r"|\b(?:score[sd]?|won|win|wins|beat|beats|lost|lead|leads|leading|tied|defeated|final)\b",
    re.IGNORECASE,
)
_RATIO = pattern(
    r"比例|比率|宽高比|長寬比|アスペクト|비율|ratio|aspect|scale", re.IGNORECASE
)
_DURATION = pattern(
    r"计时|計時|剩余|剩餘|还有|還有|仲有|用时|用時|时长|時長|历时|倒数|残り|タイマー|所要|남|타이머|소요"
    r"|\b(?:timer|left|remaining|duration|elapsed|lasted|took|countdown|length|runtime)\b",
    re.IGNORECASE,
)
_ASKS_FOR_DATE = pattern(
    r"(?:日期|定于|截止|予定|期限|締切|날짜|에정|[来先今]週.{0,6}|[来先今]月.{0,6}|週末.{0,3}|から|date|due|on|by"
    r"|until|since|before|after|from|through|expires?|starting|due:)[是为は：:은는]?\s?$",
    re.IGNORECASE,
)
_DATE_FOLLOWS = pattern(
    r"\s?(?:から|まで|前|之前|以前|起|号|(?:の|に)(?:予定|開催)|です|\s?(?:周|週|星期)|[(（](?:月|火|水|木|金|土|日|周|一|二|三|四|五|六))"
)
_NO_DATE_FOLLOWS = pattern(
    r"\s?(?:cup|of|inch|mile|hour|가|이|は|を|個|的|left|full)", re.IGNORECASE
)

_CODE_WORD = pattern(
    r"(?:验证码|驗證碼|校验码|密码|密碼|口令|取件码|取件碼|提货码|编号|編號|编码|代码|代碼|单号|單號|订单号|"
    r"卡号|卡號|账号|帳號|帐号|尾号|尾號|房号|房號|房间号|房間號|房间号码|包间号|包厢号|床号|桌号|车牌号?|門牌|门牌|門牌|学号|工号|证号|邮编|郵編|端口|端口号|分机|分机号|分機|QQ号?|微信号|会员号|邮政编码|序列号|"
    r"序列號|车次|航班|航班号|识别码|配对码|配對碼|激活码|邀请码|番号|暗証番号|認証番号|認証コード|確認コード|コード|パスワード|郵便番号|"
    r"비밀번호|인증번호|인증코드|인증 코드|코드|번호|우편번호|자리|끝자리|"
    r"(?<![A-Za-z])(?:code|pin|port|passcode|password|otp|serial|extension|ext|zip|zipcode|flight|invoice|order|tracking"
    r"|account|id|no|number|ending in)(?![A-Za-z]))"
    r"(?:[是为為：:係系はがは는은이가号號\s#.—-]|を|number|is|to|has been set to|已?更新为|改为|設定為|设为){0,5}$",
    re.IGNORECASE,
)
_NO_CODE_WORD = pattern(
    r"\b(?:number|id|no|order|code)\s(?:of|to)\s$|\bin order to\s$", re.IGNORECASE
)
_NUMBER_WORD = pattern(
    r"(?:number|no\.?|id|order|account|zip)[\s#:is]{0,4}$", re.IGNORECASE
)
_FLIGHT = pattern(
    r"\b(?:flight|train|bus|route)\s[A-Z]{2,3}\s$|航班\s?[A-Z0-9]{2}\s?$", re.IGNORECASE
)
_CODE_GOES_ON = pattern(
    r"\s?(?:个|個|次|位|条|分|秒|天|小时|度|개|번\s|자리|회|桁|回|件|attempts?|digits?|times)"
)

_PHONE_WORD = pattern(
    r"(?:拨打|撥打|致电|致電|拨|撥|打|電|电话|電話|热线|熱線|手机|手機|电话号码|号码|號碼|客服|联系方式|打电话给|打電話去|打俾|打畀|打去|"
    r"联系|聯絡|フリーダイヤル|携帯|전화|전화번호|번호|연락처|핫라인|"
    r"(?<![A-Za-z])(?:call|dial|phone|telephone|tel|hotline|fax|mobile|cell|text|ring|sms|number|contact|at)(?![A-Za-z]))"
    r"(?:[是为為：:係はは는은이가号號\s.]|を|number|is|to|me at|us at|me|us|at|on|our){0,6}$",
    re.IGNORECASE,
)
_OR_NUMBER = pattern(r"[0-9](?:或者?|、|和|or|及|か|또는|\s|/){1,4}$")
_CALL = pattern(r"拨打|撥打|致电|call|dial|打|전화", re.IGNORECASE)
_PHONE_FOLLOWS = pattern(
    r"\s?(?:[来來]?(?:咨询|諮詢|查询|查詢)|打个电话|打個電話|报警|報警|에?\s?(?:으?로|에)\s?(?:전화|신고|연락)"
    r"|に(?:電話|連絡|通報)|番(?:に|へ)|へ(?:電話|連絡))"
)
_COUNTER_FOLLOWS = pattern(
    r"\s?(?:[个個次位条條分秒天人度块元折万萬千百]|分钟|分鐘|小时|年|月|日|번|개|명|times|minutes|days)"
)
_PHONE_SHAPE = pattern(
    r"\(\d{2,4}\)[ -]?\d{6,8}|1[3-9]\d{9}|1[3-9]\d-\d{4}-\d{4}|(?:400|800)-?\d{3}-?\d{4}|0\d{2,3}-\d{3,4}-?\d{4}|0\d{1,4}-\d{1,4}-\d{3,4}"
    r"|0\d{1,3}-\d{6,8}|0\d{8,10}|[2-9]\d{3} \d{4}|(?:\(\d{3}\)[-. ]{0,2}|\d{3}[-. ])\d{3}[-. ]\d{4}(?:-\d{1,4})?|\d{3}-\d{4}-\d{4}|1-\d{3}-\d{3}-\d{4}"
    r"|\+\d[\d ().-]+|\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}|(?:010|02|0\d{2})-\d{3,4}-\d{4}|15\d\d-\d{4}"
)
# 555-0134: seven digits are a telephone number where the text is about one.
_LOCAL_PHONE = pattern(r"\d{3}-\d{4}")
_PHONE_NEAR = pattern(
    r"(?:\b(?:call(?:s|ed|ing)?|phone|number|fax|text|dial|tel|cell|mobile|voicemail|contact)\b|电话|電話|号码|號碼|전화)[^.!?。]{0,20}$",
    re.IGNORECASE,
)
_EMERGENCY = pattern(
    r"110|112|119|120|122|911|999|12[0-9]{3}|9[0-9]{4}|10086|10010|10000"
)
_HELP_BEFORE = pattern(
    r"(?:急救|火警|报警|報警|匪警|消防|救护车?|救護車?|求助|警察|救急|消防署|소방서?|경찰서?|응급|구급대?|신고"
    r"|\b(?:police|fire|ambulance|emergency|emergencies))(?:电话|電話|號碼|号码)?[是为為係は:： ]{0,2}$",
    re.IGNORECASE,
)
_STATE = pattern(
    r"(?:^|[,\s])(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])\s$"
)
_ZIP = 5
_SHORT_PHONE = 3
_LONG_CODE = 13
_LONGEST_QUANTITY = 18
_COUNT_OR_CODE = 4

_LATIN_NAME = pattern(r"[A-Za-z](?:[ ](?:v|Core|OS|release|version|build)?[ ]?|[ ])$")
_VERSION_WORD = pattern(
    r"(?:版本|固件|固件|韌體|系统|系統|バージョン|버전|펌웨어|version|firmware|release|build|update to|v)\s?[是为為:：はは은는]?\s?$",
    re.IGNORECASE,
)
_VERSION_FOLLOWS = pattern(
    r"\s?(?:版|バージョン|버전|release|update|正式|发布|發布|beta)", re.IGNORECASE
)

_ROMAN_BEFORE = pattern(
    r"第$|\b(?:chapter|part|volume|vol|act|phase|type|mark|war|stage|level|section|book|episode|class|grade|season"
    r"|king|queen|pope|bowl|WW|[A-Z][a-z]+)\.?\s$"
)
_ROMAN_WORD = pattern(
    r"\b(?:Chapter|Part|Volume|Vol|Act|Phase|Type|Mark|War|Stage|Level|Section|Book|Episode|Class|chapter|part|volume|phase|type|level)\.?\s$"
)
_ROMAN_FOLLOWS = pattern(r"[期型级級代世章部卷号號类類]")
_OPERAND_BEFORE = pattern(rf"(?:[0-9a-z)%°²³CFA-Z{CJK}])\s?$")
_OPERAND_AFTER = pattern(rf"\s?[-√±($€£¥₩]?[0-9a-zA-Z{CJK}]")
_NUMBER_BEFORE = pattern(r"[0-9)²³]\s?$|(?:^|[\s(（=+*/×÷-])[a-zA-Z]\s?$")
_NUMBER_AFTER = pattern(r"\s?[-√]?(?:[0-9(]|[a-zA-Z](?![a-zA-Z]))")
_TEMPERATURE_NAME = pattern(
    r"色温|色溫|色温度|색온도|color temp|colour temp|kelvin|warm|cool white|light",
    re.IGNORECASE,
)

# 16 A is a current where the text is about one: A is also a word.
_CURRENT = pattern(
    r"电流|電流|電源|전류|(?i:\b(?:current|breaker|fuse|draws?|drawing|charg\w+|trips?|rated|limit|max(?:imum)?|amps?)\b)"
)
_CURRENT_FOLLOWS = pattern(r"\s?(?:fuse|breaker|circuit|current|charg|socket|outlet)")
# 42 W. 5th St.: a quarter of the town.
_QUARTERS = ("N", "S", "E", "W")
_STREET_FOLLOWS = pattern(
    r"\.?\s(?:[0-9]{1,3}(?:st|nd|rd|th)|[A-Z][a-z]+\s(?:St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Drive)\b)"
)
_LETTER_UNITS = frozenset(
    """
    A C F N J M V W K B t T D d h m s g L l
    """.split()  # noqa: SIM905 - a list to be read and extended
)


def is_score(before: str, after: str) -> bool:
    """Whether two numbers are the score of a game."""
    return bool(
        _SCORE.search(before)
        or _RATIO.search(before)
        or _SCORE.search(after[:8])
        or teams.TEAM_BEFORE.search(before)
        or teams.TEAM_AFTER.match(after)
    )


def is_duration(before: str, after: str) -> bool:
    """Whether h:mm:ss is a span of time."""
    return bool(_DURATION.search(before) or _DURATION.search(after))


# 12:30 is minutes and seconds where a clock counts down or something is played.
_TIMED_BEFORE = pattern(
    r"(?:剩余|剩餘|还剩|還剩|倒计时|倒計時|计时器?|計時器?|用时|用時|时长|時長|残り(?:時間)?|タイマー|経過|再生時間|남은\s?시간|타이머|경과|소요\s?시간"
    r"|\b(?:timer|countdown|remaining|elapsed|run ?time|duration|lap|track|song|video|clip|stopwatch|lasts|lasted|length)\b)[^0-9]{0,12}$",
    re.IGNORECASE,
)
_TIMED_AFTER = pattern(
    r"\s?(?:left(?=\s*(?:[.,!?]|$|on\b|until\b|before\b|in\b))|remaining|elapsed|on the clock|to go|残って|で終了|남았|남음|후 종료|后结束|後結束)"
)


def is_timed(before: str, after: str) -> bool:
    """Whether two numbers with a colon are minutes and seconds."""
    return bool(_TIMED_BEFORE.search(before) or _TIMED_AFTER.match(after))


_RUN_TIME_BEFORE = pattern(
    r"(?:\b(?:in|time of|of|clocked|record of|finish(?:ed)? at)|成绩|成績|用时|用時|跑出|跑进|タイム[はが]?|記録[はが]?|기록은?)[:：]?\s?$",
    re.IGNORECASE,
)
_RUN = pattern(
    r"\b(?:ran|run|race|marathon|lap|finish(?:ed)?|swam|clocked|record|runner|5k|10k|mile)\b|跑|游|马拉松|馬拉松|走|マラソン|달리|완주|기록",
    re.IGNORECASE,
)


def is_run_time(before: str, after: str) -> bool:
    """Whether 44:50 is the minutes and seconds of a run."""
    return bool(_RUN_TIME_BEFORE.search(before) and _RUN.search(before + after))


def asks_for_date(before: str, after: str, separator: str) -> bool:
    """Whether ``12/25`` is a date."""
    if separator == "." or _NO_DATE_FOLLOWS.match(after):
        return False
    if separator == "/" and _ASKS_FOR_DATE.search(before):
        return True
    if (
        separator == "/"
        and before[-1:] in ("(", "（")
        and after[:1] in (")", "）", "(", "（")
    ):
        return True
    if separator == "-":
        return bool(_DATE_FOLLOWS.match(after) and ANY_CJK.match(after))
    return (
        separator == "/" and bool(_DATE_FOLLOWS.match(after)) and not _is_math(before)
    )


def _is_math(before: str) -> bool:
    return bool(re.search(r"[=+*×÷]\s?$", before))


def is_code(text: str, before: str, after: str) -> bool:
    """Whether a number is a code, said digit by digit."""
    is_plain = text.isdecimal()
    if is_plain and text[0] == "0" and len(text) > _SHORT_PHONE - 1:
        return True
    if text.count("-") > 1 and text.replace("-", "").isdecimal():
        return True
    if is_plain and len(text) >= _LONGEST_QUANTITY:
        return True
    if before.endswith("〒") or (len(text) == _ZIP and _STATE.search(before)):
        return True
    has_word = _CODE_WORD.search(before) and not _NO_CODE_WORD.search(before)
    if has_word or _FLIGHT.search(before):
        is_long = len(text) >= _COUNT_OR_CODE or not _NUMBER_WORD.search(before)
        return is_long and not _CODE_GOES_ON.match(after) and len(text) > 1
    return False


def is_phone(text: str, before: str, after: str) -> bool:
    """Whether a number is a telephone number."""
    count = sum(char.isdecimal() for char in text)
    if _LOCAL_PHONE.fullmatch(text):
        is_local = text[4] == "0" or text.startswith("555")
        return is_local or bool(_PHONE_NEAR.search(before))
    if _PHONE_SHAPE.fullmatch(text):
        return not (text.isdecimal() and _COUNTER_FOLLOWS.match(after))
    if _EMERGENCY.fullmatch(text) and re.match(r"番(?![目地線号])", after):
        return True
    if _EMERGENCY.fullmatch(text) and _HELP_BEFORE.search(before):
        return not _COUNTER_FOLLOWS.match(after)
    if text[0] == "+" or _COUNTER_FOLLOWS.match(after) or count < _SHORT_PHONE:
        return text[0] == "+" and count > _LONG_CODE - 4
    if _PHONE_FOLLOWS.match(after):
        return True
    if _PHONE_WORD.search(before):
        return True
    return bool(
        _OR_NUMBER.search(before)
        and _CALL.search(before)
        and _EMERGENCY.fullmatch(text)
    )


def is_name_of_number(before: str) -> bool:
    """Whether the text asks for a telephone number or a code."""
    has_word = _PHONE_WORD.search(before) or _CODE_WORD.search(before)
    return bool(has_word) and not before.endswith("at ")


def is_version(before: str, after: str) -> bool:
    """Whether ``2024.12`` is a version, not a month."""
    return bool(
        _LATIN_NAME.search(before)
        or _VERSION_WORD.search(before)
        or _VERSION_FOLLOWS.match(after)
    )


def is_roman(text: str, before: str, after: str) -> bool:
    """Whether capital letters are a Roman numeral."""
    if _ROMAN_WORD.search(before) or before.endswith("第"):
        return True
    if len(text) == 1:
        return text != "I" and bool(_ROMAN_FOLLOWS.match(after))
    return bool(_ROMAN_BEFORE.search(before) or _ROMAN_FOLLOWS.match(after))


def is_unit(symbol: str, gap: str, number: str, before: str, after: str) -> bool:
    """Whether letters after a number are a unit, not a word or a part of a name."""
    if gap and symbol in TOUCHING:
        return symbol == "A" and bool(
            _CURRENT.search(before) or _CURRENT_FOLLOWS.match(after)
        )
    if symbol == "K":
        return len(number) > _SHORT_PHONE or bool(_TEMPERATURE_NAME.search(before))
    if symbol in ("M", "B", "T", "C", "F", "D"):
        return False
    if symbol in _LETTER_UNITS and re.search(r"(?:^|[^0-9A-Za-z])[A-Za-z]+-?$", before):
        return False
    if symbol in _QUARTERS and _STREET_FOLLOWS.match(after):
        return False
    if symbol == "in" and after[:1] == "-":
        return False
    return not (symbol == "d" and after[:1].isalpha() and after[0].isascii())


def is_between_operands(sign: str, before: str, after: str) -> bool:
    """Whether a sign is said: it stands between things that can be calculated."""
    if not _OPERAND_AFTER.match(after):
        return False
    if sign in ("√", "∞", "±") or (sign == "-" and after[:1] == "√"):
        return True
    if sign in ("≤", "≥", "≠", "≈", "=", "×", "÷"):
        return bool(_OPERAND_BEFORE.search(before)) or sign in ("≤", "≥", "≈")
    # Hyphen, slash, plus and star are something else between words.
    if sign == "/" and not (
        before.rstrip()[-1:].isdecimal() and after.lstrip()[:1].isdecimal()
    ):
        return False
    is_loose = before.endswith(" ") == after.startswith(" ")
    return is_loose and bool(
        _NUMBER_BEFORE.search(before) and _NUMBER_AFTER.match(after)
    )


_BLOOD_PRESSURE = pattern(
    r"(?:血压|血壓|血圧|혈압|blood pressure|\bBP)[^0-9]{0,8}$", re.IGNORECASE
)


def is_blood_pressure(before: str) -> bool:
    """Whether a slash stands between two pressures."""
    return bool(_BLOOD_PRESSURE.search(before))


_DATE_PART = pattern(
    r"[0-9][年月日号號时時点點分秒度元円階층도년월일시분초원층%周週]\Z"
)
_WEEKDAY_BEFORE = pattern(
    r"\b(?:(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)(?:[a-z]*day)?|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\.?\Z"
)
_WEEKDAY_AFTER = pattern(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_PRICED = pattern(r"[元块塊円원度次人蚊분회回L升]\Z")


_BEFORE_TILDE = pattern(r"[\w)）%°]\s?\Z")


def is_linking(before: str, after: str, mark: str = "-") -> bool:
    """Whether a dash or a tilde stands between two dates, times or weekdays."""
    if mark == "~":
        return bool(_BEFORE_TILDE.search(before))
    if after[:1].isdecimal() and re.search(r"[0-9]'?s\Z", before):
        return True
    if after[:1].isdecimal():
        return bool(_DATE_PART.search(before))
    return bool(_WEEKDAY_BEFORE.search(before) and _WEEKDAY_AFTER.match(after))


def is_rate(before: str) -> bool:
    """Whether a slash after this means "per"."""
    return bool(_PRICED.search(before))
