"""Words and names by which two numbers are known as a score."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import any_of

_HAN_WORDS = """
    战平 戰平 险胜 完胜 横扫 逆转 不敌 不敵 力克 大胜 落后 落後 绝杀 平局 打平 惜败 負 失利 比分 比数 比數 战胜 戰勝 击败 擊敗
    领先 領先 爆冷 [主客]队 [主客]隊 贏 赢 胜 勝 夺冠 奪冠 夺金 奪金 晋级 晉級 淘汰 出局 反超 追平 奪銀 夺银
"""
_OTHER_WORDS = """
    逆転 勝利 勝ち 敗れ 敗戦 引き分け 下した 負け 試合 スコア 点差 敗れ 大勝 快勝 完勝 圧勝 惜敗 辛勝 完敗 大敗 先勝 連勝 制した 破った 破り 下して サヨナラ 完封 リード 무승부 패했 승리 꺾 점수 스코어 경기 이겼 졌 비겼
"""
_ENGLISH_WORDS = """
    draw drew defeat victory upset edged trail trails trailed trailing thrashed final_score aggregate score scored scores
    won win wins beat beats lost lead leads leading tied defeated final
"""
_RATIO_WORDS = """
    [水配粉]比 稀[释釋] 希釈 희석 比例 比率 宽高比 長寬比 アスペクト 비율 (?i:ratio) (?i:aspect) (?i:scale)
"""
SCORE_WORD = (
    f"(?:{any_of(_HAN_WORDS)}|{any_of(_OTHER_WORDS)}"
    rf"|(?i:\b{any_of(_ENGLISH_WORDS)}\b))"
)
"""A word that tells of a game."""
RATIO_WORD = any_of(_RATIO_WORDS)
"""A word that tells of a proportion."""

_HAN = """
    湖人 勇士 凯尔特人 火箭 快船 太阳 雄鹿 热火 尼克斯 篮网 掘金 独行侠 国王 马刺 雷霆 公牛 骑士 猛龙 老鹰 活塞 步行者 魔术 奇才
    黄蜂 灰熊 森林狼 鹈鹕 爵士 开拓者 曼联 曼城 利物浦 阿森纳 切尔西 热刺 皇马 巴萨 巴塞罗那 皇家马德里 马竞 拜仁 多特 尤文 国米
    AC米兰 巴黎 国足 国安 申花 泰山 海港 恒大 三镇 中国队 日本队 韩国队 美国队 德国队 法国队 巴西队 阿根廷 英格兰 西班牙 葡萄牙 中國隊
    主队 客队 主隊 客隊 红队 蓝队 曼聯 利物浦 阿仙奴 車路士 熱刺 巴塞 皇馬
    """
_KANA = """
    巨人 阪神 中日 広島 ヤクルト DeNA 日本 韓国 中国 米国 ブラジル ドイツ スペイン フランス イタリア オーストラリア イングランド ソフトバンク 日本ハム ロッテ 楽天 西武 オリックス ドジャース ヤンキース 浦和 鹿島 川崎 横浜 神戸 G大阪
    """
_HANGUL = """
    두산 기아 KIA 롯데 삼성 LG 한화 키움 NC KT SSG 전북 울산 서울 수원 포항 한국 일본 현대캐피탈 대한항공 우리카드 OK저축은행 OK금융그룹 한국전력 삼성화재 KB손해보험 흥국생명 현대건설 정관장 GS칼텍스 IBK기업은행 도로공사 페퍼저축은행 토트넘 맨유 맨시티 리버풀 아스널 첼시 레알 바르셀로나
    """
_ENGLISH = """
    Lakers Warriors Celtics Rockets Clippers Suns Bucks Heat Knicks Nets Nuggets Mavericks Kings Spurs Thunder Bulls
    Cavaliers Raptors Hawks Pistons Pacers Magic Wizards Hornets Grizzlies Timberwolves Pelicans Jazz Blazers Liverpool
    Arsenal Chelsea Tottenham Everton City United Madrid Barcelona Bayern Dortmund Juventus Inter Milan PSG Yankees Dodgers
    Mets Cubs Giants Astros Braves Phillies Chiefs Eagles Cowboys Patriots Packers Bills Ravens Bengals Steelers Broncos
    Rangers Bruins Leafs Oilers England France Germany Spain Italy Portugal Brazil Argentina Japan Korea
    """

_CJK = any_of(
    " ".join(sorted(f"{_HAN} {_KANA} {_HANGUL}".split(), key=len, reverse=True))
)
_LATIN = any_of(_ENGLISH)

TEAM_BEFORE = rf"(?:{_CJK}\s?|\b{_LATIN}\s)"
TEAM_AFTER = rf"(?:\s?{_CJK}|\s{_LATIN}\b)"
