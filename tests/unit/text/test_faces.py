"""Faces of signs and letters are silent; brackets that can be read are not."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.text import faces

FACES = """
(^_^) (´・ω・`) （￣▽￣） (｡･ω･｡)ﾉ m(_ _)m (*^▽^*) (>_<) (；´Д｀) ヽ(´▽`)/ (^^)/ (T_T)
(@_@) (╯°□°)╯︵┻━┻ ¯\\_(ツ)_/¯ (ง•̀_•́)ง T_T QAQ orz ʕ•ᴥ•ʔ ಥ_ಥ (ㅠ_ㅠ) (づ￣3￣)づ (≧∇≦)
"""
READABLE = """
(3) (-3) (>5) (x_1) (a_b) (ω) (θ=30°) (<0°) (1/2) (50%) (x+y) (T) (v=3) T.T. Q&A
(笑) (月) (3-5)
"""


@pytest.mark.parametrize("face", [*FACES.replace("m(_ _)m", "").split(), "m(_ _)m"])
def test_a_face_is_silent(face):
    assert faces.drop(f"好的{face}").strip() == "好的"


@pytest.mark.parametrize("text", READABLE.split())
def test_what_can_be_read_is_no_face(text):
    assert faces.drop(f"f{text}") == f"f{text}"
