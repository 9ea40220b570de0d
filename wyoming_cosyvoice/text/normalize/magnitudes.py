"""Decide what a letter behind a number multiplies: 3M, 25K, 10w, $2.5tn.

The same letters name things: seat 5B, a 4K television, the company 3M, a model of 7B.
Each row of ``MAGNITUDES`` is one decision; the first that fits counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from wyoming_cosyvoice.text.patterns import pattern

EXPONENTS = {
    "k": 3, "K": 3, "w": 4, "W": 4, "M": 6, "mn": 6, "B": 9, "bn": 9, "T": 12, "tn": 12,
    "trn": 12,
}  # fmt: skip

_PLACE_BEFORE = (
    r"(?i:\b(?:apartment|apt\.?|gate|seat|room|exit|unit|section|row|bus|route|track|platform|grade|class|line|lot"
    r"|block|building|flat|suite|table|figure|fig\.?|step|question|part|size|level|door|stand|hall|terminal|stage|page"
    r"|zone|bay|locker|channel|form|bed|ward|pier|dock|berth)\s)|座位|座席|房间|登机口|号楼|单元|席|좌석"
)
_MODEL_BEFORE = r"(?i:\b(?:qwen|llama|mistral|gemma|phi|gpt|deepseek|yi|falcon|glm|cosyvoice|model)[\w.]{0,6}[\s-])"
_SCREEN_AFTER = (
    r"\s?(?:run|race|TV|televisions?|videos?|monitors?|displays?|resolution|HDR|projectors?|cameras?|movies?|content|UHD"
    r"|Blu|streams?|gold|screens?|电视|電視|视频|視頻|屏|分辨率|解析度|超高清|高清|显示|顯示|画质|畫質|跑|テレビ|動画|画質|映像|モニター"
    r"|영상|화질|해상도|모니터|티브이)"
)
_RUN_BEFORE = r"(?i:\b(?:runs?|ran|running|rac(?:e|ing)|jog(?:ged|s)?|walk(?:ed|s)?)\s(?:an?\s|the\s)?)"
_STREET_AFTER = r"(?:\s[A-Z][a-z]+){1,3}\s(?:St|Street|Ave|Avenue|Rd|Road|Dr|Drive|Lane|Ln|Way|Court|Place|Square)\b"
_COMPANY_AFTER = r"\s(?:tape|masks?|company|stock|Post|products?|Command)\b|(?:胶带|口罩|公司|テープ|社|마스크|테이프)"
_DATA_AFTER = (
    r"\s?(?:宽带|寬頻|带宽|帶寬|流量|内存|網速|网速|网络|光纤|文件|檔案|大小|以内|的)"
)
_COUNT_BEFORE = (
    r"(?:播放[量数]?|粉[丝絲]|下[载載][量数]?|用[户戶]|[观觀]看(?:[次人]?[数數])?|[阅閱][读讀][量数]?|[浏瀏][览覽][量数]?|[订訂][阅閱]"
    r"|点赞|點讚|人口|收入|[年月]薪|销量|銷量|[转轉][发發]|[评評][论論]|[销銷]售[额額]|融[资資]|[关關]注"
    r"|再生[数回]*|ダウンロード数?|フォロワー数?|登録者数?|視聴[者回]?数?|ユーザー数?|人口|売上"
    r"|조회\s?수|다운로드\s?수?|구독자\s?수?|팔로워\s?수?|시청자\s?수?|인구|매출)[有达達超破约約为為是はがをもは는은이가:：]{0,2}\s?"
)
_COUNT_AFTER = (
    r"\+?\s?(?:[次人条條个個件名位辆輛]|粉[丝絲]|播放|下[载載]|[观觀]看|[浏瀏][览覽]|[阅閱][读讀]|[点點][赞讚]|用[户戶]|美元|人民[币幣]|[块塊]|月薪|年薪"
    r"|回|ダウンロード|フォロワー|再生|ビュー|ユーザー|명|회|건|뷰|다운로드|팔로워|구독자"
    r"|(?i:followers|views|users|people|subscribers|downloads|likes|steps|words|tokens|stars|members|dollars|requests|jobs"
    r"|employees|copies|visitors|plays|votes|comments|miles|years|parameters|homes|households|customers|units|views|points)\b)"
)


@dataclass(frozen=True, slots=True)
class Magnitude:
    """One row: languages, letters, what stands beside, and whether it multiplies."""

    languages: str
    letters: str
    before: str
    after: str
    sizes: str
    """``any``, or ``small``: a whole number below ten, or 16."""
    multiplies: bool
    reason: str


MAGNITUDES = (
    Magnitude("*", "mn bn tn trn k", "", "", "any", True, "$2.5tn, 3k"),
    Magnitude("*", "M B T K", _PLACE_BEFORE, "", "any", False, "seat 5B"),
    Magnitude("*", "B M", _MODEL_BEFORE, "", "any", False, "Llama 3 8B"),
    Magnitude("en", "B M K", "", _STREET_AFTER, "any", False, "221B Baker Street"),
    Magnitude("*", "M", "", _COMPANY_AFTER, "any", False, "3M tape"),
    Magnitude("en", "K", _RUN_BEFORE, "", "any", False, "he runs 10K"),
    Magnitude("*", "K", "", _SCREEN_AFTER, "any", False, "4K TV, 10K run"),
    Magnitude("zh yue", "M", "", _DATA_AFTER, "any", False, "100M宽带"),
    Magnitude("zh yue ja ko", "M B T K W", _COUNT_BEFORE, "", "any", True, "播放量3M"),
    Magnitude("*", "M B T K", "", _COUNT_AFTER, "any", True, "5K followers, 3M人"),
    Magnitude("zh yue", "W", "", _COUNT_AFTER, "any", True, "10W人"),
    Magnitude("zh yue", "w", "", "", "any", True, "10w+, 年薪30w"),
    Magnitude("*", "K", "", "", "small", False, "4K, 8K: pictures"),
    Magnitude("en", "M B K", "", "", "any", True, "a population of 1.4B"),
)  # fmt: skip
"""What multiplies; without a row that fits the letter belongs to a name."""

_SMALL = frozenset("2 4 5 6 8 16".split())  # noqa: SIM905 - a list to be read and extended


def decide(
    number: str, letter: str, before: str, after: str, language: str
) -> Magnitude | None:
    """Return the row that tells whether ``letter`` behind ``number`` multiplies it."""
    for row, left, right in _compiled(language):
        is_size = row.sizes == "any" or number in _SMALL
        if (
            letter in row.letters.split()
            and is_size
            and left.search(before)
            and right.match(after)
        ):
            return row
    return None


def is_data(after: str) -> bool:
    """Whether M before ``after`` is megabytes or megabits."""
    return bool(_DATA.match(after))


_DATA = pattern(_DATA_AFTER)


def value(number: str, letter: str) -> str | None:
    """Return the digits of the number that is meant; None if it is not whole."""
    product = Decimal(number.replace(",", "")) * 10 ** EXPONENTS[letter]
    return str(int(product)) if product == int(product) else None


@cache
def _compiled(
    language: str,
) -> tuple[tuple[Magnitude, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (row, pattern(f"(?:{row.before})\\Z"), pattern(row.after))
        for row in MAGNITUDES
        if row.languages == "*" or language in row.languages.split()
    )
