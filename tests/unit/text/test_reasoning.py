"""Reasoning of a language model is left out, wherever its pieces are cut."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.text.reasoning import ReasoningFilter


def received(pieces):
    reasoning = ReasoningFilter()
    return "".join([*map(reasoning.feed, pieces), reasoning.finish()])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_the_cut_of_the_pieces_does_not_matter(size):
    text = "a < b <think>no\nno < no</think>yes<thinking>no</THINKING> <thin>"
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert received(pieces) == "a < b yes <thin>"


def test_reasoning_without_an_end_is_left_out():
    assert received(["Yes. <think>I wonder ", "whether</thin"]) == "Yes. "


def test_the_next_text_starts_fresh():
    reasoning = ReasoningFilter()
    assert reasoning.feed("<think>no") + reasoning.finish() == ""
    assert reasoning.feed("yes<") + reasoning.finish() == "yes<"
