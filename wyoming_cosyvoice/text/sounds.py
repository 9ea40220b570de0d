"""Marks of sounds in answers of language models: ``[laughter]``, ``<strong>``.

Some models make the sound that a mark names. For them it is kept as it was written, out
of sight of the other steps; for all others it is silent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import hidden
from wyoming_cosyvoice.text.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Collection

_ENGLISH = """
    laugh laughs laughing laughter chuckle chuckles chuckling giggle giggles giggling
    breath breathe breathes breathing inhale inhales exhale exhales gasp gasps gasping
    sigh sighs sighing cough coughs coughing sneeze sneezes yawn yawns yawning sniff
    sniffs sniffles sob sobs sobbing cry cries crying groan groans grunt grunts hum hums
    humming whistle whistles whisper whispers whispering pause pauses silence noise
    music applause clap claps clapping cheers cheering clucking hissing vocalized-noise
    quick_breath mn lipsmack smack beep sings singing smiles smiling shouts shouting
    """.split()  # noqa: SIM905 - a list to be read and extended
_OTHERS = """
    笑声 笑聲 大笑 微笑 轻笑 輕笑 苦笑 偷笑 笑 叹气 嘆氣 叹息 嘆息 呼吸 吸气
    吸氣 深呼吸 咳嗽 哭声 哭聲 哭泣 哭
    鼓掌 掌声 掌聲 音乐 音樂 停顿 停頓 沉默 耳语 耳語 哈欠
    笑い 笑う 拍手 ため息 溜息 咳 泣く 沈黙 音楽 웃음 웃음소리 웃으며 한숨
    기침 박수 음악 침묵 울음 숨 하품
    """.split()  # noqa: SIM905
_NAMES = "|".join(sorted([*_ENGLISH, *_OTHERS], key=len, reverse=True))
# A sound may be described: [laughs softly], [clears throat], [深深地叹气].
_MARK = pattern(
    rf"\[(?:(?:[a-z]{{3,12}}ly )?(?:{_NAMES})(?: [a-z]{{1,12}}){{0,3}}"
    r"|clears? (?:his |her |their )?throat"
    r"|[一-鿿]{1,6}[地的](?:笑|叹气|嘆氣|哭|咳嗽))\]",
    re.IGNORECASE,
)


def keep(text: str, known: Collection[str]) -> str:
    """Hide the marks that the model knows, as written, from all further steps."""
    if not known or not ("[" in text or "<" in text):
        return text
    names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    return re.sub(names, lambda mark: hidden.hide(mark.group()), text)


def silence(text: str) -> str:
    """Drop the marks that are left."""
    return _MARK.sub(" ", text) if "[" in text else text
