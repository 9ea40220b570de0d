"""Chinese characters -> the phoneme units of the starter voice.

A syllable becomes its initial, if it has one, and its final with the tone: ``调到`` is
``t- iao2 d- ao4``; a space unit stands between words. Tones are the lexical ones: the
voice has learned tone sandhi from its teacher's sound, so 你好 stays ``n- i3 h- ao3``.

Readings come from pypinyin, which knows some 47,000 phrases; ``polyphones_zh`` corrects
what depends on the words beside a character. What a smart home says often, and both
read otherwise, stands in ``READINGS``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_finals_tone3, to_initials

from wyoming_cosyvoice.tokenizer import polyphones_zh, words_zh
from wyoming_cosyvoice.tokenizer.g2p_en import SPACE
from wyoming_cosyvoice.tokenizer.read_word import ReadWord

TONES = "12345"

READINGS: dict[str, str] = {
    # 调 is diao4 in isolation; as "adjust" it is tiao2
    "调到": "tiao2 dao4",
    "调至": "tiao2 zhi4",
    "调为": "tiao2 wei2",
    "调成": "tiao2 cheng2",
    "调回": "tiao2 hui2",
    "调高": "tiao2 gao1",
    "调低": "tiao2 di1",
    "调大": "tiao2 da4",
    "调小": "tiao2 xiao3",
    "调亮": "tiao2 liang4",
    "调暗": "tiao2 an4",
    "调快": "tiao2 kuai4",
    "调慢": "tiao2 man4",
    "调冷": "tiao2 leng3",
    "调热": "tiao2 re4",
    "调节": "tiao2 jie2",
    "调整": "tiao2 zheng3",
    "调温": "tiao2 wen1",
    "调光": "tiao2 guang1",
    "调一下": "tiao2 yi1 xia4",
    "强调一下": "qiang2 diao4 yi1 xia4",
    "上调": "shang4 tiao2",
    "下调": "xia4 tiao2",
    "可调": "ke3 tiao2",
    "微调": "wei1 tiao2",
    "空调": "kong1 tiao2",
    # 为 is wei4 ("for") in isolation; after a verb it is wei2 ("as", "to be")
    "设为": "she4 wei2",
    "设置为": "she4 zhi4 wei2",
    "设定为": "she4 ding4 wei2",
    "改为": "gai3 wei2",
    "变为": "bian4 wei2",
    "转为": "zhuan3 wei2",
    "换为": "huan4 wei2",
    "视为": "shi4 wei2",
    "称为": "cheng1 wei2",
    "成为": "cheng2 wei2",
    "作为": "zuo4 wei2",
    "认为": "ren4 wei2",
    "约为": "yue1 wei2",
    "温度为": "wen1 du4 wei2",
    "湿度为": "shi1 du4 wei2",
    "为您": "wei4 nin2",
    "为你": "wei4 ni3",
    # 还 as "still", 得 after a verb, 行 as "all right", 长 as "long", 重 as "again"
    "还有": "hai2 you3",
    "还是": "hai2 shi4",
    "还没": "hai2 mei2",
    "还在": "hai2 zai4",
    "还要": "hai2 yao4",
    "还剩": "hai2 sheng4",
    "记得": "ji4 de5",
    "多长": "duo1 chang2",
    "时长": "shi2 chang2",
    "重启": "chong2 qi3",
    "重新": "chong2 xin1",
    "重试": "chong2 shi4",
    "重播": "chong2 bo1",
    "播放": "bo1 fang4",
    "音乐": "yin1 yue4",
    "乐曲": "yue4 qu3",
    "降温": "jiang4 wen1",
    "降到": "jiang4 dao4",
    "降低": "jiang4 di1",
    "关了": "guan1 le5",
    "开了": "kai1 le5",
    "好了": "hao3 le5",
    "完了": "wan2 le5",
    "睡着": "shui4 zhao2",
    "开着": "kai1 zhe5",
    "关着": "guan1 zhe5",
    "亮着": "liang4 zhe5",
    "很长": "hen3 chang2",
    "太长": "tai4 chang2",
    "更长": "geng4 chang2",
    "要长": "yao4 chang2",
    "不长": "bu4 chang2",
    # Second syllables that nobody says with a tone
    "妈妈": "ma1 ma5",
    "爸爸": "ba4 ba5",
    "爷爷": "ye2 ye5",
    "奶奶": "nai3 nai5",
    "哥哥": "ge1 ge5",
    "弟弟": "di4 di5",
    "姐姐": "jie3 jie5",
    "妹妹": "mei4 mei5",
    "东西": "dong1 xi5",
    "朋友": "peng2 you5",
    "喜欢": "xi3 huan5",
    "知道": "zhi1 dao5",
    "时候": "shi2 hou5",
    "什么": "shen2 me5",
    "怎么": "zen3 me5",
    "这么": "zhe4 me5",
    "那么": "na4 me5",
    "我们": "wo3 men5",
    "你们": "ni3 men5",
    "他们": "ta1 men5",
    "窗户": "chuang1 hu5",
    "衣服": "yi1 fu5",
    "告诉": "gao4 su5",
    "觉得": "jue2 de5",
    "晚上": "wan3 shang5",
    "早上": "zao3 shang5",
    "明白": "ming2 bai5",
    "休息": "xiu1 xi5",
    "谢谢": "xie4 xie5",
    "客气": "ke4 qi5",
}
_LONGEST = max(map(len, READINGS))


def syllables(characters: str) -> list[str]:
    """Read a run of Chinese characters as pinyin syllables with tone digits, 1 to 5.

    Characters that have no known reading are left out.
    """
    return [syllable for syllable in read_characters(characters) if syllable]


def read_characters(characters: str) -> list[str]:
    """Read each character; without a known reading it is empty."""
    found: list[str] = lazy_pinyin(
        characters,
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=_nothing_each,
    )
    polyphones_zh.apply(characters, found, words_zh.split(characters))
    start = 0
    while start < len(characters):
        for length in range(min(_LONGEST, len(characters) - start), 1, -1):
            reading = READINGS.get(characters[start : start + length])
            if reading is not None:
                found[start : start + length] = reading.split()
                start += length
                break
        else:
            start += 1
    found = [syllable if syllable[-1:] in TONES else "" for syllable in found]
    polyphones_zh.colour(characters, found)
    return found


def _nothing_each(unknown: str) -> Any:
    """Give each unknown character an empty reading, so that places stay in step."""
    return [""] * len(unknown)


_CODA = re.compile(r"(a)(?:n|i)$")


def units(syllable: str) -> list[str]:
    """Split a pinyin syllable into its units: ``tiao2`` is ``["t-", "iao2"]``.

    One with an ``r`` before its tone, as ``zher4``, has a coloured vowel.
    """
    return list(_split(syllable))


@lru_cache(4096)  # more than there are syllables
def _split(syllable: str) -> tuple[str, ...]:
    if syllable[-2] == "r" and not syllable.startswith("er"):
        # The vowel is coloured, and loses the n or i behind it.
        return (*_split(_CODA.sub(r"\1", syllable[:-2]) + syllable[-1]), "er5")
    initial: str = to_initials(syllable, strict=True)
    final: str = to_finals_tone3(
        syllable, strict=True, v_to_u=False, neutral_tone_with_five=True
    )
    if not final:  # the syllables ng and m have no final of their own
        return ("en" + syllable[-1],)
    return (f"{initial}-", final) if initial else (final,)


def to_units(characters: str) -> list[str]:
    """Turn a run of Chinese characters into phoneme units, a space between words."""
    return [unit for word in words(characters) for unit in word.units]


def words(characters: str) -> list[ReadWord]:
    """Read a run of Chinese characters word by word, with a space between words."""
    read = read_characters(characters)
    found: list[ReadWord] = []
    begin = 0
    for word in words_zh.split(characters):
        end = begin + len(word)
        said = [
            unit for syllable in read[begin:end] if syllable for unit in units(syllable)
        ]
        if found and said:
            found.append(ReadWord((SPACE,), begin, begin))
        if said:
            found.append(ReadWord(tuple(said), begin, end))
        begin = end
    return found
