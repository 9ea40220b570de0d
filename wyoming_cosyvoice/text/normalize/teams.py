"""Names of teams: two numbers between or beside them are a score."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

_HAN = """
    湖人 勇士 凯尔特人 火箭 快船 太阳 雄鹿 热火 尼克斯 篮网 掘金 独行侠 国王 马刺 雷霆 公牛 骑士 猛龙 老鹰 活塞 步行者 魔术 奇才
    黄蜂 灰熊 森林狼 鹈鹕 爵士 开拓者 曼联 曼城 利物浦 阿森纳 切尔西 热刺 皇马 巴萨 巴塞罗那 皇家马德里 马竞 拜仁 多特 尤文 国米
    AC米兰 巴黎 国足 国安 申花 泰山 海港 恒大 三镇 中国队 日本队 韩国队 美国队 德国队 法国队 巴西队 阿根廷 英格兰 西班牙 葡萄牙 中國隊
    主队 客队 主隊 客隊 红队 蓝队 曼聯 利物浦 阿仙奴 車路士 熱刺 巴塞 皇馬
    """.split()  # noqa: SIM905 - a list to be read and extended
_KANA = """
    巨人 阪神 中日 広島 ヤクルト DeNA ソフトバンク 日本ハム ロッテ 楽天 西武 オリックス ドジャース ヤンキース 浦和 鹿島 川崎 横浜 神戸 G大阪
    """.split()  # noqa: SIM905
_HANGUL = """
    두산 기아 KIA 롯데 삼성 LG 한화 키움 NC KT SSG 전북 울산 서울 수원 포항 한국 일본 토트넘 맨유 맨시티 리버풀 아스널 첼시 레알 바르셀로나
    """.split()  # noqa: SIM905
_ENGLISH = """
    Lakers Warriors Celtics Rockets Clippers Suns Bucks Heat Knicks Nets Nuggets Mavericks Kings Spurs Thunder Bulls
    Cavaliers Raptors Hawks Pistons Pacers Magic Wizards Hornets Grizzlies Timberwolves Pelicans Jazz Blazers Liverpool
    Arsenal Chelsea Tottenham Everton City United Madrid Barcelona Bayern Dortmund Juventus Inter Milan PSG Yankees Dodgers
    Mets Cubs Giants Astros Braves Phillies Chiefs Eagles Cowboys Patriots Packers Bills Ravens Bengals Steelers Broncos
    Rangers Bruins Leafs Oilers England France Germany Spain Italy Portugal Brazil Argentina Japan Korea
    """.split()  # noqa: SIM905

_CJK = "|".join(sorted({*_HAN, *_KANA, *_HANGUL}, key=len, reverse=True))
_LATIN = "|".join(sorted(_ENGLISH, key=len, reverse=True))

TEAM_BEFORE = pattern(rf"(?:(?:{_CJK})\s?|\b(?:{_LATIN})\s)$")
TEAM_AFTER = pattern(rf"\s?(?:{_CJK})|\s(?:{_LATIN})\b")
