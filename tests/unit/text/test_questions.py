"""Which questions end with a rising voice."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.text.questions import rises

RISING = """
Is it open?
Did you lock the car?
Isn't it late?
And can you hear me?
It's open, isn't it?
You'll be home by six, right?
You left it open?
Really?
Do you know when it starts?
Is there something or anything to eat?
Should I close it or not?
Okay. Is Dr. Smith at home?
“Is it open?”
门开了吗？
门没关好？
你知道他在哪吗？
“灯关了吗？”
你要听 jazz 吗?
好的。要我关灯吗？
"""
FALLING = """
It is open.
When does it start?
What's the weather like?
And at what time?
Hi! How are you?
What time is Dr. Smith coming?
Do you want tea or coffee?
Is it open!
几点了？
这是谁的手机？
为什么灯还亮着？
要不要开灯？
你要茶还是咖啡？
好吧？
你呢？
门开了。
?
"""


@pytest.mark.parametrize("question", RISING.strip().splitlines())
def test_what_yes_or_no_would_answer_rises(question):
    assert rises(question)


@pytest.mark.parametrize("sentence", FALLING.strip().splitlines())
def test_other_sentences_do_not(sentence):
    assert not rises(sentence)
