"""Decide what a letter behind a number multiplies: 3M, 25K, 10w, $2.5tn.

The same letters name things: seat 5B, a 4K television, the company 3M, a model of 7B.
"""

from __future__ import annotations

from decimal import Decimal

from wyoming_cosyvoice.text.decisions.bare_numbers import STREET
from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of, pattern

EXPONENTS = {
    "k": 3, "K": 3, "m": 6, "w": 4, "W": 4, "M": 6, "mn": 6, "B": 9, "bn": 9, "T": 12, "tn": 12,
    "trn": 12, "b": 9, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
}  # fmt: skip

_PLACE_ENGLISH = any_of("""
    apartment apt\\.? gate seat room rm suite ste bldg fl exit unit section sec row bus route track platform grade
    class line lot block building flat suite table figure fig\\.? step question part size
    level door stand hall terminal stage page zone bay locker channel form bed ward pier
    dock berth courtroom courtrm\\.? cubicle aisle booth bin pod wing space spot stall
""")
_PLACE_CJK = any_of("座位 座席 房间 登机口 号楼 单元 席 좌석")
PLACE_BEFORE = rf"\b(?i:{_PLACE_ENGLISH}\.?\s)|{_PLACE_CJK}"
_MODEL = any_of("""
    qwen llama mistral gemma phi gpt deepseek yi falcon glm cosyvoice model
""")
_MODEL_BEFORE = rf"\b(?i:{_MODEL}[\w.]{{0,6}}[\s-])"
_SCREEN_ENGLISH = any_of("""
    run race TV televisions? videos? monitors? displays? resolution HDR projectors?
    cameras? movies? content UHD Blu streams? gold screens?
""")
_SCREEN_CJK = any_of("""
    电视 電視 视频 視頻 屏 分辨率 解析度 超高清 高清 显示 顯示 画质 畫質 跑 テレビ 動画 画質 映像 モニター 영상 화질 해상도 모니터 티브이
""")
_SCREEN_AFTER = rf"\s?(?:{_SCREEN_ENGLISH}|{_SCREEN_CJK})"
RACE_BEFORE = r"\b(?i:an?|the|her|his|my|our|your|first|charity|fun|annual)\s"
_RACE_GOES_ON = any_of("""
    on in at this next tomorrow race run for and with tonight today time training walk fundraiser
""")
RACE_AFTER = rf"\s?(?:$|[.,!?)]|{_RACE_GOES_ON}\b)"
_RUN = any_of("runs? ran running rac(?:e|ing) jog(?:ged|s)? walk(?:ed|s)?")
_RUN_BEFORE = rf"\b(?i:{_RUN}\s(?:an?\s|the\s)?)"
_COMPANY = any_of("tape masks? company stock Post products? Command")
_COMPANY_AFTER = rf"\s{_COMPANY}\b|(?:胶带|口罩|公司|テープ|社|마스크|테이프)"
_DATA = any_of("""
    宽带 寬頻 带宽 帶寬 流量 内存 網速 网速 网络 光纤 文件 檔案 大小 以内 的 月[费費]
""")
DATA_AFTER = rf"\s?{_DATA}"
_SEEN_HAN = any_of("""
    播放[量数]? 粉[丝絲] 下[载載][量数]? 用[户戶] [观觀]看(?:[次人]?[数數])? [阅閱][读讀][量数]? [浏瀏][览覽][量数]?
    [订訂][阅閱] 点赞 點讚 [转轉][发發] [评評][论論] [关關]注
""")
_SOLD_HAN = any_of("人口 收入 [年月]薪 销量 銷量 [销銷]售[额額] 融[资資]")
_SEEN_JAPANESE = any_of("""
    再生[数回]* ダウンロード数? フォロワー数? 登録者数? 視聴[者回]?数? ユーザー数? 人口 売上
""")
_SEEN_KOREAN = any_of("""
    조회\\s?수 다운로드\\s?수? 구독자\\s?수? 팔로워\\s?수? 시청자\\s?수? 인구 매출
""")
_COUNT_BEFORE = (
    f"(?:{_SEEN_HAN}|{_SOLD_HAN}|{_SEEN_JAPANESE}|{_SEEN_KOREAN})"
    r"[有达達超破约約为為是はがをもは는은이가:：]{0,2}\s?"
)
_COUNTED_HAN = any_of("""
    [次人条條个個件名位辆輛] 粉[丝絲] 播放 下[载載] [观觀]看 [浏瀏][览覽] [阅閱][读讀] [点點][赞讚] 用[户戶] 美元 人民[币幣] [块塊]
    月薪 年薪
""")
_COUNTED_OTHER = any_of("""
    回 ダウンロード フォロワー 再生 ビュー ユーザー 명 회 건 뷰 다운로드 팔로워 구독자
""")
_COUNTED_ENGLISH = any_of("""
    followers views users people subscribers downloads likes steps words tokens stars
    members dollars requests jobs employees copies visitors plays votes comments miles
    years parameters homes households customers units points
""")
_COUNT_AFTER = rf"\+?\s?(?:{_COUNTED_HAN}|{_COUNTED_OTHER}|(?i:{_COUNTED_ENGLISH})\b)"
_ANY, _SMALL = "[0-9.,]+", "(?:2|4|5|6|8|16)"

