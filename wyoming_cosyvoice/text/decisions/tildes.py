"""Decide what a tilde means: "to", "about", a lengthened sound, a pause or nothing.

People write ``好的~``, ``네~`` and ``え〜っと`` far more often than ranges of words, so a
tilde is "to" or "about" only where a quantity, a date or a name of a place asks for it.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.signs import PART_OF_DAY
from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_PART_OF_DATE = (
    "[年月日号號点點时時分秒度元楼樓层層岁歲级級周週天期个個位人名种種米页頁章节節集回円歳階話"
    "년월일시분초도원층세급장화호차명개]"
)
_LARGE = "[万萬亿億千百만억천백조]"
_WEEKDAY_HAN = "(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]"
_WEEKDAY_LETTER = "(?:^|[^\\w])[月火水木金土日월화수목금토일](?:曜日?|요일)?"
_NAMED_DAY = (
    "(?i:mon|tues?|wed|thurs?|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov"
    "|dec)[a-z]*\\.?"
)
_CITY = any_of("""
    北京 上海 广州 廣州 深圳 杭州 南京 天津 重庆 成都 武汉 西安 苏州 香港 澳门 澳門 台北 高雄 九龍 九龙
""")
_STAGE = any_of("""
    小学 初中 高中 大学 小學 大學 [大中小]班 幼儿园 入门 精通 [春夏秋冬] [早晚]上 中午 下午 上午 今天 明天
