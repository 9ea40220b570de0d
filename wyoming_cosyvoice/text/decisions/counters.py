"""Decide how a number is said before the word that it counts, or is a name with.

The form is the number, or two with a tilde. Without a row that fits it is left to the
rules for ranges and numbers on their own.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.bare_numbers import CHIP
from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

# Chinese: words before which two is 两. 月, 日, 号, 楼, 层, 路 and the like keep 二.
_MEASURE_CHARS = (
    "[个個只隻条條张張台臺盏盞间間位件种種天周週秒块塊元角米升克吨噸斤倍部辆輛架座栋棟套"
    "双雙对對组組颗顆杯瓶袋包箱盒份道扇把支枝根片句段家户戶人款项項处處桶盘盤碗节節趟"
)
_MORE_CHARS = (
    "遍本册冊篇笔筆针針剂劑碟罐樽堆棵卷瓣堂科杆桿球寸尺遍勺匙磅呎吋码碼盎回场場顿頓幅批群串粒滴圈步声聲岁歲万萬千亿億多台幢餐排株朵匹头頭艘封首项名枚轮輪"
    "毛蚊碌餸嚿啖煲棵尾籠笼壶壺筐籃篮锅鍋]"
)
_MEASURE_WORDS = any_of("""
    [分刻](?!之|[钟鐘]?前半) 点 點 小时 小時 次(?!元) 年(?![级級代]) 公[里斤分升尺顷] [厘毫纳微分千]米 千[克瓦米]
    毫[升克安] 平方 立方 度(?!电压) 英[里寸尺] 海里 星期 礼拜 禮拜 晚 夜 季(?!度) 代人 边 邊 口 种 样 樣 [汤湯茶]匙 班[车車] [车車](?:相撞|[连連]撞|追尾) 成 打(?![0-9]) 个月
""")
_MEASURE = f"{_MEASURE_CHARS}{_MORE_CHARS}|{_MEASURE_WORDS}"
_NO_MEASURE = any_of("""
    号 號 楼 樓 层 層 月 日 路 级 級 等 班(?![车車]) 区 區 期 线 線 版 手 维 維 进制 婚 胎 环 環 中 院 两 兩
""")
_ROOM = any_of("""
    [室房](?!价) 号房 號房 房间 房間 教室 病房 会议室 會議室 包[厢間间廂] 诊室 診室 办公室 辦公室 寝室 宿舍 课室 課室 展厅 展廳 次列车 次列車 路(?:公交|巴士|车) 频道
""")
_NAMED = r"(?:第|周|週|星期|礼拜|禮拜|[A-Za-z])\s?"

_HAPPENED = any_of("""
    年出[生世] 年[的嘅]?世界杯 年回[归歸] 年[毕畢][业業] 年入[学學职行] 年高考 年[春夏秋冬]天 年[年底初末] 年金融 年抗洪 年[0-9]{1,2}月
