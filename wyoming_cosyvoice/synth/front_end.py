"""The front end of a pack: text -> sentences -> text tokens, without networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.rising import CONTOURS, Rise
from wyoming_cosyvoice.synth.abilities import readable_languages
from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.text.exclamations import is_exclaimed
from wyoming_cosyvoice.text.questions import rises
from wyoming_cosyvoice.text.scripts import ANY_HAN, ANY_KANA
from wyoming_cosyvoice.tokenizer import (
    Stressed,
    open_tokenizer,
    preload,
    preload_japanese,
)
from wyoming_cosyvoice.tokenizer.phonemes import PhonemeTokenizer
from wyoming_cosyvoice.tokenizer.qwen_marks import MARKUP
from wyoming_cosyvoice.voices import Voice, base_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from wyoming_cosyvoice.pack.manifest import Manifest, PackVoice
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.text import Lexicon, Reading, Sentence
    from wyoming_cosyvoice.tokenizer import Tokenizer
    from wyoming_cosyvoice.tokenizer.read_word import TokenSpan

# Text tokens of the longest sentence. A byte pair is a syllable or a word: about 15 s
# of speech. A phoneme unit is a single sound: about 8 s; the starter voice has learned
# from sentences of up to 130.
_LONGEST_TEXT = {
    "whisper-bpe": 80,
    "qwen-bpe-2": 80,
    "qwen-bpe-3": 80,
    "phonemes": 120,
}
# The languages whose questions are known (text/questions.py).
_RISING = ("en", "zh", "yue")


class FrontEnd:
    """Reads text for one pack."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        kind: str,
        lexicon: Lexicon | None = None,
        sounds: tuple[str, ...] = (),
    ) -> None:
        self.tokenizer = tokenizer
        self._kind = kind
        self._max_tokens = _LONGEST_TEXT[kind]
        self._languages = (
            tokenizer.languages
            if isinstance(tokenizer, PhonemeTokenizer)
            else readable_languages(kind)
        )
        self._lexicon = lexicon
        self._sounds = sounds
        self._prepared: set[str] = set()

    @classmethod
    def open(cls, pack: Pack, lexicon: Lexicon | None = None) -> Self:
        """Open the tokenizer of a pack, without its networks.

        Raises: ModelCorrupt, ModelUnsupported.
        """
        settings = pack.manifest.tokenizer
        file = None if settings.file is None else pack.file(settings.file)
        tokenizer = open_tokenizer(settings.kind, file)
        if tokenizer.vocabulary_size != settings.tokens:
            raise ModelUnsupported(
                f"The tokenizer has {tokenizer.vocabulary_size} tokens, the model of "
                f"{pack.manifest.name} {settings.tokens}.",
                remedy="Convert the model again with this version.",
            )
        # The manifests of older packs do not name the sounds.
        return cls(
            tokenizer, settings.kind, lexicon, settings.sounds or tokenizer.sounds
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the model speaks."""
        return self._languages

    def reader(
        self,
        *,
        text_format: str = "text",
        voice: Voice | None = None,
        language: str | None = None,
        reads_ahead: bool = False,
        on_reading: Callable[[Reading], None] | None = None,
    ) -> SentenceReader:
        """Return a reader for the text of one request; voice and language are hints.

        With ``reads_ahead`` it may begin sentences before they are complete.
        ``on_reading`` is called with the result of each step for each written sentence.
        """
        tags = voice.languages if voice is not None else ()
        spoken = base_language(tags[0]) if tags else None
        return SentenceReader(
            count_tokens=lambda text: self.tokenizer.count(text, spoken or "zh"),
            text_format=text_format,
            voice_language=spoken,
            request_language=language,
            languages=self._languages,
            lexicon=self._lexicon,
            max_tokens=self._max_tokens,
            sounds=self._sounds,
            reads_phones=self.tokenizer.reads_phones,
            reads_ahead=self._read_ahead_languages if reads_ahead else (),
            on_reading=on_reading,
        )

    @property
    def _read_ahead_languages(self) -> tuple[str, ...]:
        """The languages in which the first words do not depend on the following ones.

        The Japanese of CosyVoice3 does: it is written in katakana, as it is pronounced.
        """
        writes_katakana = self._kind == "qwen-bpe-3"
        return tuple(
            name for name in self._languages if not (writes_katakana and name == "ja")
        )

    def trained_language(self, sentence: Sentence) -> str:
        """Return the language whose networks say a sentence: kana are Japanese."""
        if "ja" in self._languages and ANY_KANA.search(sentence.spoken):
            return "ja"
        return sentence.language

    def warm_up(self) -> None:
        """Load in the background what the first sentence would wait for."""
        preload(self._kind)

    def prepare(self, language: str) -> None:
        """Load in the background, once, what only one language needs."""
        if language in self._prepared or language not in self._languages:
            return
        self._prepared.add(language)
        if language == "ja":
            preload_japanese(self._kind)

    def text_tokens(self, sentence: Sentence) -> list[int]:
        """Return the text tokens of a sentence."""
        return self.tokenizer.encode(sentence.spoken, sentence.language)

    def rise(self, sentence: Sentence, text_tokens: Sequence[int]) -> Rise | None:
        """Return the rise at the end of a question; None if it has none."""
        if sentence.language not in _RISING or not rises(sentence.source):
            return None
        if not isinstance(self.tokenizer, Stressed):
            return None
        place = self.tokenizer.last_stress(text_tokens)
        contour = CONTOURS["zh" if ANY_HAN.search(sentence.spoken) else "en"]
        return None if place is None else Rise(contour, place)

    def is_exclaimed(self, sentence: Sentence) -> bool:
        """Whether the voice must show that a sentence is an exclamation.

        Models that read the mark itself do so on their own. Not in Mandarin, where it
        cost more in sound than it gave (models/starter/TRAINING.md).
        """
        if sentence.language != "en" or not isinstance(self.tokenizer, Stressed):
            return False
        return is_exclaimed(sentence.source)

    def spans(self, sentence: Sentence) -> list[TokenSpan]:
        """Return the text tokens of each word of a sentence."""
        return self.tokenizer.spans(sentence.spoken, sentence.language)


def pack_voices(manifest: Manifest) -> tuple[Voice, ...]:
    """Return the voices of a pack as clients see them."""
    kind = manifest.tokenizer.kind
    return tuple(
        Voice(
            id=voice.id,
            speaker=voice.speaker,
            name=voice.name,
            description=voice.description,
            languages=(*voice.languages, *_later_languages(voice, kind)),
        )
        for voice in manifest.voices
    )


def spoken_languages(manifest: Manifest) -> tuple[str, ...]:
    """Return what the voices of a pack speak, without regions."""
    tags = (tag for voice in pack_voices(manifest) for tag in voice.languages)
    return tuple(dict.fromkeys(map(base_language, tags)))


def _later_languages(voice: PackVoice, tokenizer: str) -> list[str]:
    """Return what a voice speaks beyond the list of a pack that was made before.

    With CosyVoice2 and 3, a voice of several languages speaks all of its model's.
    """
    known = {base_language(tag) for tag in voice.languages}
    if tokenizer not in MARKUP or len(known) == 1:
        return []
    return [name for name in readable_languages(tokenizer) if name not in known]
