"""Mandarin templates of a smart home and an assistant, some with English words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

DIGITS = "零一二三四五六七八九"

WORDS: dict[str, list[str]] = {
    "room": (
        "客厅 卧室 主卧 次卧 厨房 卫生间 浴室 书房 阳台 走廊 玄关 餐厅 车库 花园 "
        "儿童房 地下室 储物间 办公室 门口 院子 楼梯间 洗衣房 老人房 衣帽间 阁楼 露台"
    ).split(),
    "device": (
        "灯 吊灯 台灯 空调 风扇 窗帘 电视 音箱 热水器 加湿器 除湿机 净化器 扫地机器人 "
        "洗衣机 烘干机 洗碗机 冰箱 烤箱 微波炉 电饭煲 摄像头 门锁 门铃 插座 地暖 暖气 "
        "新风系统 投影仪 路由器 打印机 咖啡机 电水壶 鱼缸 传感器 闹钟 百叶窗 充电桩"
    ).split(),
    "state": (
        "打开了 关闭了 已经打开 已经关闭 正在运行 已经离线 电量不足 没有响应 运行正常 "
        "暂停了 出现故障 快没电了 恢复正常 需要清洁 温度过高 连接成功 停止工作"
    ).split(),
    "colour": (
        "红色 绿色 蓝色 黄色 紫色 粉色 橙色 暖白色 冷白色 自然光 青色 金色"
    ).split(),
    "mode": (
        "制冷模式 制热模式 睡眠模式 自动模式 除湿模式 送风模式 离家模式 回家模式 "
        "阅读模式 观影模式 节能模式 静音模式 聚会模式 起床模式 强力模式"
    ).split(),
    "weather": (
        "晴天 多云 阴天 小雨 中雨 大雨 雷阵雨 小雪 大雪 大雾 大风 雾霾 阵雨 冰雹 "
        "晴转多云 多云转阴 沙尘暴 雨夹雪 暴雨 台风"
    ).split(),
    "city": (
        "北京 上海 广州 深圳 杭州 南京 成都 重庆 武汉 西安 苏州 天津 青岛 厦门 长沙 "
        "昆明 哈尔滨 沈阳 郑州 拉萨 乌鲁木齐 三亚 香港 台北 东京 巴黎 伦敦 纽约 柏林"
    ).split(),
    "name": (
        "小明 小红 王伟 李娜 张强 刘洋 陈静 杨帆 赵磊 孙悦 周杰 吴芳 郑爽 妈妈 爸爸 "
        "爷爷 奶奶 老师 姐姐 弟弟 张医生 李经理 外婆 叔叔 冯先生 许女士 邓宇 曹颖"
    ).split(),
    "day": "今天 明天 后天 今晚 明早 周末 下周 昨天 今天下午 明天上午 大后天".split(),
    "weekday": "星期一 星期二 星期三 星期四 星期五 星期六 星期天 周日 周三".split(),
    "part": "早上 上午 中午 下午 傍晚 晚上 凌晨".split(),
    "item": (
        "牛奶 面包 鸡蛋 苹果 香蕉 大米 酱油 白糖 食盐 茶叶 咖啡 西红柿 黄瓜 土豆 "
        "洗衣液 卫生纸 电池 灯泡 牙膏 水果 酸奶 豆腐 猪肉 牛肉 三文鱼 橙汁 矿泉水 "
        "蘑菇 菠菜 大蒜 生姜 花生 葡萄 草莓 饺子 面条 馒头 蜂蜜 醋 虾"
    ).split(),
    "media": (
        "音乐 新闻 广播 相声 古典音乐 轻音乐 儿歌 有声书 周杰伦的歌 下一首歌 白噪音 "
        "爵士乐 天气预报 足球比赛 纪录片 睡前故事 流行歌曲 钢琴曲 播客"
    ).split(),
    "event": (
        "会议 生日聚会 瑜伽课 面试 体检 家长会 航班 高铁 晚餐 音乐会 快递 婚礼 钢琴课 "
        "牙医预约 电影 讲座 约会 考试 维修"
    ).split(),
    "topic": (
        "光合作用 太阳系 人工智能 量子计算 唐朝历史 气候变化 黑洞 免疫系统 电动汽车 "
        "中医 书法 围棋 茶文化 火山 心脏 睡眠 基因 互联网 机器学习 经济学 万里长城"
    ).split(),
    "adj": (
        "安静 漂亮 奇怪 普通 古老 勇敢 聪明 温柔 热闹 复杂 简单 危险 干净 新鲜 孤独 "
        "宽敞 狭窄 光滑 粗糙 柔软 坚硬 遥远 著名 诚实 活泼 珍贵 便宜 昂贵 懒惰 勤劳"
    ).split(),
    "noun": (
        "老师 学生 医生 朋友 邻居 司机 画家 孩子 猫 狗 鸟 老虎 熊猫 山 河流 森林 桥 "
        "学校 图书馆 超市 公园 火车 飞机 自行车 书 信 照片 故事 问题 答案 梦 声音 "
        "云 月亮 太阳 星星 雪 花 树 草原 沙漠 海洋 岛屿 城堡 窗户 钥匙 雨伞 筷子 "
        "女儿 儿子 鞋 裙子 帽子 嘴唇 耳朵 眼睛 鼻子 肩膀 膝盖 脸"
    ).split(),
    "verb": (
        "看见了 忘记了 找到了 修好了 画了 描述了 搬走了 注意到 回答了 想象着 穿过了 "
        "借走了 收集了 发现了 喜欢 讨厌 听见了 打扰了 保护着 推开了 打破了 参观了 "
        "拥抱了 追赶着 羡慕 怀念 学会了 吃掉了 称赞了 拒绝了 熟悉 略过了 掠过了"
    ).split(),
    "adverb": (
        "慢慢地 突然 昨天 每天早上 小心地 晚上 悄悄地 第一次 又一次 终于 居然 偶尔 "
        "果然 轻轻地 偷偷地 很快 曾经 仍然 似乎 已经 确实 忽然"
    ).split(),
    "advice": (
        "多喝水 早点休息 出去散散步 检查一下烤箱 打开窗户通风 给妈妈打个电话 "
        "看看说明书 洗洗手 节约用电 重启路由器 给手机充电 穿厚一点 更换滤网 "
        "给植物浇水 咨询医生 带上雨伞 提前五分钟出发 保留收据 换一个密码 深呼吸"
    ).split(),
    "english": (
        "WiFi|Home Assistant|Bluetooth|Spotify|YouTube|iPhone|Netflix|Google|Python|"
        "email|app|Apple Music|Windows|Zigbee|podcast|OK|Alexa|Linux|router|update|"
        "server|Tesla|Amazon|bug|meeting|party|good morning|Happy Birthday|Siri|"
        "Tom|Lisa|Jack|New York|London|hello|bye bye|sensor|online|offline|smart home"
    ).split("|"),
}

TEMPLATES = """
{room}的{device}{state}。
好的，已经为您打开{room}的{device}。
好的，{room}的{device}已关闭。
已把{room}的灯调到百分之{number}。
已将{room}的{device}调高到{number}度。
{room}空调的温度设为{number}度。
把{device}调低一点，可以吗？
{room}的灯光已经变为{colour}。
空调已切换到{mode}。
{mode}已开启，{device}将在{number}分钟后关闭。
{room}现在{number}度，湿度百分之{number}。
室外温度零下{number}度，请注意保暖。
对不起，我没有找到{room}的{device}。
对不起，我没有听清楚，请再说一遍。
抱歉，{device}{state}，请稍后再试。
注意！{room}的{device}{state}。
{name}在门口，需要开门吗？
{name}刚刚给您打过电话。
{room}检测到有人移动。
{room}的窗户还开着，{day}有{weather}。
早上好，{name}，现在是{time}。
晚安，{name}，所有的门都锁好了。
欢迎回家，{name}。
现在是{time}。
{city}时间是{time}。
今天是{month}月{dayofmonth}日，{weekday}。
{day}{city}{weather}，最高气温{number}度，最低气温{number}度。
{city}{day}会有{weather}吗？
{weekday}{part}有{weather}，出门记得带伞。
降水概率百分之{number}，空气质量{quality}。
风力{digit}到{digit}级，东南风转西北风。
太阳{time}升起，{time}落山。
{number}分钟的计时器已经结束。
我设置了一个{number}分{number}秒的倒计时。
{item}的计时还剩{number}分钟。
{part}{digit}点的闹钟已经设好了。
我会在{day}{time}叫醒您。
{item}已经加入购物清单。
购物清单上有{item}、{item}和{item}。
别忘了买{item}，还有{item}！
您有{number}条来自{name}的新消息。
您的{event}在{weekday}{time}。
{month}月{dayofmonth}号提醒我参加{event}。
{name}将在{time}到达。
正在{room}播放{media}。
已经暂停播放{media}。
您想听{media}还是{media}？
音量调到百分之{number}。
洗衣机还有{number}分钟洗完。
{day}用电{number}度，比平时多百分之{number}。
太阳能板正在发电，功率{bignumber}瓦。
{room}{device}的电量还有百分之{number}。
一共{number}元{digit}角。
{number}加{number}等于{bignumber}。
从{city}到{city}大约{bignumber}公里。
{year}年，{city}有{bignumber}万人口。
号码是{digits}。
验证码{digits}，请勿告诉他人。
{adj}的{noun}{adverb}{verb}{adj}的{noun}。
我的{noun}从来没有{verb}这么{adj}的{noun}。
为什么那个{noun}{adverb}{verb}{noun}？
{name}{verb}{noun}，可是{name}{verb}{noun}。
如果{noun}很{adj}，那么{noun}也很{adj}。
{noun}和{noun}都很{adj}。
这些{noun}比那些{noun}更{adj}。
请用简单的话解释一下{topic}。
关于{topic}，有{digit}个重要的事实。
首先，{topic}就像一个{adj}的{noun}。
总的来说，{topic}没有大家想的那么{adj}。
这是一个关于{topic}的好问题！
我不太确定，但我觉得{topic}很{adj}。
您应该{advice}，尤其是在{month}月。
与其{advice}，不如{advice}。
请{advice}，{name}。
{name}说，{noun}会{verb}{noun}。
你{adverb}{verb}{noun}了吗？
他{adverb}把{noun}放在{room}里了。
是的。
不是。
好的。
可以。
没问题！
谢谢，{name}。
不客气。
请稍等。
再见！
{number}。
{name}！
{item}。
{city}？
""".strip().split("\n")

MIXED = """
已经打开{room}的{english}。
请用{english}播放{media}。
{english}已经连接成功。
你的{english}需要更新了。
{name}在{english}上给你发了消息。
把{english}的音量调到百分之{number}。
{english}和{english}有什么区别？
今天的{english}在{time}开始。
我在{english}上找到了{media}。
打开{english}，然后关闭{device}。
{city}的{english}很{adj}。
他说{english}，我没听懂。
""".strip().split("\n")


def spell(number: int) -> str:
    """Say a number from 0 to 99,999 in Chinese."""
    if number < 10:
        return DIGITS[number]
    for unit, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            said = ("" if unit == 10 and head == 1 else spell(head)) + name
            if rest:
                said += ("零" if rest < unit // 10 else "") + spell(rest)
            return said.replace("百十", "百一十")
    raise ValueError(number)


def clock(rng: random.Random) -> str:
    """Say a time of day."""
    hour = rng.randint(1, 12)
    minute = rng.choice((0, 0, 15, 30, 45, rng.randint(1, 59)))
    said = ("两" if hour == 2 else spell(hour)) + "点"
    if minute == 30 and rng.random() < 0.5:
        said += "半"
    elif minute == 15 and rng.random() < 0.5:
        said += "一刻"
    elif minute:
        said += ("零" if minute < 10 else "") + spell(minute) + "分"
    elif rng.random() < 0.5:
        said += "整"
    return rng.choice([*WORDS["part"], "", "", ""]) + said


def from_template(rng: random.Random) -> str:
    """Fill a template at random; one in eight has English words."""

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in WORDS:
            return rng.choice(WORDS[slot])
        if slot == "time":
            return clock(rng)
        if slot == "digit":
            return DIGITS[rng.randint(1, 9)]
        if slot in ("digits", "year"):
            count = 4 if slot == "year" else rng.randint(3, 7)
            return "".join(rng.choice(DIGITS) for _ in range(count))
        if slot == "quality":
            return rng.choice(["优", "良", "轻度污染", "中度污染"])
        top = {"number": 100, "month": 12, "dayofmonth": 31}
        if slot in top:
            return spell(rng.randint(1, top[slot]))
        return spell(int(10 ** rng.uniform(2, 4.9)))

    templates = MIXED if rng.random() < 0.125 else TEMPLATES
    return re.sub(r"\{(\w+)\}", fill, rng.choice(templates))
