"""Decide whether a number is a telephone number, said digit by digit."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_HAN = any_of("""
    拨打 撥打 致电 致電 拨 撥 打 電 电话 電話 热线 熱線 手机 手機 电话号码 号码 號碼 客服 联系方式 打电话给 打電話去 打俾 打畀 打去 联系 聯絡
""")
_OTHER = any_of("フリーダイヤル 携帯 전화 전화번호 번호 연락처 핫라인")
_ENGLISH = any_of("""
    call dial phone telephone tel hotline fax mobile cell text ring sms number contact
    reach
""")
_IS = r"[是为為：:係はは는은이가号號\s.]|を"
_IS_ENGLISH = "(?i:number|is|to|me at|us at|me|us|him|her|them|at|on|our)"
PHONE_WORD = (
    rf"(?:{_HAN}|{_OTHER}|(?<![A-Za-z])(?i:{_ENGLISH})(?![A-Za-z]))"
    rf"(?:{_IS}|{_IS_ENGLISH}){{0,6}}"
)
_NEAR_ENGLISH = any_of("""
    call(?:s|ed|ing)? phone number fax text dial tel cell mobile voicemail contact
""")
_NEAR_OTHER = any_of("电话 電話 号码 號碼 전화")
_NEAR = rf"(?:\b(?i:{_NEAR_ENGLISH})\b|{_NEAR_OTHER})[^.!?。]{{0,20}}"
_CALL = "(?:拨打|撥打|致电|(?i:call|dial|text)|打|전화)"
_OR_NUMBER = r"[0-9](?:或者?|、|和|or|及|か|또는|\s|/){1,4}"

_FOLLOWS_HAN = any_of(
    "[来來]?咨询 [来來]?諮詢 [来來]?查询 [来來]?查詢 打个电话 打個電話 报警 報警"
)
_FOLLOWS_KOREAN = r"에?\s?(?:으?로|에)\s?(?:전화|신고|연락)"
_FOLLOWS_JAPANESE = "に(?:電話|連絡|通報)|番(?:に|へ)|へ(?:電話|連絡)"
_FOLLOWS = rf"\s?(?:{_FOLLOWS_HAN}|{_FOLLOWS_KOREAN}|{_FOLLOWS_JAPANESE})"
_COUNTER_HAN = "[个個次位条條分秒天人度块元折万萬千百年月日]|分钟|分鐘|小时"
_COUNTER = rf"\s?(?:{_COUNTER_HAN}|번|개|명|times|minutes|days)"

_CHINA = any_of(r"""
    1[3-9]\d{9} 1[3-9]\d-\d{4}-\d{4} (?:400|800)-?\d{3}-?\d{4} 0\d{2,3}-\d{3,4}-?\d{4}
    0\d{1,3}-\d{6,8} [2-9]\d{3}_\d{4}
""")
_JAPAN = r"0\d{1,4}-\d{1,4}-\d{3,4}|0\d{8,10}"
_KOREA = any_of(r"""
    (?:010|02|0\d{2})[-.]\d{3,4}[-.]\d{4} \(?0\d{1,3}\)_?\d{3,4}-\d{4}
""")
_AMERICA = any_of(r"""
    (?:\(\d{3}\)[-._]{0,2}|\d{3}[-._])\d{3}[-._]\d{4}(?:-\d{1,4})? 1-\d{3}-\d{3}-\d{4}
    \d{3}-\d{4}-\d{4}
""")
_ANYWHERE = any_of(r"""
    \(\d{2,4}\)[_-]?\d{6,8} \(\d{2,4}\)_?\d{4}[_-]\d{4} \+\d[\d_().-]{6,} \d{4}[-_]\d{4}[-_]\d{4}[-_]\d{4}
""")
_KOREA_SERVICE = any_of("""
    15(?:22|33|44|55|66|77|88|99) 16(?:00|33|44|55|61|66|68|70|77|88|99) 18(?:00|11|33|44|51|55|66|77|99)
