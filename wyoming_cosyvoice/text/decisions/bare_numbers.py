"""Decide what a number on its own is: a year, a room, a flight, or so many.

``pairs`` is 1204 as twelve oh four, ``year`` 1600 as sixteen hundred; ``digits`` is one
by one. Without a row that fits it is how many there are.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.decisions.years import YEAR_BEFORE, YEAR_FOLLOWS
from wyoming_cosyvoice.text.patterns import any_of

_YEAR = "1[0-9]{3}|20[0-9]{2}"
_RECENT = "19[0-9]{2}|20[0-4][0-9]"
_ERA = r"\s?(?:A\.?D|B\.?C|C\.?E|B\.?C\.?E)\b"
_ROOM_WORD = any_of("""
    error status http room rm suite apartment apt unit gate channel bus flight highway
    route interstate hwy area train
""")
_ROOM = rf"\b(?i:{_ROOM_WORD})\.?\s"
_AIRLINE = any_of("""
    UA AA DL WN BA LH AF KL EK QR SQ CX NH JL KE OZ CA MU CZ HU CI BR TG QF AC NZ VS B6
    AS NK F9 LX OS IB AZ TK ET AI VN GA MH PR 3U 9C ZH MF FM HX UO 7C TW LJ
""")
_AIRLINE_NAME = any_of("""
    Delta United American Southwest JetBlue Alaska Spirit Frontier Lufthansa Ryanair easyJet
    Emirates Qantas KLM Finnair Iberia Swissair
""")
_FLIGHT = rf"(?<![A-Za-z0-9])(?:{_AIRLINE}|{_AIRLINE_NAME})\s"
_LAW = any_of("""
    senate senators? bills? pass(?:ed|es)? sponsor(?:s|ed)? cosponsors? co-sponsors? co-sponsored introduced act congress committee
    would vetoed signed amend(?:s|ed|ment)? h\\.?r\\.? legislation vote voted markup
""")
_BILL = r"\b(?:H\.?R\.?|[SHA]\.?B\.?|H\.\s?Res\.|(?:House|Senate|Assembly)\sBill|House\sResolution)\s"
TIME_BEFORE = r"\b(?:at|by|until|from|to|before|after|around|and)\s"
_ON_ROAD = r"\b(?i:on|take|taking|took|off|onto|via|along|from|down|up)\sthe\s"
_ROAD_ENDS = r"\s?(?:$|[.,;!?)]|(?:is|was|to|north|south|east|west|at|near|and|until|freeway|exit|in|for|again)\b)"
_THE = r"\b(?i:the|an?|this|that|his|her|its|their|our|my|early|late|mid)\s"
_COUNTED_EN = any_of("""
    miles? km kilometers feet people square dollars meters calories votes points words kg lbs
    pounds acres hours students seats homes workers jobs watts units users steps men women
    soldiers troops employees members pages cases deaths
""")
_MODEL_WORD = any_of("""
    Boeing Airbus GTX RTX RX Radeon Ryzen_[3579] Xeon Arc GeForce Quadro ThinkPad Latitude
    Nokia Peugeot Porsche Ferrari Lexus SR Rte\\.? Exit
""")
_MODEL = rf"\b{_MODEL_WORD}\s"
_QUARTER = r"(?:[NSEW]\.?|North|South|East|West)"
_STREET_WORD = any_of("""
    Street St Avenue Ave Road Rd Drive Dr Blvd Boulevard Lane Ln Way Court Ct Place Pl
    Parkway Pkwy Circle Cir Terrace Ter Trail Trl Plaza Pike Expy Expressway Highway Hwy Square Sq
""")
_ORDINAL = r"[0-9]{1,3}(?:st|nd|rd|th)"
STREET = (
    rf"(?:\s{_QUARTER})?(?:(?:\s[A-Z][a-z]+){{1,3}}|\s{_ORDINAL})\s{_STREET_WORD}\b"
)
"""A number of a house stands before it: Baker Street, W. 5th St."""
_END = r"\s?(?:$|[，。！!~…?？、,.]|哈|啊|[了啦])"

_SERVICE = any_of("12123 123(?:06|45|15|20|33|48|66|88) 10086 10010 955[0-9]{2} 12580")
_COUNTED = r"\s?(?:[个個元块塊人次条條台件米公千万亿家名户套年月天点點辆輛]|小时)"
_STATUS = r"(?:报错|報錯|错误码?|錯誤|状态码|狀態碼|返回|提示|HTTP|显示)[：:]?\s?"
_SHOPPING = any_of(
    "大促 活动 购物节 年中 期间 狂欢 促销 战报 预售 优惠 和双11 和双十一"
)
_LABOUR = any_of("工作制 加班 福报")
_SCHOOL = any_of("高校 大学 院校 工程 毕业 名校 学校 、?211 和211 本科")
_SHOW = any_of("晚会 曝光")
_SWEET = any_of("表白 快乐 礼物 当天 那天 情人节")

_BUILDING = r"(?:[0-9A-Za-z号號一二三四五六七八九十][楼樓层層座栋棟幢]|单元|單元|大[厦廈]|公寓|小[区區]|花[园園])\s?"
_ROOM_LIST = r"(?:房[间間]|包[间間厢廂]|教室|[会會][议議]室|病房|[诊診]室)(?:[0-9]{3,4}[、和或及])?\s?"
_JAPANESE_ROOM = any_of("会議室 教室 病室 診察室 研究室 ルーム 控室 実習室 講義室")
_NOT_COUNTED_JA = r"(?!\s?[人名個室階席台円回分件本冊平㎡m%])"
_NOT_COUNTED = (
    r"(?!\s?[个個元块塊人名位户戶家间間米平㎡年多余餘来來几幾左以万萬千kKm%台件条條])"
)
_ROAD = "[国國省县縣]道"
_STOCK = any_of("""
    今日 昨日 尋日 早段 早盘 午后 午後 股價 股价 收 升 跌 涨 漲 報 报 最新 挫 飆 急 低 高开 微 续 續
