"""Take faces of signs and letters out of a text: (´・ω・`), (^_^), m(_ _)m, orz.

They are found before characters are folded: their letters and accents mean nothing.
A bracket is a face if all in it is eyes, mouths and the few letters that faces have.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

_EYES = "+\\^＾´｀`￣¯≧≦><;；･・•°゜ﾟ*＊'~～=＝●○◕⊙◉ಠಥ╥｡☆★♡≡_＿\\-"
_MOUTHS = "▽▼∇∀ДдωεзσﾛロД‿ᴥ益皿艸□﹏︿◡△､、,.。/|｜\\\\＼\u0300-\u036f"
_LETTERS = "oO3vVДㅠㅜㅡㅇㅎツづノﾉ@♪♫✧╬╯╰ \u3000"
_STRONG = "\\^＾´｀￣¯≧≦･・•゜ﾟ◕⊙◉ಠಥ╥｡_＿▽∀Дωε益皿艸□﹏︿◡ᴥ‿><°"
_BODY = f"[{_EYES}{_MOUTHS}{_LETTERS}]{{2,16}}"
_ANY = "[^()（）]{0,12}"
_HAS_MOUTH = rf"(?={_ANY}[{_STRONG}]{_ANY}[{_EYES}{_MOUTHS}])"
_HAS_EYES = rf"(?={_ANY}[{_EYES}]{_ANY}[{_EYES}ツ])"
_BRACKET = rf"[(（]{_HAS_MOUTH}{_HAS_EYES}{_BODY}[)）]"
_TWIN = r"[(（]([TtoOxXQqUuㅠㅜㅡㅎ@])[_＿.\-ωДд∀▽ε]{1,3}\1[;；]?[)）]"
_ARM_BEFORE = r"(?:[ヽヾ＼\\╰٩乁┐ლ୧ฅ┗ᕙ凸щσψ]{1,2}|(?<![A-Za-z])[mo])?"
_SIGN_BEHIND = r"[ノﾉ/／\\＼۶╯づ٩┌┘ฅ୨︵┻━彡゛ゞ\s]{1,9}(?![A-Za-z0-9ぁ-ゖァ-ヺ])"
_LETTER_BEHIND = r"[っつmo](?![A-Za-z0-9ぁ-ゖァ-ヺ一-鿿])"
_FACE = pattern(
    rf"{_ARM_BEFORE}(?:{_BRACKET}|{_TWIN}|[(（]ง[^()（）]{{1,8}}[)）])"
    rf"(?:[งﾉノ]|{_SIGN_BEHIND}|{_LETTER_BEHIND})?"
)
_SHRUG = pattern(r"¯\\{0,3}_?\(ツ\)_?/¯")
_BARE = pattern(
    r"(?<![A-Za-z0-9_./])(?:T[_^∀]T|Q[_Aω]Q|;_;|o_O|O_o|orz|OTZ|ʕ[•·]ᴥ[•·]ʔ|([ಥಠㅠㅡ])_\1)"
    r"(?![A-Za-z0-9_/])"
)
_MAY_BE_BRACKET = pattern(
    rf"[(（][^()（）\n]{{0,16}}[{_EYES}][^()（）\n]{{0,16}}[)）]|ツ|\(ง"
)
_MAY_BE_BARE = pattern("[QTOoㅠㅡಥಠ;][_^∀Aω]|orz|OTZ|ʕ")


def drop(text: str) -> str:
    """Return ``text`` without faces; a blank stays in the place of each."""
    if _MAY_BE_BRACKET.search(text):
        text = _FACE.sub(" ", _SHRUG.sub(" ", text))
    return _BARE.sub(" ", text) if _MAY_BE_BARE.search(text) else text
