"""Decide whether a number is a code, said digit by digit."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import NEAR, Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_SECRET_HAN = any_of("""
    验证码 驗證碼 校验码 密码 密碼 取件码 取件碼 提货码 识别码 配对码 配對碼 激活码 邀请码 代码 代碼 编码 提取[码碼] 兑换码 兌換碼 核销码 核銷碼 取票[码碼号號] 取餐[码碼号號] 领取码 領取碼 券[码碼] 口令
""")
_NUMBER_HAN = any_of("""
    编号 編號 单号 單號 订单号 卡号 卡號 账号 帳號 帐号 尾号 尾號 学号 工号 统编 統編 证号 QQ号? 微信号 会员号 序列号 序列號 条形?码 條形?碼 商品[码碼] 批[号號] 流水[号號] [运運][单單][号號] 快[递遞][单單] [发發]票 税[号號] [护護]照[号號]? [许許]可[证證] [备備]案[号號] 车次 航班 航班号
""")
_PLACE_HAN = any_of("""
    房号 房號 房间号 房間號 房间号码 包间号 包厢号 床号 桌号 车牌号? 門牌 门牌 邮编 郵編 邮政编码 端口 端口号 分机 分机号 分機 内线 內線 内線 内线号
""")
_JAPANESE = any_of("""
    番号 暗証番号 認証番号 認証コード 確認コード コード パスワード 郵便番号
""")
_KOREAN = any_of("""
    비밀번호 인증번호 인증코드 인증_코드 코드 번호 우편번호 자리 끝자리
""")
_ENGLISH = any_of("""
    code pin port passcode password otp serial extension ext zip zipcode flight invoice
    order tracking account box id no number ending_in ends?_in ending_with ends_with last_four last_4
    card conf\\. acct\\.? sku upc isbn issn ssn ein imei confirmation reservation booking policy claim badge locker
    combination voucher rx prescription
""")
_NAME = (
    f"(?:{_SECRET_HAN}|{_NUMBER_HAN}|{_PLACE_HAN}|{_JAPANESE}|{_KOREAN}"
    rf"|(?<![A-Za-z])(?i:{_ENGLISH})(?![A-Za-z]))"
)
_IS_HAN = r"[是为為：:係系はがはは는은이가号號\s#.—\[(（【「“\"<-]|を|已?更新为|改为|設定為|设为"
_IS_ENGLISH = "(?i:number|is|to|has been set to)"
CODE_WORD = rf"{_NAME}(?:{_IS_HAN}|{_IS_ENGLISH}){{0,5}}"

_NO_CODE_WORD = r"\b(?i:(?:number|id|no|order|code)\s(?:of|to)|in order to)\s"
_ARRIVED = any_of("arrived departed left landed up starts? began begins there back")
_NUMBER_WORD = r"(?i:number|no\.?|id|order|account|zip)[\s#:is]{0,4}"
_TRAIN = r"\b(?i:flight|train|bus|route)\s[A-Z]{2,3}\s"
_FLIGHT_HAN = r"航班\s?[A-Z0-9]{2}\s?"
_COUNTED_HAN = "[个個次位条分秒天度回桁件月日年]|小时|개|번\\s|자리|회"
_CODE_GOES_ON = rf"\s?(?:{_COUNTED_HAN}|attempts?|digits?|times)"
_STATES = any_of("""
    AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC
    ND NE NH NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY
""")
_PLATE = (
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호바사아자배"
)
_PROVINCES = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"

_ADDRESSED = (
    r"[一-鿿ぁ-ゖァ-ヺ](?<!番号)(?<!コード)(?<!型番)(?<!品番)(?<!キー)(?<![はがをでと])"
)
_PRIZE = r"(?:[号號][码碼].{0,24}|[特头頭][别別]?[奖獎].{0,12})[\s:：、]"

_LOTTERY_CJK = any_of("""
    双色球 雙色球 大乐透 七乐彩 福彩 彩票 六合彩 中奖号码? 开奖号码 開獎號碼 開彩 攪珠 ロト[67] ミニロト 当選番号 当せん番号 로또 당첨번호 당첨_번호
