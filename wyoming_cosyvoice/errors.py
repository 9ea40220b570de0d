"""The exception tree.

    CosyVoiceError
      ConfigError          a flag, file or option is wrong          exit 2
        UnusableFile
          FolderUnreachable
      ModelError           a model pack cannot be used              exit 3
        ModelNotFound
        ModelCorrupt
        ModelUnsupported
      CheckpointError      a released checkpoint cannot be read     exit 3
        UnsafeCheckpoint
        MalformedCheckpoint
      DownloadError        fetching files failed                    exit 4
      ProtocolError        the peer broke the framing               closes it
        FrameTooLarge
      RequestError         the request cannot be served as asked    `error`, HTTP 4xx
        TextTooLong
        VoiceNotFound
        LanguageNotSpoken
        BadParameter
        BadRecording       a recording cannot be used            exit 2, HTTP 422
        UnknownModel
        Conflict
      Busy                 too many requests are waiting            `error`, HTTP 503
      SynthesisError       a stage failed: our fault                `error`, HTTP 500
        SynthesisTimeout
      EngineLost           the worker hangs or has crashed          exit 5
      ServerUnreachable    a health check failed                    exit 6
    SynthesisCancelled     control flow, never shown to users

The class states who is at fault. ``code`` is stable: clients, logs and tests may rely
on it. ``remedy`` is one sentence with the solution, shown after the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class CosyVoiceError(Exception):
    """An error with a stable code, a message and an optional remedy."""

    code: ClassVar[str] = "internal-error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


class ConfigError(CosyVoiceError):
    """A flag, a variable or a setting is not valid."""

    code = "bad-config"
    exit_code = 2


class UnusableFile(ConfigError):
    """A file is not regular, too large, outside its folder, or cannot be read."""

    code = "unusable-file"
    http_status = 503


class FolderUnreachable(UnusableFile):
    """A folder does not answer in time; it may be back later."""


class ModelError(CosyVoiceError):
    """A model pack cannot be used."""

    code = "model-error"
    http_status = 503
    exit_code = 3


class ModelNotFound(ModelError):
    """There is no model pack at this path or of this name."""

    code = "model-not-found"


class ModelCorrupt(ModelError):
    """A file of the pack is missing, damaged or does not match the manifest."""

    code = "model-corrupt"


class ModelUnsupported(ModelError):
    """The pack is valid, but this version or this mode does not support it."""

    code = "model-unsupported"
    http_status = 409


class CheckpointError(CosyVoiceError):
    """A released checkpoint cannot be read."""

    code = "checkpoint-error"
    exit_code = 3


class UnsafeCheckpoint(CheckpointError):
    """A checkpoint requests more than data, such as a call of a function."""

    code = "unsafe-checkpoint"


class MalformedCheckpoint(CheckpointError):
    """A checkpoint is damaged, or does not contain the tensors of its network."""

    code = "malformed-checkpoint"


class DownloadError(CosyVoiceError):
    """A download failed; ``retryable`` states whether another attempt may help.

    ``status`` is the HTTP status, 0 without a response.
    """

    code = "download-failed"
    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        retryable: bool = False,
        status: int = 0,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.retryable = retryable
        self.status = status


class ProtocolError(CosyVoiceError):
    """The peer sent bytes that are not a Wyoming frame."""

    code = "protocol-error"


class FrameTooLarge(ProtocolError):
    """The peer declared or sent more than a limit allows."""

    code = "frame-too-large"


class RequestError(CosyVoiceError):
    """The request is valid, but cannot be served."""

    code = "bad-request"
    http_status = 400


class TextTooLong(RequestError):
    """The text of a request exceeds the limit."""

    code = "text-too-long"
    http_status = 413


class VoiceNotFound(RequestError):
    """There is no voice of that name."""

    code = "voice-not-found"
    http_status = 404


class LanguageNotSpoken(RequestError):
    """The model cannot read the language of a text.

    ``written`` and ``spoken`` are names of languages, such as Japanese; ``written`` may
    have names of scripts.
    """

    code = "language-not-spoken"

    def __init__(self, written: Sequence[str], spoken: Sequence[str]) -> None:
        super().__init__(
            f"The model speaks {_join(spoken)}; it cannot read {_join(written)}.",
            remedy=f"CosyVoice-300M-SFT speaks {_join(_OFFERED)}: choose it on the web "
            "page under Models, with the add-on's option model, or with "
            "`wyoming-cosyvoice fetch cosyvoice-300m-sft`."
            if set(written) & set(_OFFERED)
            else f"No model of this program can: they speak {_join(_OFFERED)}.",
        )


_OFFERED = ("Chinese", "English", "Japanese", "Cantonese", "Korean")


def _join(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


class BadParameter(RequestError):
    """A field of the request has the wrong type or is out of its range."""

    code = "bad-parameter"

    def __init__(self, message: str, *, field: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.field = field


class BadRecording(RequestError):
    """A reference recording cannot be used for cloning."""

    code = "bad-recording"
    exit_code = 2
    http_status = 422


class UnknownModel(RequestError):
    """There is no installed or downloadable model of that name."""

    code = "unknown-model"
    http_status = 404


class Conflict(RequestError):
    """The request conflicts with a running operation."""

    code = "conflict"
    http_status = 409


class Busy(CosyVoiceError):
    """Too many requests are waiting, or one waited too long."""

    code = "busy"
    http_status = 503

    def __init__(
        self, message: str, *, remedy: str = "", retry_after_s: float = 5.0
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after_s = retry_after_s


class SynthesisError(CosyVoiceError):
    """A stage of the pipeline failed or returned invalid audio."""

    code = "synthesis-failed"


class SynthesisTimeout(SynthesisError):
    """A sentence took longer than its deadline."""

    code = "synthesis-timeout"
    http_status = 504


class EngineLost(CosyVoiceError):
    """The worker hangs or has crashed; only a restart helps."""

    code = "engine-lost"
    http_status = 503
    exit_code = 5


class ServerUnreachable(CosyVoiceError):
    """No Wyoming server with a voice responds at the address."""

    code = "server-unreachable"
    exit_code = 6


class SynthesisCancelled(Exception):
    """The client left; raised inside the pipeline and never shown to users."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to a misspelt one; None if none is similar.

    Letter case does not count.
    """
    # Imported here: needed only for errors.
    import difflib  # noqa: PLC0415

    by_folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None
