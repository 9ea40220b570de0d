"""Counters of Japanese: how each sounds, and what it does to the figure before it."""

from __future__ import annotations

from dataclasses import dataclass

# How the last figure sounds before counters that begin with a voiceless consonant.
_SHORT_T = {"一": "イッ", "八": "ハッ", "十": "ジュッ"}
_SHORT_K = {"一": "イッ", "六": "ロッ", "八": "ハッ", "十": "ジュッ", "百": "ヒャッ"}


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter and what it does to the last figure before it."""

    said: str
    figures: dict[str, str]
    """What the figure sounds like there, if not as ever."""
    three: str = ""
    """The counter behind 三, if it changes there."""
    short: str = ""
    """The counter behind a short figure, if it changes there."""


# Spelling and reading; they do not change the figure that follows.
_PLAIN = """
    枚=マイ 台=ダイ 番=バン 番目=バンメ 号=ゴー 号車=ゴーシャ 号線=ゴーセン 号室=ゴーシツ 倍=バイ 度=ド 度目=ドメ
    秒=ビョー 秒間=ビョーカン 部=ブ 名=メー 名様=メーサマ 両=リョー 輪=リン 割=ワリ 位=イ 曜日=ヨービ 条=ジョー
    畳=ジョー 合=ゴー 升=ショー 票=ヒョー 面=メン 問=モン 文字=モジ 列=レツ 人前=ニンマエ 人分=ニンブン 年度=ネンド
    段=ダン 段階=ダンカイ 例=レー 膳=ゼン 部屋=ヘヤ 行=ギョー
"""
_YEN = "円=エン 円玉=エンダマ 円札=エンサツ"
_HOURS = "時=ジ 時間=ジカン 時台=ジダイ 時半=ジハン 時頃=ジゴロ 時前=ジマエ"
_MONTHS = "月=ガツ 月号=ガツゴー"
_YEARS = "年=ネン 年間=ネンカン 年生=ネンセー 年前=ネンマエ 年目=ネンメ 年後=ネンゴ 年代=ネンダイ"
_DAYS_LEFT = "日=ニチ 日間=ニチカン 日後=ニチゴ 日前=ニチマエ"
_BEFORE_S_AND_T = """
    歳=サイ 才=サイ 冊=サツ 隻=セキ 週間=シューカン 週=シュー 世紀=セーキ 周年=シューネン 周=シュー 種類=シュルイ 席=セキ
    色=ショク 試合=シアイ 社=シャ 世帯=セタイ 世代=セダイ 章=ショー 節=セツ 室=シツ 艘=ソー 床=ショー 点=テン 通=ツー
    頭=トー 着=チャク 滴=テキ 棟=トー 店=テン 丁目=チョーメ 等=トー 体=タイ 拍子=ヒョーシ 都市=トシ 進数=シンスー
    種=シュ 選=セン
"""
_BEFORE_K = """
    回=カイ 回目=カイメ 個=コ 箇所=カショ か所=カショ カ所=カショ ヶ所=カショ か月=カゲツ カ月=カゲツ ヶ月=カゲツ 箇月=カゲツ
    か国=カコク カ国=カコク ヶ国=カコク 件=ケン 級=キュー 曲=キョク 課=カ 校=コー 巻=カン 機=キ 区=ク 句=ク 口=クチ
    桁=ケタ 基=キ 脚=キャク 局=キョク 区間=クカン 客=キャク 型=ケー
"""
# As written, said, said behind 三, said behind a short figure.
_CHANGING = """
    本 ホン ボン ポン
    匹 ヒキ ビキ ピキ
    杯 ハイ バイ パイ
    遍 ヘン ベン ペン
    泊 ハク パク パク
    発 ハツ パツ パツ
    版 ハン パン パン
    班 ハン パン パン
    拍 ハク パク パク
    品 ヒン ピン ピン
    敗 ハイ パイ パイ
    編 ヘン ペン ペン
    歩 ホ ポ ポ
    分 フン プン プン
    分間 フンカン プンカン プンカン
    階 カイ ガイ カイ
    階建て カイダテ ガイダテ カイダテ
    軒 ケン ゲン ケン
"""


def _counters() -> dict[str, Counter]:
    """Return the counters by how they are written."""
    groups: tuple[tuple[str, dict[str, str]], ...] = (
        (_PLAIN, {}),
        (_YEN, {"四": "ヨ"}),
        (_HOURS, {"四": "ヨ", "七": "シチ", "九": "ク"}),
        (_MONTHS, {"四": "シ", "七": "シチ", "九": "ク"}),
        (_YEARS, {"四": "ヨ"}),
        (_DAYS_LEFT, {"七": "シチ", "九": "ク"}),
        ("人=ニン", {"四": "ヨ", "七": "シチ"}),
        (_BEFORE_S_AND_T, _SHORT_T),
        (_BEFORE_K, _SHORT_K),
    )
    found = {}
    for names, figures in groups:
        for name in names.split():
            written, said = name.split("=")
            found[written] = Counter(said, figures)
    for line in _CHANGING.strip().splitlines():
        written, said, three, short = line.split()
        found[written] = Counter(said, _SHORT_K, three, short)
    found["足"] = Counter("ソク", _SHORT_T, "ゾク")
    found["羽"] = Counter("ワ", {"十": "ジュッ"}, "バ", "パ")
    return found


COUNTERS = _counters()

_DAYS = """
    二=フツカ 三=ミッカ 四=ヨッカ 五=イツカ 六=ムイカ 七=ナノカ 八=ヨーカ 九=ココノカ 十=トーカ 十四=ジューヨッカ
    二十=ハツカ 二十四=ニジューヨッカ
"""
_DAY_TAILS = "= 間=カン 目=メ 後=ゴ 前=マエ"
_THINGS = "一=ヒト 二=フタ 三=ミッ 四=ヨッ 五=イツ 六=ムッ 七=ナナ 八=ヤッ 九=ココノ"
_WORDS = """
    一部屋=ヒトヘヤ 二部屋=フタヘヤ 一人=ヒトリ 二人=フタリ 一日中=イチニチジュー 一日間=イチニチカン 一日目=イチニチメ
    何時=ナンジ 何分=ナンプン 何本=ナンボン 何人=ナンニン 何日=ナンニチ 何度=ナンド 何個=ナンコ 何回=ナンカイ
    何階=ナンガイ 何月=ナンガツ 何歳=ナンサイ 何番=ナンバン
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    split = (pair.partition("=") for pair in text.split())
    return [(written, said) for written, _, said in split]


WHOLE = {
    **{
        f"{day}日{tail}": said + end
        for day, said in _pairs(_DAYS)
        for tail, end in _pairs(_DAY_TAILS)
    },
    **{f"{count}つ": f"{said}ツ" for count, said in _pairs(_THINGS)},
    **{f"{count}つ目": f"{said}ツメ" for count, said in _pairs(_THINGS)},
    **dict(_pairs(_WORDS)),
}
"""Numbers that are one word with their counter."""
