"""Japanese templates of a smart home and an assistant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

WORDS: dict[str, list[str]] = {
    "room": (
        "リビング 寝室 台所 お風呂場 玄関 廊下 書斎 子供部屋 和室 ベランダ 庭 車庫 "
        "洗面所 トイレ 二階 階段 ダイニング 事務所 物置 客間"
    ).split(),
    "device": (
        "照明 エアコン 扇風機 カーテン テレビ 加湿器 掃除機 洗濯機 乾燥機 冷蔵庫 "
        "電子レンジ 炊飯器 給湯器 床暖房 空気清浄機 カメラ スピーカー 換気扇 "
        "ブラインド 玄関の鍵 充電器 ルーター センサー 目覚まし ストーブ"
    ).split(),
    "done": (
        "つけました 消しました 開けました 閉めました 止めました 始めました "
        "設定しました 予約しました 再起動しました 確認しました 弱くしました "
        "強くしました 切りました 登録しました"
    ).split(),
    "state": (
        "ついています 消えています 開いています 閉まっています 動いています "
        "応答しません 故障しています 電池が残りわずかです 正常です 充電中です "
        "掃除が必要です 接続されました 使えません 終わりました"
    ).split(),
    "weather": (
        "晴れ 曇り 雨 雪 雷雨 晴れのち曇り 曇り時々雨 霧 強い風 にわか雨 快晴 みぞれ"
    ).split(),
    "day": (
        "今日 明日 明後日 昨日 今週 来週 今夜 今朝 月曜日 火曜日 水曜日 木曜日 "
        "金曜日 土曜日 日曜日 夕方 午後 週末"
    ).split(),
    "place": (
        "東京 大阪 京都 札幌 福岡 名古屋 横浜 仙台 広島 沖縄 神戸 奈良 鹿児島 "
        "北海道 金沢 長崎 千葉 埼玉 静岡 新潟"
    ).split(),
    "item": (
        "牛乳 卵 パン お米 味噌 醤油 豆腐 りんご バナナ じゃがいも 玉ねぎ 魚 鶏肉 "
        "お茶 コーヒー 電池 洗剤 石鹸 切手 新聞 花 薬"
    ).split(),
    "person": (
        "お母さん お父さん 田中さん 佐藤さん 鈴木さん 先生 山本さん 弟 妹 "
        "おばあさん 友達 隣の人 社長 中村さん 息子 娘"
    ).split(),
    "event": (
        "会議 歯医者 誕生日会 授業 買い物 旅行 打ち合わせ 試合 コンサート 散歩 "
        "夕食 結婚式 面接 引っ越し 健康診断"
    ).split(),
    "adjective": (
        "いい 楽しい 忙しい 静かな 素敵な 暖かい 涼しい 面白い 長い 新しい 大切な"
    ).split(),
}
TEMPLATES = """
{room}の{device}を{done}。
{room}の{device}は{state}。
{day}の{place}の天気は{weather}です。
{day}は{weather}でしょう、傘を忘れないでください。
最高気温は{number}度、最低気温は{small}度です。
{room}の温度は{number}度、湿度は{number}パーセントです。
タイマーを{small}分に設定しました。
{small}時{minute}分に起こします。
今は{part}{small}時{minute}分です。
{item}と{item}を買い物リストに追加しました。
{day}の{small}時から{event}があります。
{person}から電話がありました。
{person}に、{small}時ごろ帰ると伝えておきます。
{device}が見つかりません。名前を確認してください。
{room}の窓が{small}分前から開いています。
{room}に誰かいるようです。
はい、わかりました。
すみません、もう一度言ってください。
{device}と{device}のどちらを{ask}か？
{day}は{adjective}一日になりそうですね。
{place}まで電車でおよそ{number}分かかります。
{person}の荷物は{day}に届きます。
音量を{number}パーセントにしました。
おはようございます、{day}も頑張りましょう。
おやすみなさい、{room}の{device}は{state}。
{person}と{event}に行ったことがありますか？
{item}はもう{small}個しか残っていません。
{device}の電池を{day}までに取り替えてください。
{place}では{weather}が続いています。
{small}番の{item}をお願いします。
それは{adjective}考えですね。
{room}が暗いので、{device}をつけましょうか？
{device}を使ったあとは、必ず電源を切ってください。
{small}月{day_of_month}日は{person}の誕生日です。
暗証番号は{digits}です。
{number}円のお釣りです。
""".strip().split("\n")
PARTS = ("午前", "午後", "夜の", "朝の", "")
ASKS = ("使います", "止めます", "選びます", "動かします")
DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """Write a number from 0 to 9,999 in kanji, as the reader knows them best."""
    if number < 10:
        return DIGITS[number]
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            said = name if head == 1 else spell(head) + name
            return said + spell(rest) if rest else said
    raise ValueError(number)


def from_template(rng: random.Random) -> str:
    """Fill a template at random."""

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in WORDS:
            return rng.choice(WORDS[slot])
        if slot == "part":
            return rng.choice(PARTS)
        if slot == "ask":
            return rng.choice(ASKS)
        if slot == "digits":
            return "、".join(rng.choice(DIGITS) for _ in range(4))
        highest = {"small": 12, "minute": 59, "day_of_month": 31, "number": 300}
        return spell(rng.randint(1, highest[slot]))

    return re.sub(r"\{(\w+)\}", fill, rng.choice(TEMPLATES))