""")
_OLD = "[1-9][0-9][1-9]|[1-9][1-9]0"
_IN_YEAR = "(?:[从從自在喺到至于於生]|[，。、和同與与(（])"

_TRAVELLED = r"(?:[有差过過坐乘搭隔剩再]|[坐乘搭][了咗])\s?"

_BEATEN = "[亮闪閃按拍敲点點摇搖打击擊响響震抖跳捏眨碰戳叩踢撞晃动動]"

CHINESE = Table(
    "A Chinese number before a word",
    Row("zh", "[点點時时]", "00", "分", "named", "14时00分"),
    Row("zh", "[点點分時时]", "0[0-9]?", "[分秒]", "digits", "三点05分"),
    Row("zh", "[点點分時时]", "[1-9][0-9]?", "[分秒]", "named", "三点2分"),
    Row("zh", "", "[5-9]0|[89]5|0[05]", "[后後](?![来來面天])", "digits", "90后"),
    Row("zh", "", "[1-9][1-9]", "折", "digits", "75折"),
    Row("zh", "[0-9]米", "[0-9]{2}", r"(?![米厘公秒分个個])", "digits", "1米75"),
    Row("zh", "", "[0-9]", "[室房][0-9][厅廳]", "measured", "2室1厅"),
    Row("zh", "[0-9][室房厅廳]", "[0-9]", "[厅廳卫衛]", "measured", "2厅2卫"),
    Row("zh", "", "[5-9][0-9]", _HAPPENED, "digits", "97年回歸, 85年出生"),
    Row("zh", _IN_YEAR, f"[6-9][1-9]|{_OLD}", "年(?![前后後来來之的嘅内內间間以])", "digits", "喺97年, 建于618年"),
    Row("zh", "", "[1-9][0-9]{2}", r"年\s?[-—~–至到]{1,2}\s?(?:公元)?[0-9]{3,4}年", "digits", "960年—1279年"),
    Row("zh", "", "", "年[级級]", "named", "2年级"),
    Row("zh", r"[车車厢廂排]\s?", "0[0-9]", "[号號座]", "digits", "12车05号下铺"),
    Row("zh", "(?:公元|西元)前?", "", "年", "digits", "公元前221年"),
    Row("zh", "", "[0-9]{4}(?:~[0-9]{4})?", "年(?![前后後来])", "digits", "2024年, 1939-1945年"),
    Row("zh", "", "0.*", "年", "digits", "08年"),
    Row("zh", "", "", "年", "measured", "2年"),
    Row("zh", "", "[0-9]+(?:~[0-9]+)?", "学年|學年|财年", "digits", "2025学年"),
    Row("zh", "", "[0-9]{3,}", _ROOM, "digits", "1203房间"),
    Row("zh", rf"{CHIP}(?:\s[A-Za-z]+)?\s?", "[0-9]{3,4}", "", "digits", "RTX 5070，"),
    Row("zh", r"第[0-9]{1,3}\+", "", "", "named", "第90+2分钟"),
    Row("zh", _NAMED, "", "", "named", "第2个"),
    Row("zh", "", "", _NO_MEASURE, "named", "2楼, 2月"),
    Row("zh", _TRAVELLED, "", "站(?![台名牌式点點])", "measured", "还有2站"),
    Row("zh", "", "", "站(?:路(?!线)|地(?![铁下址])|[之以]?[后後](?!面)|就到)", "measured", "2站路, 2站后下车"),
    Row("zh", f"{_BEATEN}[了咗]?\\s?", "", "下(?![午旬周週個个月面半限划調调降跌雨雪])", "measured", "灯闪2下"),
    Row("zh", "", "[0-9]{3}", "部[队隊]", "digits", "731部队"),
    Row("zh", "", "-.*", "度", "temperature", "-2度"),
    Row("zh", "", "", _MEASURE, "measured", "2个, 2小时"),
)  # fmt: skip
"""``measured`` says 两 for two, ``named`` 二, ``digits`` one digit after the other."""

JAPANESE = Table(
    "A Japanese number before a word",
    Row("ja", "", "[0-9]{4,}", "号室|号車", "digits", "1204号室"),
    Row("ja", "[0-9][時分]", "0[0-9]", "[分秒]", "plain", "14時05分"),
    Row("ja", "", "[0-9]{1,2}~[0-9]{1,2}", "時(?!間)", "hours", "9〜17時"),
)

# Korean: counters that take native numerals; longer ones first where one begins another.
_NATIVE = any_of("""
    번째 시간 사람 마리 가지 군데 그루 송이 켤레 자루 바퀴 걸음 상자 봉지 조각 그릇 접시 방울 숟갈 스푼 차례 포기 꼬집 다발 묶음
    뭉치 꾸러미 갈래 박자 모금 통화 벌 개 명 시 살 병 잔 권 장 대 번 달 채 곳 분 통 판 캔 컵 끼 배 해 줄 칸 쌍 알 모 톨 척
    편 곡 팀 짝 돌 술 큰술 작은술 찻술 숟가락 티스푼 테이블스푼 팩 봉(?![사투급]) 박스 발(?![생표견전행음언자길레]) 뿌리 잎 줌(?![바인아으])
    움큼 자릿수 자리 캡슐 스쿱 가닥 모둠 골(?![드프목절반격다]) 종류 과목 문장 단어 경기(?![도장력침부회]) 게임 나라 식구 자녀 작품 방울 마디 젓가락
