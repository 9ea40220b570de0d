"""The units that homes report, and how each language says them.

One line per unit: its symbols, then Chinese, Japanese, Korean and English (singular and
plural). ``{}`` marks the place of the number where it does not come first. Traditional
Chinese and Cantonese are made from the Chinese column; a sixth column overrides it for
Cantonese. Symbols are matched as written, upper and lower case being different units.
"""

from __future__ import annotations

from dataclasses import dataclass

_TABLE = """
# temperature and angle
°C °c degC          | 摄氏度 | 度 | 도 | degree Celsius/degrees Celsius
°F °f degF          | 华氏度 | 華氏{}度 | 화씨 {} 도 | degree Fahrenheit/degrees Fahrenheit
°                   | 度 | 度 | 도 | degree/degrees
K                   | 开尔文 | ケルビン | 켈빈 | kelvin/kelvin
°N                  | 北纬{}度 | 北緯{}度 | 북위 {} 도 | degree north/degrees north
°S                  | 南纬{}度 | 南緯{}度 | 남위 {} 도 | degree south/degrees south
°E                  | 东经{}度 | 東経{}度 | 동경 {} 도 | degree east/degrees east
°W                  | 西经{}度 | 西経{}度 | 서경 {} 도 | degree west/degrees west
# electricity
W                   | 瓦 | ワット | 와트 | watt/watts
mW                  | 毫瓦 | ミリワット | 밀리와트 | milliwatt/milliwatts
kW KW               | 千瓦 | キロワット | 킬로와트 | kilowatt/kilowatts
MW                  | 兆瓦 | メガワット | 메가와트 | megawatt/megawatts
GW                  | 吉瓦 | ギガワット | 기가와트 | gigawatt/gigawatts
TW                  | 太瓦 | テラワット | 테라와트 | terawatt/terawatts
mWh                 | 毫瓦时 | ミリワットアワー | 밀리와트시 | milliwatt hour/milliwatt hours
Wh                  | 瓦时 | ワットアワー | 와트시 | watt hour/watt hours
kWh KWh kwh KWH     | 千瓦时 | キロワットアワー | 킬로와트시 | kilowatt hour/kilowatt hours
MWh                 | 兆瓦时 | メガワットアワー | 메가와트시 | megawatt hour/megawatt hours
GWh                 | 吉瓦时 | ギガワットアワー | 기가와트시 | gigawatt hour/gigawatt hours
TWh                 | 太瓦时 | テラワットアワー | 테라와트시 | terawatt hour/terawatt hours
J                   | 焦耳 | ジュール | 줄 | joule/joules
kJ KJ               | 千焦 | キロジュール | 킬로줄 | kilojoule/kilojoules
MJ                  | 兆焦 | メガジュール | 메가줄 | megajoule/megajoules
GJ                  | 吉焦 | ギガジュール | 기가줄 | gigajoule/gigajoules
cal                 | 卡 | カロリー | 칼로리 | calorie/calories
kcal Kcal           | 千卡 | キロカロリー | 킬로칼로리 | kilocalorie/kilocalories
VA                  | 伏安 | ボルトアンペア | 볼트암페어 | volt ampere/volt amperes
kVA KVA             | 千伏安 | キロボルトアンペア | 킬로볼트암페어 | kilovolt ampere/kilovolt amperes
VAh                 | 伏安时 | ボルトアンペアアワー | 볼트암페어시 | volt ampere hour/volt ampere hours
var                 | 乏 | バール | 바 | var/vars
kvar                | 千乏 | キロバール | 킬로바 | kilovar/kilovars
varh                | 乏时 | バールアワー | 바시 | var hour/var hours
kvarh               | 千乏时 | キロバールアワー | 킬로바시 | kilovar hour/kilovar hours
A                   | 安 | アンペア | 암페어 | amp/amps
mA                  | 毫安 | ミリアンペア | 밀리암페어 | milliamp/milliamps
µA uA               | 微安 | マイクロアンペア | 마이크로암페어 | microamp/microamps
Ah                  | 安时 | アンペアアワー | 암페어시 | amp hour/amp hours
mAh mah MAH         | 毫安时 | ミリアンペアアワー | 밀리암페어시 | milliamp hour/milliamp hours
V                   | 伏 | ボルト | 볼트 | volt/volts
mV                  | 毫伏 | ミリボルト | 밀리볼트 | millivolt/millivolts
µV uV               | 微伏 | マイクロボルト | 마이크로볼트 | microvolt/microvolts
kV KV               | 千伏 | キロボルト | 킬로볼트 | kilovolt/kilovolts
MV                  | 兆伏 | メガボルト | 메가볼트 | megavolt/megavolts
Ω ohm ohms          | 欧姆 | オーム | 옴 | ohm/ohms
kΩ                  | 千欧 | キロオーム | 킬로옴 | kilohm/kilohms
MΩ                  | 兆欧 | メガオーム | 메가옴 | megohm/megohms
Hz HZ hz            | 赫兹 | ヘルツ | 헤르츠 | hertz/hertz
kHz KHz khz         | 千赫兹 | キロヘルツ | 킬로헤르츠 | kilohertz/kilohertz
MHz Mhz mhz         | 兆赫兹 | メガヘルツ | 메가헤르츠 | megahertz/megahertz
GHz Ghz ghz         | 吉赫兹 | ギガヘルツ | 기가헤르츠 | gigahertz/gigahertz
# length, area, volume, mass
ly                  | 光年 | 光年 | 광년 | light year/light years
km KM Km            | 公里 | キロメートル | 킬로미터 | kilometer/kilometers
m                  | 米 | メートル | 미터 | meter/meters
dm                  | 分米 | デシメートル | 데시미터 | decimeter/decimeters
cm CM               | 厘米 | センチメートル | 센티미터 | centimeter/centimeters
mm MM               | 毫米 | ミリメートル | 밀리미터 | millimeter/millimeters
µm um               | 微米 | マイクロメートル | 마이크로미터 | micrometer/micrometers
nm                  | 纳米 | ナノメートル | 나노미터 | nanometer/nanometers
mi                  | 英里 | マイル | 마일 | mile/miles
nmi NM              | 海里 | 海里 | 해리 | nautical mile/nautical miles
yd                  | 码 | ヤード | 야드 | yard/yards
ft FT               | 英尺 | フィート | 피트 | foot/feet
in inch             | 英寸 | インチ | 인치 | inch/inches
km² km2 km^2        | 平方公里 | 平方キロメートル | 제곱킬로미터 | square kilometer/square kilometers
m² m2 m^2 sqm       | 平方米 | 平方メートル | 제곱미터 | square meter/square meters
cm² cm2 cm^2        | 平方厘米 | 平方センチメートル | 제곱센티미터 | square centimeter/square centimeters
mm² mm2             | 平方毫米 | 平方ミリメートル | 제곱밀리미터 | square millimeter/square millimeters
ft² ft2 sqft        | 平方英尺 | 平方フィート | 제곱피트 | square foot/square feet
in² in2             | 平方英寸 | 平方インチ | 제곱인치 | square inch/square inches
yd²                 | 平方码 | 平方ヤード | 제곱야드 | square yard/square yards
mi²                 | 平方英里 | 平方マイル | 제곱마일 | square mile/square miles
ha                  | 公顷 | ヘクタール | 헥타르 | hectare/hectares
km³                 | 立方公里 | 立方キロメートル | 세제곱킬로미터 | cubic kilometer/cubic kilometers
m³ m3 m^3           | 立方米 | 立方メートル | 세제곱미터 | cubic meter/cubic meters
cm³ cm3             | 立方厘米 | 立方センチメートル | 세제곱센티미터 | cubic centimeter/cubic centimeters
cc                  | 毫升 | シーシー | 시시 | C C/C C
ft³ ft3             | 立方英尺 | 立方フィート | 세제곱피트 | cubic foot/cubic feet
CCF                 | 百立方英尺 | 百立方フィート | 백 세제곱피트 | hundred cubic feet/hundred cubic feet
L l ℓ               | 升 | リットル | 리터 | liter/liters
dL dl               | 分升 | デシリットル | 데시리터 | deciliter/deciliters
cL cl               | 厘升 | センチリットル | 센티리터 | centiliter/centiliters
mL ml ML            | 毫升 | ミリリットル | 밀리리터 | milliliter/milliliters
µL ul               | 微升 | マイクロリットル | 마이크로리터 | microliter/microliters
bbl                 | 桶 | バレル | 배럴 | barrel/barrels
gal GAL             | 加仑 | ガロン | 갤런 | gallon/gallons
fl.oz. floz fl.oz   | 液量盎司 | 液量オンス | 액량 온스 | fluid ounce/fluid ounces
tbsp Tbsp           | 汤匙 | 大さじ{} | 테이블스푼 | tablespoon/tablespoons
tsp                 | 茶匙 | 小さじ{} | 티스푼 | teaspoon/teaspoons
kg Kg KG            | 千克 | キログラム | 킬로그램 | kilogram/kilograms
g                   | 克 | グラム | 그램 | gram/grams
mg                  | 毫克 | ミリグラム | 밀리그램 | milligram/milligrams
µg ug mcg           | 微克 | マイクログラム | 마이크로그램 | microgram/micrograms
t                   | 吨 | トン | 톤 | ton/tons
kiloton kilotons    | 千吨 | キロトン | 킬로톤 | kiloton/kilotons
Mt                  | 百万吨 | メガトン | 메가톤 | megaton/megatons
oz OZ               | 盎司 | オンス | 온스 | ounce/ounces
count               | 个 | 個 | 개 | count/count
page pages          | 页 | ページ | 페이지 | page/pages
carat carats        | 克拉 | カラット | 캐럿 | carat/carats
lb lbs LB LBS       | 磅 | ポンド | 파운드 | pound/pounds
# pressure, force, speed, rain, flow
Pa                  | 帕 | パスカル | 파스칼 | pascal/pascals
hPa hpa             | 百帕 | ヘクトパスカル | 헥토파스칼 | hectopascal/hectopascals
kPa KPa             | 千帕 | キロパスカル | 킬로파스칼 | kilopascal/kilopascals
MPa Mpa             | 兆帕 | メガパスカル | 메가파스칼 | megapascal/megapascals
bar                 | 巴 | バール | 바 | bar/bar
mbar                | 毫巴 | ミリバール | 밀리바 | millibar/millibars
cbar                | 厘巴 | センチバール | 센티바 | centibar/centibars
mmHg                | 毫米汞柱 | 水銀柱ミリメートル | 수은주밀리미터 | millimeter of mercury/millimeters of mercury
inHg                | 英寸汞柱 | 水銀柱インチ | 수은주인치 | inch of mercury/inches of mercury
atm                 | 个大气压 | 気圧 | 기압 | atmosphere/atmospheres
psi PSI             | 磅每平方英寸 | ピーエスアイ | 피에스아이 | P S I/P S I
hp HP bhp           | 马力 | 馬力 | 마력 | horsepower/horsepower
lb-ft lb·ft         | 磅英尺 | ポンドフィート | 파운드피트 | pound foot/pound feet
ft-lb ft-lbs ft·lb  | 英尺磅 | フィートポンド | 피트파운드 | foot pound/foot pounds
Nm                  | 牛米 | ニュートンメートル | 뉴턴미터 | newton meter/newton meters
N                   | 牛 | ニュートン | 뉴턴 | newton/newtons
km/h kph kmph km/hr KM/H | 每小时{}公里 | 時速{}キロメートル | 시속 {} 킬로미터 | kilometer per hour/kilometers per hour
m/s mps             | 每秒{}米 | 秒速{}メートル | 초속 {} 미터 | meter per second/meters per second
mpg MPG             | 每加仑{}英里 | 一ガロンあたり{}マイル | 갤런당 {} 마일 | mile per gallon/miles per gallon
mph MPH mi/h        | 每小时{}英里 | 時速{}マイル | 시속 {} 마일 | mile per hour/miles per hour
kn kt kts           | 节 | ノット | 노트 | knot/knots
ft/s                | 每秒{}英尺 | 秒速{}フィート | 초속 {} 피트 | foot per second/feet per second
mm/h                | 每小时{}毫米 | 一時間あたり{}ミリメートル | 시간당 {} 밀리미터 | millimeter per hour/millimeters per hour
mm/d                | 每天{}毫米 | 一日あたり{}ミリメートル | 하루 {} 밀리미터 | millimeter per day/millimeters per day
in/h                | 每小时{}英寸 | 一時間あたり{}インチ | 시간당 {} 인치 | inch per hour/inches per hour
m³/h                | 每小时{}立方米 | 毎時{}立方メートル | 시간당 {} 세제곱미터 | cubic meter per hour/cubic meters per hour
L/h l/h             | 每小时{}升 | 毎時{}リットル | 시간당 {} 리터 | liter per hour/liters per hour
L/min l/min LPM     | 每分钟{}升 | 毎分{}リットル | 분당 {} 리터 | liter per minute/liters per minute
L/s l/s             | 每秒{}升 | 毎秒{}リットル | 초당 {} 리터 | liter per second/liters per second
gal/min gpm GPM     | 每分钟{}加仑 | 毎分{}ガロン | 분당 {} 갤런 | gallon per minute/gallons per minute
CFM cfm ft³/min     | 每分钟{}立方英尺 | 毎分{}立方フィート | 분당 {} 세제곱피트 | cubic foot per minute/cubic feet per minute
L/100km             | 每百公里{}升 | 百キロメートルあたり{}リットル | 백 킬로미터당 {} 리터 | liter per hundred kilometers/liters per hundred kilometers
kWh/100km           | 每百公里{}千瓦时 | 百キロメートルあたり{}キロワットアワー | 백 킬로미터당 {} 킬로와트시 | kilowatt hour per hundred kilometers/kilowatt hours per hundred kilometers
km/kWh              | 每千瓦时{}公里 | 一キロワットアワーあたり{}キロメートル | 킬로와트시당 {} 킬로미터 | kilometer per kilowatt hour/kilometers per kilowatt hour
mi/kWh              | 每千瓦时{}英里 | 一キロワットアワーあたり{}マイル | 킬로와트시당 {} 마일 | mile per kilowatt hour/miles per kilowatt hour
# light, sound, air, health
lx lux Lux          | 勒克斯 | ルクス | 럭스 | lux/lux
lm                  | 流明 | ルーメン | 루멘 | lumen/lumens
cd                  | 坎德拉 | カンデラ | 칸델라 | candela/candelas
gsm                 | 克每平方米 | グラム毎平方メートル | 그램 퍼 제곱미터 | gram per square meter/grams per square meter
dpi DPI             | DPI | ディーピーアイ | 디피아이 | dot per inch/dots per inch
W/m² W/m2           | 瓦每平方米 | ワット毎平方メートル | 와트 퍼 제곱미터 | watt per square meter/watts per square meter
dB db DB            | 分贝 | デシベル | 데시벨 | decibel/decibels
dBA dB(A)           | 分贝 | デシベル | 데시벨 | decibel/decibels
dBm                 | 分贝毫瓦 | デシベルミリワット | 디비엠 | decibel milliwatt/decibel milliwatts
ppm PPM             | PPM | ピーピーエム | 피피엠 | part per million/parts per million
ppb PPB             | PPB | ピーピービー | 피피비 | part per billion/parts per billion
µg/m³ ug/m3 µg/m3 ug/m³ | 每立方米{}微克 | 一立方メートルあたり{}マイクログラム | 세제곱미터당 {} 마이크로그램 | microgram per cubic meter/micrograms per cubic meter
mg/m³ mg/m3         | 每立方米{}毫克 | 一立方メートルあたり{}ミリグラム | 세제곱미터당 {} 밀리그램 | milligram per cubic meter/milligrams per cubic meter
g/m³ g/m3           | 每立方米{}克 | 一立方メートルあたり{}グラム | 세제곱미터당 {} 그램 | gram per cubic meter/grams per cubic meter
Bq/m³ Bq/m3         | 每立方米{}贝克勒尔 | 一立方メートルあたり{}ベクレル | 세제곱미터당 {} 베크렐 | becquerel per cubic meter/becquerels per cubic meter
pCi/L               | 每升{}皮居里 | 一リットルあたり{}ピコキュリー | 리터당 {} 피코퀴리 | picocurie per liter/picocuries per liter
mg/L mg/l           | 毫克每升 | ミリグラム毎リットル | 밀리그램 퍼 리터 | milligram per liter/milligrams per liter
mg/dL mg/dl         | 毫克每分升 | ミリグラムパーデシリットル | 밀리그램 퍼 데시리터 | milligram per deciliter/milligrams per deciliter
µmol/L umol/L       | 微摩尔每升 | マイクロモルパーリットル | 마이크로몰 퍼 리터 | micromole per liter/micromoles per liter
mmol/L mmol/l       | 毫摩尔每升 | ミリモルパーリットル | 밀리몰 퍼 리터 | millimole per liter/millimoles per liter
µS/cm uS/cm         | 微西门子每厘米 | マイクロジーメンス毎センチメートル | 마이크로지멘스 퍼 센티미터 | microsiemens per centimeter/microsiemens per centimeter
mS/cm               | 毫西门子每厘米 | ミリジーメンス毎センチメートル | 밀리지멘스 퍼 센티미터 | millisiemens per centimeter/millisiemens per centimeter
µSv/h uSv/h         | 每小时{}微西弗 | 毎時{}マイクロシーベルト | 시간당 {} 마이크로시버트 | microsievert per hour/microsieverts per hour
bpm BPM             | 每分钟{}次 | 毎分{}回 | 분당 {} 회 | beat per minute/beats per minute
rpm RPM r/min       | 每分钟{}转 | 毎分{}回転 | 분당 {} 회전 | revolution per minute/revolutions per minute
fps FPS             | 每秒{}帧 | 毎秒{}フレーム | 초당 {} 프레임 | frame per second/frames per second
mol                 | 摩尔 | モル | 몰 | mole/moles
kcal/h              | 千卡每小时 | キロカロリー毎時 | 킬로칼로리 퍼 시간 | kilocalorie per hour/kilocalories per hour
¢ ct                | 美分 | セント | 센트 | cent/cents
# data
bit bits            | 比特 | ビット | 비트 | bit/bits
kbit Kbit           | 千比特 | キロビット | 킬로비트 | kilobit/kilobits
Mbit Mb             | 兆比特 | メガビット | 메가비트 | megabit/megabits
Gbit Gb             | 吉比特 | ギガビット | 기가비트 | gigabit/gigabits
kB KB kb            | KB | キロバイト | 킬로바이트 | kilobyte/kilobytes
MB mb               | MB | メガバイト | 메가바이트 | megabyte/megabytes
GB gb               | GB | ギガバイト | 기가바이트 | gigabyte/gigabytes
TB                  | TB | テラバイト | 테라바이트 | terabyte/terabytes
PB                  | PB | ペタバイト | 페타바이트 | petabyte/petabytes
KiB kiB             | KB | キビバイト | 키비바이트 | kibibyte/kibibytes
MiB                 | MB | メビバイト | 메비바이트 | mebibyte/mebibytes
GiB                 | GB | ギビバイト | 기비바이트 | gibibyte/gibibytes
TiB                 | TB | テビバイト | 테비바이트 | tebibyte/tebibytes
pp                  | 个百分点 | ポイント | 퍼센트포인트 | percentage point/percentage points
bp BP               | 个基点 | ベーシスポイント | 베이시스포인트 | basis point/basis points
bit/s bps           | 每秒{}比特 | 毎秒{}ビット | 초당 {} 비트 | bit per second/bits per second
kbit/s kbps Kbps    | 每秒{}千比特 | 毎秒{}キロビット | 초당 {} 킬로비트 | kilobit per second/kilobits per second
Mbit/s Mbps mbps Mb/s MBit/s | 每秒{}兆比特 | 毎秒{}メガビット | 초당 {} 메가비트 | megabit per second/megabits per second
Gbit/s Gbps gbps Gb/s | 每秒{}吉比特 | 毎秒{}ギガビット | 초당 {} 기가비트 | gigabit per second/gigabits per second
B/s                 | 每秒{}字节 | 毎秒{}バイト | 초당 {} 바이트 | byte per second/bytes per second
kB/s KB/s KBps      | 每秒{}千字节 | 毎秒{}キロバイト | 초당 {} 킬로바이트 | kilobyte per second/kilobytes per second
MB/s MBps           | 每秒{}兆字节 | 毎秒{}メガバイト | 초당 {} 메가바이트 | megabyte per second/megabytes per second
GB/s GBps           | 每秒{}吉字节 | 毎秒{}ギガバイト | 초당 {} 기가바이트 | gigabyte per second/gigabytes per second
KiB/s               | 每秒{}千字节 | 毎秒{}キビバイト | 초당 {} 키비바이트 | kibibyte per second/kibibytes per second
MiB/s               | 每秒{}兆字节 | 毎秒{}メビバイト | 초당 {} 메비바이트 | mebibyte per second/mebibytes per second
dpi DPI             | DPI | ディーピーアイ | 디피아이 | dot per inch/dots per inch
ppi PPI             | PPI | ピーピーアイ | 피피아이 | pixel per inch/pixels per inch
px                  | 像素 | ピクセル | 픽셀 | pixel/pixels
MP Mpx              | 百万像素 | メガピクセル | 메가픽셀 | megapixel/megapixels
# time
d                   | 天 | 日 | 일 | day/days
h hr hrs HRS        | 小时 | 時間 | 시간 | hour/hours
min mins MINS       | 分钟 | 分 | 분 | minute/minutes
s sec secs SECS     | 秒 | 秒 | 초 | second/seconds
ms msec             | 毫秒 | ミリ秒 | 밀리초 | millisecond/milliseconds
µs us               | 微秒 | マイクロ秒 | 마이크로초 | microsecond/microseconds
ns                  | 纳秒 | ナノ秒 | 나노초 | nanosecond/nanoseconds
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """How one unit is said; the forms may hold ``{}`` for the number."""

    zh: str
    ja: str
    ko: str
    en: str
    en_plural: str


def _read_table() -> dict[str, Unit]:
    units = {}
    for line in _TABLE.splitlines():
        if not line or line.startswith("#"):
            continue
        symbols, zh, ja, ko, en = (cell.strip() for cell in line.split("|"))
        unit = Unit(zh, ja, ko, *en.split("/"))
        for symbol in symbols.split():
            units[symbol] = unit
    return units


UNITS = _read_table()

DIVISORS = {
    "h": "小时|時間|시간|hour", "hr": "小时|時間|시간|hour", "s": "秒|秒|초|second",
    "sec": "秒|秒|초|second", "min": "分钟|分|분|minute", "d": "天|日|일|day",
    "day": "天|日|일|day", "km": "公里|キロメートル|킬로미터|kilometer",
    "m²": "平方米|平方メートル|제곱미터|square meter",
    "m³": "立方米|立方メートル|세제곱미터|cubic meter", "L": "升|リットル|리터|liter",
    "kg": "千克|キログラム|킬로그램|kilogram", "kWh": "千瓦时|キロワットアワー|킬로와트시|kilowatt hour",
    "ft²": "平方英尺|平方フィート|제곱피트|square foot", "m": "米|メートル|미터|meter",
    "月": "月|月|월|month", "年": "年|年|년|year", "天": "天|日|일|day", "日": "天|日|일|day",
    "小时": "小时|時間|시간|hour", "次": "次|回|회|time", "人": "人|人|인|person",
    "bbl": "桶|バレル|배럴|barrel", "个": "个|個|개|piece", "度": "度|度|도|degree", "mo": "月|月|월|month", "month": "月|月|월|month",
    "year": "年|年|년|year", "yr": "年|年|년|year", "hour": "小时|時間|시간|hour",
    "分": "分钟|分|분|minute", "分钟": "分钟|分|분|minute", "分鐘": "分钟|分|분|minute",
    "秒": "秒|秒|초|second", "小時": "小时|時間|시간|hour", "시간": "小时|時間|시간|hour", "초": "秒|秒|초|second",
    "公里": "公里|キロメートル|킬로미터|kilometer", "キロ": "公里|キロ|킬로|kilometer", "킬로": "公里|キロ|킬로|kilometer",
    "gal": "加仑|ガロン|갤런|gallon", "mi": "英里|マイル|마일|mile", "g": "克|グラム|그램|gram",
    "fl oz": "液量盎司|液量オンス|액량 온스|fluid ounce", "sq ft": "平方英尺|平方フィート|제곱피트|square foot",
    "sq. ft.": "平方英尺|平方フィート|제곱피트|square foot", "pr": "双|足|켤레|pair", "pk": "包|パック|팩|pack", "ct": "个|個|개|count",
    "lb": "磅|ポンド|파운드|pound", "mL": "毫升|ミリリットル|밀리리터|milliliter",
    "일": "天|日|일|day", "인": "人|人|인|person", "명": "人|人|명|person", "개": "个|個|개|piece", "회": "次|回|회|time",
    "박": "晚|泊|박|night", "장": "张|枚|장|sheet", "병": "瓶|本|병|bottle", "팩": "包|袋|팩|pack", "평": "坪|坪|평|pyeong",
    "cup": "杯|カップ|컵|cup", "week": "周|週|주|week", "wk": "周|週|주|week", "周": "周|週|주|week", "분": "分钟|分|분|minute", "월": "月|月|월|month", "時間": "小时|時間|시간|hour",
}  # fmt: skip
"""What may stand after a slash: Chinese, Japanese, Korean and English."""

RAISED = {
    "2": "二次方{}|{}毎{}|제곱{}|{} squared",
    "3": "三次方{}|{}の三乗|세제곱{}|{} cubed",
}
"""What a unit behind a slash is called with an exponent: m/s²."""

TOUCHING = frozenset(
    """
    in A K C F N J M MM d t B at
    """.split()  # noqa: SIM905 - a list to be read and extended
)
"""Symbols that are units only where they touch the number: ``5 in`` may be a word."""

for _symbol, _unit in UNITS.items():
    _forms = (_unit.zh, _unit.ja, _unit.ko, _unit.en)
    if not (_symbol in TOUCHING or "/" in _symbol or any("{" in _ for _ in _forms)):
        DIVISORS.setdefault(_symbol, "|".join(_forms))