""")
CHIP = any_of("""
    RTX GTX RX Arc Ryzen Core 骁龙 驍龍 天玑 天璣 麒麟 스냅드래곤 라이젠 라데온 지포스
""")
_BUS = r"(?:巴士|小巴|公交车?|专线|專線|[搭坐])\s?"
_BUS_GOES = r"(?:$|[，。！？、,.去到返落班號号巴由往經经從从])"
_DAY = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
BARE_NUMBERS = Table(
    "A number on its own",
    Row("*", "", "0[0-9]", "", "digits", "03 08 17"),
    Row("*", "[0-9][秒초]", "[0-9]{2}", "(?![秒초分분])", "digits", "9秒83"),
    Row("ja", "[^0-9A-Za-z]|^", "8{4,}", r"(?:$|[^0-9\s円人回])", "digits", "8888: applause"),
    Row("*", "[0-9][秒초]\\s", "[0-9]{2}", "", "digits", "44초 75"),
    Row("zh yue", _STATUS, "[1-5][0-9]{2}", "", "digits", "报错404"),
    Row("zh yue", "", "[1-5][0-9]{2}", "错误|錯誤|页面|頁面|状态码", "digits", "404错误"),
    Row("zh yue", "", _SERVICE, rf"(?!{_COUNTED})", "digits", "12306售票"),
    Row("zh yue", "", "618|818|1111|1212", _SHOPPING, "digits", "618大促"),
    Row("zh yue", "", "996|007|955", _LABOUR, "digits", "996工作制"),
    Row("zh yue", "", "985|211", _SCHOOL, "digits", "985高校"),
    Row("zh yue", "985[、和/]?", "211", "", "digits", "985和211"),
    Row("zh yue ja", "(?:台北|臺北)\\s?", "101", "", "digits", "台北101"),
    Row("zh yue", "", "101", "大[楼樓]", "digits", "101大樓"),
    Row("zh yue", "", "[0-9]{3}", "[艺藝][术術][区區]|高地", "digits", "798艺术区"),
    Row("zh yue", "", "315", _SHOW, "digits", "315晚会"),
    Row("zh yue", "", "520|521|1314", _SWEET, "digits", "520快乐"),
    Row("zh yue", "", "520", "1314", "digits", "5201314"),
    Row("zh yue", "", "[0-9]{3}", "医院|醫院", "digits", "301医院"),
    Row("zh yue", "住[^0-9，。,.]{0,6}", "[1-9][0-9]{2,3}", _END, "digits", "今晚住如家2307"),
    Row("zh yue", r"[\u4e00-\u9fff][（(]", "[0-9]{3,6}", rf"[)）](?:{_STOCK})", "digits", "騰訊（700）跌1.6%"),
    Row("zh yue", _ROOM_LIST, "[1-9][0-9]{2,3}", _NOT_COUNTED, "digits", "房间1203、1205"),
    Row("ja", rf"{_JAPANESE_ROOM}\s?", "[1-9][0-9]{2,3}", _NOT_COUNTED_JA, "digits", "会議室302に集合"),
    Row("zh yue", "考研", "[34][0-9]{2}", r"(?!\s?[分人名个個所元天])", "digits", "考研408真题"),
    Row("zh yue", "", "(?:19|20)[0-9]{2}", r"\s?[至到或和与與]\s?(?:19|20)[0-9]{2}[年学學赛]", "digits", "2024至2026年"),
    Row("zh yue", _BUILDING, "[0-9]{3,4}", _NOT_COUNTED, "digits", "A座1206, 2单元501"),
    Row("zh yue", r"[（(\[]", _RECENT, r"\s?[-–—~]?\s?[）)\]]", "digits", "（2024）京01民初123号"),
    Row("zh yue", "", "[0-9]{4,5}", r"\s?端口", "digits", "8080端口"),
    Row("zh yue", "", "[0-9]{3}", _ROAD, "digits", "318国道"),
    Row("zh yue", f"{_ROAD}[GS]?", "[0-9]{3}", "", "digits", "国道318"),
    Row("zh yue ja ko", rf"{CHIP}(?:\s[A-Za-z]+)?\s?", "[0-9]{3,4}", "", "digits", "RTX 5090"),
    Row("zh yue", _BUS, "[1-9][0-9]{2}", _BUS_GOES, "digits", "搭104去灣仔"),
    Row("zh yue", "[0-9]米", "[0-9]{2}", r"(?![0-9.]|\s?[米厘公秒分个個])", "digits", "1米75"),
    Row("zh yue ja ko", "", _DAY, r"(?!\s?[元円원개个個人名명])", "digits", "20241231"),
    Row("en", YEAR_BEFORE, _YEAR, YEAR_FOLLOWS, "year", "in 1492"),
    Row("en", "", "[0-9]{3}", _ERA, "pairs", "340 A.D."),
    Row("en", "", _RECENT, YEAR_FOLLOWS, "year", "1999 was warm"),
    Row("en", _ROOM, "[0-9]{3,}", "", "pairs", "room 1204, flight 1549"),
    Row("en", _FLIGHT, "[0-9]{3,4}", "", "pairs", "UA 2402, Delta 1187"),
    Row("*", _FLIGHT, "[0-9]{2,4}", "", "digits", "CA 1837"),
    Row("en", rf"\b(?i:{_LAW})\b[^.!?]{{0,24}}[\s(]S\.\s", "[1-9][0-9]{0,3}", "", "pairs", "the Senate passed S. 2345"),
    Row("en", r"(?:^|[^A-Za-z])S\.\s", "[1-9][0-9]{0,3}", rf",?(?:\s[\w'-]+){{0,3}}\s(?i:{_LAW})\b", "pairs", "S. 2345 passed"),
    Row("en", _BILL, "[1-9][0-9]{3}", r"(?!\s[a-z]+s\b)", "pairs", "H.R. 4521, SB 1070"),
    Row("en", r"\*", "[0-9]{2,3}", "", "digits", "*611"),
    Row("en", _ON_ROAD, "[1-9][0-9]{2}", _ROAD_ENDS, "pairs", "traffic on the 405"),
    Row("en", r"\b(?:A\.?D\.?|B\.?C\.?)\s", "[0-9]{3}", "", "pairs", "A.D. 476"),
    Row("en", _THE, "19[0-9]{2}|20(?:0[1-9]|[1-4][0-9])", rf"(?!\s{_COUNTED_EN})\s[a-z]", "year", "the 2024 draft"),
    Row("en", rf"\b(?:year|in|since)\s(?:{_YEAR})\b.{{0,34}}\bthan\s", _YEAR, "", "year", "in 1900 more than 1899"),
    Row("en", _THE, "7[0-8]7", rf"(?!\s{_COUNTED_EN})\s(?!of\b)[a-z]", "pairs", "the 737 carried"),
    Row("en", _MODEL, "[0-9]{3,4}", "", "pairs", "Boeing 737, RTX 4090"),
    Row("en", "", "[1-9][0-9]{3}", r"\s(?:Ti|XT|XTX|Super|SUPER|GPUs?)\b", "pairs", "a 3080 Ti"),
    Row("en", r"(?:§|\b(?i:sections?|secs?\.?))\s?", "[0-9]{4}", "", "pairs", "section 1983"),
    Row("en", r"(?:§|\b(?i:sections?))\s?(?:[0-9]{4}(?:,| and| &| or)\s)", "[0-9]{4}", "", "pairs", "sections 1983 and 1988"),
    Row("en", "", "0[0-9]00|[01][0-9]00|2[0-3]00|0[0-9][0-5][0-9]", r"\s(?:hours|hrs)\b(?!\s(?:of|a|per))", "hours", "at 0800 hours"),
    Row("en", TIME_BEFORE, "0[0-9][0-5][0-9]", "", "hours", "arrived at 0630"),
    Row("en", TIME_BEFORE, "[01][0-9][0-5][0-9]|2[0-3][0-5][0-9]", r"\s(?:hours|hrs)\b", "hours", "at 1430 hours"),
    Row("en", "", "[0-9]{4}", STREET, "year", "1600 Pennsylvania Ave."),
    Row("en", "", "[0-9]{3}", STREET, "pairs", "221 Baker Street"),
    Row("zh yue", "", "23{2,9}", "", "digits", "2333: laughter"),
    Row("zh yue", r"[^0-9A-Za-z]|^", "6{3,9}", _END, "digits", "太强了666"),
)  # fmt: skip