""")
_LOTTERY_ENGLISH = any_of("powerball mega_millions lotto lottery winning_numbers?")
_LOTTERY = rf"(?:{_LOTTERY_CJK}|\b(?i:{_LOTTERY_ENGLISH})\b)"

_ACCOUNT_CJK = any_of(
    "微信号? 账号 帳號 用户名 用戶名 昵称 暱稱 ユーザー名 アカウント 아이디 계정 ID"
)
_ACCOUNT_ENGLISH = any_of(
    "username handle account user login follow IG insta(?:gram)? twitter"
)
_ACCOUNT = rf"(?:{_ACCOUNT_CJK}|\b(?i:{_ACCOUNT_ENGLISH}))[\s是为為:：は는은]{{0,4}}(?:is\s)?@?"

NAMES = Table(
    "A name with an underscore",
    Row("*", _ACCOUNT, "", "", "account", "微信号abc_2024: its marks are said"),
)  # fmt: skip
"""Without a row that fits it is an entity or a variable, said as words."""

CODES = Table(
    "A code or a number",
    Row("*", _LOTTERY + NEAR, r"(?:[0-9]{1,2}[- ]){2,}[0-9]{1,2}", "", "numbers", "Powerball: 7-13-24-28-60"),
    Row("en", "", "0[0-9]{3}", r"\s(?:hours|hrs)\b", "number", "0800 hours"),
    Row("en", rf"\b{_ARRIVED}\s(?:at|by|before|around)\s", "0[0-9][0-5][0-9]", "", "number", "arrived at 0630"),
    Row("*", "", "0[0-9]{2,}", "", "code", "0482"),
    Row("en", "", "[1-9][0-9]?(?:-[1-9][0-9]?){2}", "", "numbers", "a medal count of 40-36-39"),
    Row("ja", _ADDRESSED, "[1-9][0-9]{0,2}(?:-[1-9][0-9]{0,3}){2,3}", "", "address", "渋谷2-24-12"),
    Row("*", "", "[0-9]+(?:-[0-9]+){2,}", "", "code", "8-2-3021"),
    Row("zh yue", _PRIZE, "[0-9]{7,9}", r"(?!\s?[元円圆圓块塊萬万億亿个個人名])", "code", "號碼：特別獎 42761925"),
    Row("zh yue ja ko", "", "[0-9]{10,}", r"(?!\s?[元円圆圓원块塊個个개人名명件건台대本枚次회円万萬億亿만억%kmgtKMGT度])", "code", "6901234567892"),
    Row("*", "", "[0-9]{18,}", "", "code", "a number too long to count with"),
    Row("*", "", "[0-9]{5}-[0-9]{4}", "", "code", "a ZIP code of nine digits"),
    Row("*", "〒", "", "", "code", "〒150-0001"),
    Row("*", rf"(?:^|[,\s]){_STATES}\s", "[0-9]{5}", "", "code", "Austin, TX 78701"),
    Row("zh", rf"{_PROVINCES}[A-Z][·•\s]?", "[0-9]{4,6}", "", "code", "京A·88888"),
    Row("zh yue", "[号號][码碼][是为為係:：]{0,2}", "[0-9]{4,}(?:-[0-9]+)*", "", "code", "BR號碼係12345678-000"),
    Row("zh", r"[车車]牌[号號]?[是为為係:：\s]{0,3}[A-Z]{1,2}[\s·-]?", "[0-9]{2,5}", "", "code", "車牌AB 1234"),
    Row("ko", rf"[0-9]{{2,3}}[{_PLATE}]\s?", "[0-9]{4}", r"(?!\s?[원명개년점])", "code", "12가 3456"),
    Row("ja", r"[0-9]\s?[ぁ-ん]\s?", "[0-9]{2}-[0-9]{2}", "", "code", "品川 300 あ 12-34"),
    Row("zh yue", "[0-9](?:转|轉)", "[0-9]{1,6}", "", "code", "6888 1234转806"),
    Row("*", _TRAIN, ".{2,}", "", "code", "train ICE 577"),
    Row("*", _FLIGHT_HAN, ".{2,}", "", "code", "航班CA 1837"),
    Row("*", _NO_CODE_WORD, "", "", "number", "in order to, the number of"),
    Row("*", "", "", _CODE_GOES_ON, "number", "密码6位, code 3 times"),
    Row("*", _NUMBER_WORD, ".{1,3}", "", "number", "number 12, order 3"),
    Row("en", _NUMBER_WORD, "[0-9]{1,3} [0-9]{1,3}-[0-9]{1,3}", "", "number", "beat No. 12 6-1"),
    Row("zh yue ja ko", CODE_WORD, "[1-9][0-9]?-[1-9][0-9]?", r"\s?(?:的?(?:[同学學号號]|选手|選手|考生)|번|の[人方者]|を解|まで)", "number", "编号1-5的同学"),
    Row("*", "localhost:", "", "", "code", "localhost:8080"),
    Row("en", r"\b(?i:box)\s", ".{1,2}", "", "number", "PO Box 42"),
    Row("*", CODE_WORD, ".{2,}", "", "code", "验证码4821, PIN 7392"),
)  # fmt: skip
