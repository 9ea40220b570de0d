"""Write the spoons of Korean recipes as words: 1T is 1큰술, 1/4t 1/4작은술."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.patterns import any_of, pattern

_SPOONS = {"T": "큰술", "t": "작은술"}
_NUMBER = r"[0-9]/[0-9]|[0-9]\.[0-9]{1,2}|[1-9]"
_SPOON = pattern(
    rf"(?<![0-9.,A-Za-z])(?P<n>{_NUMBER})\s?(?P<letter>[tT])"
    r"(?:(?P<particle>[를가는와])(?![가-힣]))?(?![A-Za-z0-9])"
)
_PARTICLES = {"를": "을", "가": "이", "는": "은", "와": "과"}
_KITCHEN = pattern(
    any_of("""
        소금 설탕 간장 고추장 된장 고춧가루 후추 참기름 들기름 식초 마늘 생강 올리고당 물엿 맛술 미림 식용유 올리브유 버터 전분
        밀가루 베이킹 이스트 시럽 꿀 케첩 마요네즈 소스 액젓 통깨 깨소금 카레 레몬즙 육수 가루 조청 매실청 다시다 요리
        올리브 치즈 다진 양념 반죽 넣고\\s.{0,6}섞 넣어\\s?섞 뿌려 두르고 볶아 볶다가 끓여 버무 무쳐 재워 절여 =\\s?15\\s?ml
    """)
)
"""What is measured with spoons; of other things t is a ton and T a tera."""
_NO_KITCHEN = pattern(
    any_of("하드 디스크 SSD HDD 외장 용량 메모리 서버 트럭 화물 크레인 데이터")
)


def say_spoons(text: str, changes: list[Token]) -> str:
    """Return ``text`` with the spoons of a recipe in words; add them to ``changes``."""
    if "t" not in text and "T" not in text:
        return text
    is_kitchen = _SPOON.search(text) and _KITCHEN.search(text)
    if not is_kitchen or _NO_KITCHEN.search(text):
        return text

    def replace(spoon: re.Match[str]) -> str:
        particle = _PARTICLES.get(spoon["particle"], "")
        said = spoon["n"] + _SPOONS[spoon["letter"]] + particle
        changes.append(Token("spoon", spoon.group(), said))
        return said

    return _SPOON.sub(replace, text)
