"""Read Japanese: kanji and kana -> how they are pronounced, word by word."""

from wyoming_cosyvoice.tokenizer.japanese.reader import katakana, words

__all__ = ["katakana", "words"]