""")
_PLACE = f"(?:[站市省县縣区區路]|{_CITY}|{_STAGE})"
_FRIENDLY_HAN = (
    "[的了吧呢吗嗎啊呀哦喔噢哈嘿嗨嗯啦喽囉嘛哟喲呦呗耶哇诶欸嘞喵咯啵哒咪捏啰㗎喇嘅喎吖"
    "谢謝好行您你么麼们們早安见見是对對啱得友迎祝]"
)
_FRIENDLY_HANGUL = "[네요다죠지아어야까해워녕예응음래자라데게히마니나오호흐우와가고구]"


TILDES = Table(
    "A tilde",
    Row("*", r"\b(?:HEAD|master|main|develop|[0-9a-f]{7,40})", "", "[0-9]", "silent", "git reset HEAD~1"),
    Row("en", r"[\w%]\s", "", r"[$€£]?[0-9]", "about", "5 lights, ~3 minutes: no blank behind it"),
    Row("*", r"[0-9%°℃$€£¥₩][\s]?|[0-9]\s?[A-Za-z°µ/²³]{1,6}\s?", "", r"\s?[-+]?[0-9$€£¥₩.]", "range", "3~5, 10%~20%, 5km~8km"),
    Row("*", f"[0-9]{_PART_OF_DATE}\\s?", "", r"\s?[0-9]", "range", "3月1日~5日"),
    Row("zh yue ja ko", rf"[0-9](?:{_LARGE}{{1,2}}[元円원개명]?|[一-鿿가-힣])\s?", "", r"\s?[$¥₩]?[0-9]", "range", "1万~2万, 3款~5款"),
    Row("*", r"[0-9]\s?", "", rf"\s?{PART_OF_DAY}\s?[0-9]", "range", "AM9:00~PM5:00"),
    Row("zh yue ja ko", r"[月火水木金土日一二三四五六天월화수목금토일][)）]\s?", "", r"\s?[0-9]", "range", "1月1日(月)〜3日(水)"),
    Row("*", r"[0-9]\s?", "", r"\s?[同翌][0-9]?", "range", "紀元前12〜同9世紀"),
    Row("ja", r"(?:[旬期半末頃朝昼夜晩]|世紀|年代|初頭|中頃|[元0-9][年月日時]|[春夏秋冬])\s?", "", r"\s?[0-9一-鿿]", "range", "10月中旬〜11月上旬"),
    Row("ja", r"[0-9](?::[0-9]{2}|/[0-9]{1,2}|[時日月年分円])|[¥$][0-9,]{1,12}", "", r"\s*(?:$|[、。]|\s)", "from", "19:00〜 忘年会"),
    Row("ko", r"[0-9](?::[0-9]{2}|/[0-9]{1,2}|\s?[시일월년원])", "", r"\s*(?:$|[,.]|\s(?!도착))", "from", "19:00~ 회식"),
    Row("ko", r"(?:(?:세기|년대?|월)\s?[초말중경]|중반|후반|초반|세기|년대|상순|하순|중순)\s?", "", r"\s?[0-9]", "range", "19세기 말 ~ 20세기 초"),
    Row("zh yue", r"(?:[旬期半末底初]|世[纪紀]|年代)\s?", "", r"\s?[0-9一-鿿]", "range", "10月中旬~11月上旬"),
    Row("zh yue ja ko", f"[0-9一二三四五六七八九十]{_PART_OF_DATE}{{1,2}}\\s?", "", r"\s?[\w]", "range", "10点~明天, 三月~五月"),
    Row("zh yue ja", f"{_WEEKDAY_HAN}\\s?", "", f"\\s?{_WEEKDAY_HAN}", "range", "周一~周五"),
    Row("ja ko zh yue", f"{_WEEKDAY_LETTER}\\s?", "", r"\s?[月火水木金土日월화수목금토일](?:曜|요|[^\w]|$)", "range", "월~금, (月~金)"),
    Row("*", f"(?:^|[^A-Za-z]){_NAMED_DAY}\\s?", "", f"\\s?{_NAMED_DAY}(?![A-Za-z])", "range", "Mon~Fri"),
    Row("zh yue ja ko", r"(?:IC|JCT?|[SP]A)\s?", "", r"\s?[一-鿿가-힣ァ-ヺ]", "range", "海老名JCT〜厚木IC"),
    Row("*", r"(?:^|[^A-Za-z])[A-Z]\s?", "", r"\s?[A-Z](?![A-Za-z])", "range", "A~Z"),
    Row("*", r"(?:^|[^A-Za-z])[A-Z][0-9]{1,2}\s?", "", r"\s?[A-Z][0-9]", "range", "Q1~Q3"),
    Row("ja ko", r"(?:^|[\s、。（(「:：])", "", r"\s?[0-9/.:月日時分年월일시분\s]{1,12}(?:まで|迄|까지)", "silent", "〜12/5まで"),
    Row("zh yue", f"(?:{_PLACE})\\s?", "", f"\\s?(?:{_PLACE})", "range", "北京~上海, 小学~高中"),
    Row("zh yue", f"{_FRIENDLY_HAN}", "", r"\s?\w", "pause", "好的~我来, 好的~3点见"),
    Row("ko", f"{_FRIENDLY_HANGUL}", "", r"\s?[0-9A-Za-z가-힣]", "pause", "네~알겠습니다"),
    Row("*", r"(?:^|[\s(（\[,，:：、。約约大共])", "", r"\s?[-+]?[$€£¥₩]?[0-9]", "about", "~20分钟"),
    Row("ja", r"[ぁ-ゖ]", "", r"[ぁ-ゖァ-ヺ]", "long", "え〜っと"),
    Row("ja", r"[ぁ-ゖ]\s?", "", r"\s?[一-鿿ァ-ヺ]", "range", "朝から〜夜 is rare; あさ〜夜"),
    Row("ja", r"[一-鿿ァ-ヺー々]", "", r"[一-鿿ァ-ヺ]", "range", "東京〜大阪"),
    Row("ja", r"[一-鿿ァ-ヺー]", "", r"[ぁ-ゖ]", "silent", "元気〜です"),
    Row("ko", r"[가-힣]", "", r"[가-힣]", "range", "서울~부산"),
    Row("ko", r"[가-힣]", "", r"\s[0-9]", "pause", "가는 중~ 5분만"),
    Row("zh yue ja ko", r"[^\W0-9_]", "", r"\s?[-+]?[0-9]", "about", "距离~20公里"),
    Row("en", r"[A-Za-z]\s", "", r"[0-9$]", "about", "in ~20 minutes"),
    Row("*", r"\w\s?", "", r"\s?\w", "pause", "Okay~ let's go"),
    Row("*", r"", "", r"", "silent", "好的~, 네~!"),
)  # fmt: skip
"""What a tilde means, by what stands on both sides."""
