"""Options and examples of the commands that speak or serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli import values
from wyoming_cosyvoice.cli.command import add_command
from wyoming_cosyvoice.voices import EMOTIONS

if TYPE_CHECKING:
    from wyoming_cosyvoice.cli.command import Commands
    from wyoming_cosyvoice.cli.usage import Parser

_SERVER_SETTINGS = (
    *("uri", "model", "precision", "data_dir", "voice", "language", "threads", "speed"),
    *("instruct", "device", "quality", "steps", "guidance", "streaming", "text_ahead"),
    *("zeroconf", "zeroconf_host", "zeroconf_port"),
    *("http", "http_token", "http_name", "http_origin", "http_ingress"),
    *("sound", "loudness", "hub"),
)
_SPEECH_SETTINGS = (
    *("model", "precision", "data_dir", "voice", "language", "threads", "speed"),
    *("device", "quality", "steps", "guidance", "streaming", "sound", "loudness"),
)


def add_serve(commands: Commands) -> None:
    """Add ``serve``."""
    parser = add_command(
        commands,
        "serve",
        "serve Home Assistant, the web page and the HTTP API",
        settings=_SERVER_SETTINGS,
        examples=(
            "serve",
            "serve --uri tcp://0.0.0.0:10200 --http 0.0.0.0:8080",
            "serve --model cosyvoice-300m-sft",
        ),
        log_level="info",
    )
    parser.add_argument(
        "--no-http", action="store_true", help="disable the web page and the HTTP API"
    )


def add_say(commands: Commands) -> None:
    """Add ``say``."""
    parser = add_command(
        commands,
        "say",
        "speak a text into a file, a pipe or a loudspeaker",
        settings=_SPEECH_SETTINGS,
        examples=(
            'say "Hello there" --output hello.wav',
            "say 你好 --voice heart --play",
            "say -f chapter.txt -o chapter.mp3 --subtitles chapter.srt",
            'say "It is 21.5°C" --explain',
        ),
    )
    _add_text(parser)
    _add_output(parser)
    _add_manner(parser)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="show step by step how the text is read, without speaking",
    )
    parser.brief("--explain", "show how the text is read, without speaking")


def _add_text(parser: Parser) -> None:
    """Add what to say."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "text", metavar="TEXT", nargs="?", help="what to say; - reads standard input"
    )
    what.add_argument("-f", "--file", metavar="FILE", help="text file to say, in UTF-8")
    parser.brief("--file", "text file to say")
    parser.add_argument(
        "--text-format",
        choices=("text", "ssml"),
        default="text",
        help="format of TEXT (default text)",
    )