""")
# What follows 번 where it names and does not count.
_NUMBERED = any_of("""
    카메라 센서 조명 플러그 콘센트 에어컨 슬롯 라인 버튼 램프 밸브 스피커 코어 디스크 버스 출구 트랙 채널 방 포트 구역 문 게이트 스위치 플랫폼 노선 승강장 홈 탑승구 창구 출입구 좌석 자리 테이블 메뉴 문제 국도
    마을버스 타자 선수 객실 강의실 회의실 엘리베이터 사물함 척추 레인 코트 열차 시내버스 광역버스 염색체 교향곡 후보 항목 조항
    엔진 창가 통로 노트 홀 목 주자 구장 상영관 터미널 배 기둥 트레이 선로 타석 우물 주차 칸 자리 문항 보기 정답률 오답률 정답 풀이 해설 선택지 지문
""")
# What looks like a counter but is the beginning of another word, or takes Sino numbers.
_NO_COUNTER = any_of("""
    달러 개월 개년 개국 개사 개소 개교 번지 번호 번길 번가 대\\s?[0-9] 대\\s?(?:여성|남성|초반|중반|후반|때|들) 배럴 배터리 장비 장치 시리즈 시스템 시즌 분의
    대\\s?(?:째|손|종손|세습|독자) 분기 분당 분반 해상도 단계 단지 단위 통신 명령 명단 시점 대역 대기 모드 모델 판매 알림 줄임 편성 컵라면 권한 살균 병원 병동 잔여
    칸막이 채널 번역 시속 대한항공 대전 대구 대우 대학
""")
# 3분 is three minutes, but in 세 분이 오셨다 it is three people.
_MINUTE = r"분(?!\s?(?:이|께|을)\s?(?:오|계|참|방문|모))"
_SINO = rf"{_NO_COUNTER}|번\s?{_NUMBERED}|{_MINUTE}"
_SINO_UNIT = any_of("""
    [도분초일년원층호회주세쪽점위등급과동] 개월 인분 호선 학년 퍼센트 프로 페이지 킬로 미터 센티 밀리 그램 리터 와트 볼트 번 만 억 조 천 백
""")
_LARGE = "[천백]?[만억조]"
_WHOLE = "(?:.*~)?[0-9,]+"
_INTEGERS = "-?[0-9,]+(?:~-?[0-9,]+)?"

_NUMBERED_NOUN = any_of("""
    버스 노선 기호 등번호 정답 정답은 답은 답 보기 채널 번호 번호는 좌석 출구 창구 승강장 사물함 카드 문제 선수 메뉴 버튼
""")
_HAS_NUMBER = rf"{_NUMBERED_NOUN}\s?"
_BUNDLED = "(?:시금치|파|열무|미나리|부추|배추|나물|장작|꽃|갓|근대|쑥|아욱)"
_MACHINE_NOUN = any_of("""
    차 차량 자동차 승용차 화물차 전기차 택시 버스 트럭 컴퓨터 노트북 자전거 비행기 항공기 여객기 드론 로봇 기계 카메라 TV 텔레비전 냉장고 에어컨 세탁기 휴대폰 휴대전화 전화기 스마트폰 서버 탱크 전차 헬기 오토바이 열차
    장비 구급차 소방차 프린터 모니터 태블릿 PC 킥보드 엘리베이터 선풍기 청소기 청정기 가습기 기기 피아노 발전기 CCTV 충전기 총 약 등
""")
_MACHINE = rf"{_MACHINE_NOUN}\s?"
_GREAT = any_of("""
    보험 은행 그룹 기업 요소 원칙 과제 도시 광역시 영양소 불가사의 강국 주주 명절 명산 의무 공약 금융 대기업 증권 시중 제조 재벌 리그 종단 사화 주요 핵심 천왕 성인 문명 발명품 암 증상 범죄 악 거래소
    비극 왕 임금 황제 대통령 총장 회장 국회 총리 사장 의장 원장 감독 위원장 교황 국새 이사장 시장 도지사 교육감 대법원장
