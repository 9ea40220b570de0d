"""Currencies: their signs and codes, and how each language says them.

One line per currency: signs and codes, then Chinese, Japanese, Korean, English (singular
and plural) and the English name of the hundredth part.
"""

from __future__ import annotations

from dataclasses import dataclass

_TABLE = """
$ USD           | 美元 | ドル | 달러 | dollar/dollars | cent/cents
US$             | 美元 | 米ドル | 달러 | U S dollar/U S dollars | cent/cents
€ EUR           | 欧元 | ユーロ | 유로 | euro/euros | cent/cents
£ GBP           | 英镑 | ポンド | 파운드 | pound/pounds | penny/pence
¥ JP¥ JPY       | 日元 | 円 | 엔 | yen/yen |
CN¥ RMB CNY     | 元 | 人民元 | 위안 | yuan/yuan |
₩ KRW           | 韩元 | ウォン | 원 | won/won |
HK$ HKD         | 港元 | 香港ドル | 홍콩 달러 | Hong Kong dollar/Hong Kong dollars | cent/cents
NT$ TWD NTD     | 新台币 | 台湾ドル | 대만 달러 | New Taiwan dollar/New Taiwan dollars | cent/cents
A$ AU$ AUD      | 澳元 | オーストラリアドル | 호주 달러 | Australian dollar/Australian dollars | cent/cents
C$ CA$ CAD      | 加元 | カナダドル | 캐나다 달러 | Canadian dollar/Canadian dollars | cent/cents
S$ SGD          | 新加坡元 | シンガポールドル | 싱가포르 달러 | Singapore dollar/Singapore dollars | cent/cents
CHF             | 瑞士法郎 | スイスフラン | 스위스 프랑 | Swiss franc/Swiss francs | centime/centimes
₹ INR           | 卢比 | ルピー | 루피 | rupee/rupees | paisa/paise
₽ RUB           | 卢布 | ルーブル | 루블 | ruble/rubles | kopek/kopeks
NZD NZ$         | 新西兰元 | ニュージーランドドル | 뉴질랜드 달러 | New Zealand dollar/New Zealand dollars | cent/cents
SEK             | 瑞典克朗 | スウェーデンクローナ | 스웨덴 크로나 | Swedish krona/Swedish kronor |
NOK             | 挪威克朗 | ノルウェークローネ | 노르웨이 크로네 | Norwegian krone/Norwegian kroner |
DKK             | 丹麦克朗 | デンマーククローネ | 덴마크 크로네 | Danish krone/Danish kroner |
PLN             | 兹罗提 | ズウォティ | 즈워티 | zloty/zlotys |
MXN             | 墨西哥比索 | メキシコペソ | 멕시코 페소 | Mexican peso/Mexican pesos |
BRL R$          | 雷亚尔 | レアル | 헤알 | real/reais |
AED             | 迪拉姆 | ディルハム | 아랍에미리트 디르함 | dirham/dirhams |
VND ₫           | 越南盾 | ドン | 베트남 동 | dong/dong |
MYR             | 林吉特 | リンギット | 링깃 | ringgit/ringgit |
MOP             | 澳门元 | マカオパタカ | 마카오 파타카 | pataca/patacas |
฿ THB           | 泰铢 | バーツ | 바트 | baht/baht |
"""


@dataclass(frozen=True, slots=True)
class Currency:
    """How one currency is said."""

    zh: str
    ja: str
    ko: str
    en: str
    en_plural: str
    cent: str = ""
    cents: str = ""


def _read_table() -> tuple[dict[str, Currency], dict[str, Currency]]:
    signs: dict[str, Currency] = {}
    codes: dict[str, Currency] = {}
    for line in _TABLE.splitlines():
        if not line:
            continue
        symbols, zh, ja, ko, en, cent = (cell.strip() for cell in line.split("|"))
        currency = Currency(zh, ja, ko, *en.split("/"), *filter(None, cent.split("/")))
        for symbol in symbols.split():
            (codes if symbol.isalpha() else signs)[symbol] = currency
            if symbol.isalpha():
                codes[symbol.lower()] = currency
    return signs, codes


SIGNS, CODES = _read_table()
CURRENCIES = SIGNS | CODES
YUAN = CODES["CNY"]
WON = CODES["KRW"]
HONG_KONG_DOLLAR = CODES["HKD"]