def _add_output(parser: Parser) -> None:
    """Add where the audio and the subtitles go."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="file to write: .wav, .flac, .mp3, .opus or .ogg; - or no --output writes "
        "WAV to standard output",
    )
    parser.brief("--output", ".wav, .flac, .mp3, .opus or .ogg file to write")
    parser.add_argument(
        "-p",
        "--play",
        action="store_true",
        help="play the sound, with sounddevice, pacat, aplay, play or ffplay",
    )
    parser.brief("--play", "play the sound on this machine")
    parser.add_argument(
        "--subtitles",
        metavar="FILE",
        help="write subtitles with word times, as .srt or .vtt",
    )
    parser.brief("--subtitles", "write subtitles, as .srt or .vtt")


def _add_manner(parser: Parser) -> None:
    """Add the voice of a recording, and how to speak."""
    parser.add_argument(
        "--reference",
        metavar="RECORDING",
        help="speak with the voice of a recording of 3 to 10 seconds; needs a model "
        "that can clone, such as cosyvoice-300m",
    )
    parser.brief("--reference", "recording of a voice to speak with")
    parser.add_argument(
        "--transcript",
        metavar="TEXT",
        help="exact words of the recording; improves the voice",
    )
    _add_seed(parser)
    parser.add_argument(
        "--emotion",
        choices=EMOTIONS,
        help="emotion of the voice: neutral, happy, sad or angry",
    )
    parser.add_argument(
        "--instruct",
        metavar="TEXT",
        help="how to speak; in English for CosyVoice-300M-Instruct, for CosyVoice2 and "
        "3 also in Chinese",
    )


def add_voices(commands: Commands) -> None:
    """Add ``voices``."""
    parser = add_command(
        commands,
        "voices",
        "list the voices of a model",
        settings=("model", "precision", "data_dir"),
        examples=("voices", "voices --model starter --json"),
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_clone(commands: Commands) -> None:
    """Add ``clone``."""
    parser = add_command(
        commands,
        "clone",
        "make a voice from a recording",
        settings=("model", "precision", "data_dir"),
        examples=(
            "clone Grandma grandma.wav",
            'clone Grandma grandma.wav --transcript "Good day."',
        ),
    )
    parser.add_argument("name", metavar="NAME", help="name of the voice")
    parser.add_argument(
        "recording",
        metavar="RECORDING",
        help="3 to 10 seconds of speech, as WAV, FLAC, OGG or MP3",
    )
    parser.add_argument(
        "--transcript",
        metavar="TEXT",
        default="",
        help="exact words of the recording; improves the voice",
    )
    parser.add_argument(
        "--language",
        dest="languages",
        action="append",
        type=values.language,
        metavar="TAG",
        help="language of the recording; repeat it for others that the voice may speak",
    )
    parser.add_argument(
        "--emotion",
        choices=EMOTIONS,
        default="neutral",
        help="emotion of this recording (default neutral)",
    )
    parser.brief("name", "name of the voice")
    parser.brief("recording", "3 to 10 seconds of speech")
    parser.brief("--transcript", "exact words of the recording")
    parser.brief("--language", "language of the recording")
    parser.brief("--emotion", "neutral, happy, sad or angry")


def add_convert_voice(commands: Commands) -> None:
    """Add ``convert-voice``."""
    parser = add_command(
        commands,
        "convert-voice",
        "say the words of a recording in another voice",
        settings=(
            *("model", "precision", "data_dir", "voice", "threads"),
            *("device", "quality", "steps", "guidance", "streaming"),
            *("sound", "loudness"),
        ),
        examples=("convert-voice me.wav grandma.wav --voice grandma",),
    )
    parser.add_argument(
        "recording",
        metavar="IN",
        help="what to say: up to ten minutes of speech, as WAV, FLAC, OGG or "
        "MP3; needs a model that can clone, such as cosyvoice-300m",
    )
    parser.brief("recording", "up to ten minutes of speech")
    parser.add_argument(
        "output",
        metavar="OUT",
        help="file to write: .wav, .flac, .mp3, .opus or .ogg; - writes WAV to "
        "standard output",
    )
    parser.brief("output", ".wav, .flac, .mp3, .opus or .ogg file to write")
    parser.add_argument(
        "--reference",
        metavar="RECORDING",
        help="recording of 3 to 10 seconds of the voice, in place of --voice",
    )
    parser.brief("--reference", "recording of the voice, in place of --voice")
    _add_seed(parser)
    # The transcript of the reference matters only where a text is spoken.
    parser.set_defaults(transcript=None)


def _add_seed(parser: Parser) -> None:
    parser.add_argument(
        "--seed",
        type=values.whole(0, 2**32 - 1),
        metavar="N",
        help="the same seed gives the same sound",
    )


def add_health(commands: Commands) -> None:
    """Add ``health``."""
    parser = add_command(
        commands,
        "health",
        "ask a running server whether it can speak",
        settings=("uri",),
        examples=("health --uri tcp://127.0.0.1:10200",),
    )
    parser.add_argument(
        "--timeout",
        type=values.real(0.1, 3600),
        metavar="S",
        default=5.0,
        help="seconds to wait (default 5)",
    )