""")

_AGES = any_of("""
    세대 가요 노래 음악 운동권 여성 남성 직장인 청년 층 팬
""")

_FLIGHT = r"(?:항공|에어|나항공|공)\s?[A-Z0-9]{0,2}\s?|(?<![A-Za-z0-9])[A-Z]{2}\s?"

KOREAN = Table(
    "A Korean number before a word",
    Row("ko", "", "-.*", "도", "below zero", "-3도, -7.5도"),
    Row("ko", "", r".*\..*", _SINO_UNIT, "sino", "3.5초"),
    Row("ko", "", r".*\..*", "", "plain", "3.5 점심"),
    Row("ko", "", "", "월(?!요일)", "month", "6월"),
    Row("ko", "", _INTEGERS, "시(?!간|리|스|즌)", "hour", "3시"),
    Row("ko", "제", "", "", "sino", "제3회"),
    Row("ko", "", "(?:[2-8]0){2}|[2-8]86", rf"\s?{_AGES}", "digits", "7080 세대"),
    Row("ko", "", "[0-9]+~[0-9]+", "번지", "address", "123-45번지"),
    Row("ko", _MACHINE, "", "대", "native", "차량 30대"),
    Row("ko", "", "(?:[1-9]0|100)(?:~[1-9]0)?", r"대(?!\s?[0-9]|의\s?(?:차|버스))", "sino", "30대 직장인, 10대 그룹"),
    Row("ko", "", "", rf"대\s?{_GREAT}", "sino", "4대 보험, 27대 왕"),
    Row("ko", "(?:마늘|생강|사과|배|귤|레몬|오렌지)\\s?", "", "쪽", "native", "마늘 3쪽"),
    Row("ko", rf"{_BUNDLED}\s?", "", "단", "native", "시금치 2단"),
    Row("ko", "", "", "단(?![계지위체])", "sino", "신진서 9단"),
    Row("ko", "(?:시신|시체|사체|유골|유해|미라)\\s?", "", "구", "native", "시신 2구"),
    Row("ko", "", "1?[0-9]", "건(?![물강설축조기반배전])", "native", "5건"),
    Row("ko", "", "1?[0-9]", "가구(?![점당공]|\\s?[0-9다]?\\s?주택)", "native", "4가구 중 1가구"),
    Row("ko", "", "[0-9]", "표(?=\\s?차|[를가는의])", "native", "3표 차"),
    Row("ko", "", "[0-9]", "세트(?=[를와]?\\s?(?:구매|주문|사|판매|증정|이상|구입|씩))", "native", "2세트 구매"),
    Row("ko", "", "[0-9]{2}", "\\s?학번", "digits", "98학번"),
    Row("ko", _FLIGHT, "[0-9]{3,4}", "\\s?편", "digits", "대한항공 KE 901편"),
    Row("ko", "(?:구역|층|열|줄|라인|호차|테이블|게이트|창구)\\s", "", "번", "sino", "B구역 15번"),
    Row("ko", r"내선\s?", "[0-9]{3,4}", "번", "digits", "내선 302번"),
    Row("ko", _HAS_NUMBER, "", "번(?!째)", "sino", "버스 402번, 정답은 3번"),
    Row("ko", "", "[0-9]{3,}", "번(?!째)", "sino", "1711번"),
    Row("ko", "", "", "번(?:부터|까지)", "sino", "1번부터 5번까지"),
    Row("ko", "[0-9]\\s?반\\s", "", "번", "sino", "2반 15번"),
    Row("ko", "학년\\s?", "", "반", "sino", "1학년 2반"),
    Row("ko", "", _WHOLE, "번째", "ordinal", "3번째"),
    Row("ko", "", _WHOLE, f"(?!{_SINO}){_NATIVE}", "native", "3개, 5시간"),
    Row("ko", "", "", _LARGE, "joined", "3만"),
    Row("ko", "", "", _SINO_UNIT, "sino", "3층, 3분, 3번 출구"),
)  # fmt: skip
"""``sino`` and ``native`` are the two rows of numerals; ``joined`` has no blank behind."""