""")
_SHAPE = f"{_CHINA}|{_JAPAN}|{_KOREA}|{_AMERICA}|{_ANYWHERE}"
# 555-0134: seven digits are a telephone number where the text is about one.
_LOCAL = r"\d{3}-\d{4}"
_EMERGENCY = any_of("""
    110 112 119 120 122 911 999 988 [2-8]11 12[0-9]{3} 9[0-9]{4} 10086 10010 10000
""")
_HELP_HAN = any_of("""
    急救 火警 报警 報警 匪警 消防 救护车? 救護車? 求助 警察 救急 消防署 事故 交警 投诉 投訴 火事 火災 通報
""")
_HELP_KOREAN = any_of(
    "소방서? 경찰서? 응급 구급[대차]? 신고 화재 범죄 구조 긴급전화 도움 상담 콜센터"
)
_AT_WORK_HAN = any_of("""
    民警 接警 出警 指挥中心 指揮中心 报警 報警 急救 救护 救護 消防 医护 医生 热线 熱線 客服
""")
_AT_WORK_KOREAN = any_of("신고 구급 소방 상황실 종합 긴급 안전 콜센터 구조")
_AT_WORK = rf"\s?(?:{_AT_WORK_HAN}|{_AT_WORK_KOREAN})"
_HELP_ENGLISH = r"\b(?i:police|fire|ambulance|emergency|emergencies)"
_HELP = (
    rf"(?:{_HELP_HAN}|{_HELP_KOREAN}|{_HELP_ENGLISH})"
    "(?:电话|電話|號碼|号码|전화|번호|なら)?[是为為係は는은이가:： ]{0,2}"
)
_FEW_DIGITS = r"(?:[^0-9+]*[0-9]){1,2}[^0-9]*"

PHONES = Table(
    "A telephone number",
    Row("*", "", r"555-\d{4}|\d{3}-0\d{3}", "", "phone", "555-0134"),
    Row("*", _NEAR, _LOCAL, "", "phone", "call 867-5309"),
    Row("*", "", _LOCAL, "", "number", "200-1000"),
    Row("*", "", _EMERGENCY, r"番(?:[目地線号])", "other", "119番線"),
    Row("*", "", rf"(?=\d+\Z)(?:{_SHAPE})", _COUNTER, "number", "13800000000元"),
    Row("ko", "(?:^|[^(（])", rf"{_KOREA_SERVICE}-\d{{4}}", "", "phone", "1588-1234"),
    Row("*", "", _SHAPE, "", "phone", "021-6888-1234, (555) 123-4567"),
    Row("*", "", _EMERGENCY, "番", "phone", "119番"),
    Row("*", "", r"\+(?:[^0-9]*[0-9]){10,}.*", "", "phone", "+44 20 7946 0958"),
    Row("*", "", r"\+.*", "", "number", "+5"),
    Row("*", "", _EMERGENCY, _AT_WORK, "phone", "120急救车, 119 구급대"),
    Row("*", "", "[0-9]{4,6}", r"\s?(?:[热熱][线線]|客服)", "phone", "1823熱線"),
    Row("ja", "#", "[789][0-9]{3}", "", "phone", "#7119"),
    Row("*", "", "", _COUNTER, "number", "打5次, 120分钟"),
    Row("*", _HELP, _EMERGENCY, "", "phone", "火警119"),
    Row("en", r"\b(?i:text)\b[^.]{0,25}\bto\s", "[0-9]{5,6}", "", "phone", "Text STOP to 88202"),
    Row("*", "", _FEW_DIGITS, "", "number", "call 5 people"),
    Row("*", "", "", _FOLLOWS, "phone", "110に電話"),
    Row("*", PHONE_WORD, "", "", "phone", "拨打12345, call 911"),
    Row("en", r"\b(?i:call|dial|text)\b[^.!?]{0,36}", "[2-9]11|988", r"\s?(?:$|[.,;!?])", "phone", "dial 911; for the city, 311"),
    Row("*", rf"{_CALL}.{{0,16}}{_OR_NUMBER}", _EMERGENCY, "", "phone", "拨打110或120"),
)  # fmt: skip