MAGNITUDES = Table(
    "A letter behind a number",
    Row("en", RACE_BEFORE, "(?:5|8|10|15)k", RACE_AFTER, "names", "the 5k on Saturday"),
    Row("*", "", f"{_ANY}(?:mn|bn|tn|trn|k)", "", "multiplies", "$2.5tn, 3k"),
    Row("*", PLACE_BEFORE, f"{_ANY}[MBTK]", "", "names", "seat 5B"),
    Row("*", _MODEL_BEFORE, f"{_ANY}[BM]", "", "names", "Llama 3 8B"),
    Row("en", "", f"{_ANY}[BMK]", STREET, "names", "221B Baker Street"),
    Row("*", "", f"{_ANY}M", _COMPANY_AFTER, "names", "3M tape"),
    Row("en", _RUN_BEFORE, f"{_ANY}K", "", "names", "he runs 10K"),
    Row("*", "", f"{_ANY}K", _SCREEN_AFTER, "names", "4K TV, 10K run"),
    Row("zh yue", "", f"{_ANY}M", DATA_AFTER, "names", "100M宽带"),
    Row("zh yue ja ko", _COUNT_BEFORE, f"{_ANY}[MBTKW]", "", "multiplies", "播放量3M"),
    Row("*", "", f"{_ANY}[MBTK]", _COUNT_AFTER, "multiplies", "5K followers, 3M人"),
    Row("zh yue", "", f"{_ANY}W", _COUNT_AFTER, "multiplies", "10W人"),
    Row("zh yue", "", f"{_ANY}w", "", "multiplies", "10w+, 年薪30w"),
    Row("*", "", f"{_SMALL}K", "", "names", "4K, 8K: pictures"),
    Row("*", "", "[1-9][0-9]{3}K", "", "names", "a light of 2700K"),
    Row("en", "", f"{_ANY}[MBK]", "", "multiplies", "a population of 1.4B"),
)  # fmt: skip
"""What multiplies; without a row that fits the letter belongs to a name."""

_IS_DATA = pattern(DATA_AFTER)
_DATA_BEFORE = pattern(r"(?:[宽寬][带帶频頻]|[带帶][宽寬]|[网網]速|光[纤纖]|流量)\s?$")


def is_data(before: str, after: str) -> bool:
    """Whether M between ``before`` and ``after`` is megabytes or megabits."""
    return bool(_IS_DATA.match(after) or _DATA_BEFORE.search(before))


def value(number: str, letter: str) -> str | None:
    """Return the digits of the number that is meant; None if it is not whole."""
    product = Decimal(number.replace(",", "")) * 10 ** EXPONENTS[letter]
    return str(int(product)) if product == int(product) else None
