"""All settings in one table: flags that variables and a file can set as well.

``--threads 2`` wins over ``WYOMING_COSYVOICE_THREADS=2``, which wins over
``threads = 2`` in the file of ``--config``, which wins over the default.
An empty variable counts as unset: containers pass unset variables as empty ones.
"""

from __future__ import annotations

from operator import itemgetter

from wyoming_cosyvoice.cli import values
from wyoming_cosyvoice.cli.setting import Setting
from wyoming_cosyvoice.config import (
    HUBS,
    LOUDNESS_RANGE,
    SPEED_RANGE,
    HttpConfig,
    ServerConfig,
)
from wyoming_cosyvoice.model.device import DEVICES
from wyoming_cosyvoice.model.quality import QUALITIES
from wyoming_cosyvoice.pack.settings import Precision

LOG_LEVELS = ("debug", "info", "warning", "error")
MAX_THREADS = 256

_DEFAULT_URI = ServerConfig().uri
_SLOWEST, _FASTEST = SPEED_RANGE
_SOFTEST, _LOUDEST = LOUDNESS_RANGE


TABLE = (
    Setting(
        "uri",
        "server.uri",
        values.uri,
        "URI",
        "where the server listens: tcp://HOST:PORT, unix://PATH or stdio:// "
        f"(default {_DEFAULT_URI}, for this machine only; 0.0.0.0 is for all)",
        # Clients would not find another address, and it may be open to more of them.
        is_fatal=True,
        brief="where to listen, such as tcp://0.0.0.0:10200",
    ),
    Setting(
        "model",
        "model.name",
        str,
        "MODEL",
        "folder of a model, or the name of one in DATA_DIR/models "
        "(default: the one chosen last, the only one, or the starter)",
        asked=("model.is_required",),
        brief="folder or name of a model (see: models)",
    ),
    Setting(
        "precision",
        "model.precision",
        values.one_of(*Precision),
        "|".join(Precision),
        "precision of the model to use or to download: int8, int4 for machines with "
        "2 GB of memory, fp16 for a --device, fp32 for comparisons (default: the "
        "installed one, else int8)",
        brief="int8, int4 for 2 GB of memory, or fp32",
    ),
    Setting(
        "data_dir",
        "data_dir",
        values.folder,
        "DIR",
        "folder of models and of lexicon.txt "
        "(default ~/.local/share/wyoming-cosyvoice)",
    ),
    Setting(
        "voice",
        "speech.voice",
        str,
        "VOICE",
        "voice for requests that do not name one (default: chosen by language)",
        brief="voice to speak with (see: voices)",
    ),
    Setting(
        "language",
        "speech.language",
        values.language,
        "TAG",
        "language of ambiguous texts such as 12 or 今日, for requests that do not name "
        "one: zh, en, ja, yue or ko, with CosyVoice3 also de, es, fr, it or ru "
        "(default: that of the voice or of the text before)",
        brief="zh, en, ja, yue, ko and others, for texts such as 12",
    ),
    Setting(
        "threads",
        "model.threads",
        values.whole(1, MAX_THREADS),
        "N",
        "number of compute threads (default: one for a small model, else one per core, "
        "at most four)",
    ),
    Setting(
        "device",
        "model.device",
        values.one_of(*DEVICES),
        "|".join(DEVICES),
        "where flow and vocoder of a 300M model are computed: auto takes a GPU where "
        "one can be used; all but cpu need a model in fp16 or fp32 (default auto)",
    ),
    Setting(
        "speed",
        "speech.speed",
        values.real(_SLOWEST, _FASTEST),
        "SPEED",
        f"{_SLOWEST} (half as fast) to {_FASTEST} (twice as fast); default 1.0",
        brief="0.5 (slow) to 2.0 (fast)",
    ),
    Setting(
        "instruct",
        "speech.instruct",
        str,
        "TEXT",
        "how to speak, for requests that do not say it: a dialect with CosyVoice2 and "
        "3 (请用四川话表达。), a style in English with CosyVoice-300M-Instruct; other "
        "models ignore it",
        brief="such as 请用四川话表达。 with CosyVoice2 and 3",
    ),
    Setting(
        "quality",
        "model.quality",
        values.one_of(*QUALITIES),
        "|".join(QUALITIES),
        "how much work the flow does: balanced half as much as original, fast a third, "
        "each a little less exact (default original)",
    ),
    Setting(
        "steps",
        "model.steps",
        values.whole(1, 100),
        "N",
        "flow steps, 1 to 100, with CosyVoice3 at most 10; fewer are faster and "
        "rougher (default: the model's)",
    ),
    Setting(
        "guidance",
        "model.guidance",
        values.real(0, 10),
        "WEIGHT",
        "weight of guidance, 0 to 10; 0 halves the flow's work (default: the model's)",
    ),
    Setting(
        "streaming",
        "model.streaming",
        values.switch,
        "YES|NO",
        "start to play a sentence before all of it is computed (default yes)",
    ),
    Setting(
        "text_ahead",
        "model.text_ahead",
        values.switch,
        "YES|NO",
        "start to speak streamed text before its sentence is complete, with CosyVoice2 "
        "and 3 (default no)",
    ),
    Setting(
        "zeroconf",
        "server.zeroconf",
        values.service_name,
        "NAME",
        "announce the server on the local network as NAME (default cosyvoice)",
        const="cosyvoice",
        brief="announce the server on the local network",
    ),
    Setting(
        "zeroconf_host",
        "server.zeroconf_host",
        str,
        "HOST",
        "address to announce if clients need another one, such as that of the "
        "container's host (default: the addresses the server listens on)",
    ),
    Setting(
        "zeroconf_port",
        "server.zeroconf_port",
        values.whole(1, 65_535),
        "PORT",
        "port to announce (default: the port the server listens on)",
    ),
    Setting(
        "http",
        "http",
        values.address,
        "HOST:PORT",
        "where the web page and the HTTP API listen "
        f"(default {HttpConfig().host}:{HttpConfig().port})",
        spread={"http.host": itemgetter(0), "http.port": itemgetter(1)},
        asked=("http.is_required",),
        brief="where the web page is (default 127.0.0.1:8080)",
    ),
    Setting(
        "http_token",
        "http.token",
        str,
        "TOKEN",
        "Bearer token that HTTP clients must send (default: none)",
    ),
    Setting(
        "http_name",
        "http.names",
        values.host_names,
        "NAME,...",
        "host names that browsers may use for this machine, besides its addresses and "
        "names without a dot or under .local, .lan, .internal, .home.arpa, .localhost "
        "and .fritz.box",
    ),
    Setting(
        "http_origin",
        "http.origins",
        values.origins,
        "URL,...",
        "other web pages that may use the HTTP API (default: none)",
    ),
    Setting(
        "http_ingress",
        "http.ingress",
        str,
        "ADDRESS",
        "address of Home Assistant's ingress proxy, which needs no token; others are "
        "then refused unless --http-token is set",
    ),
    Setting(
        "sound",
        "sound",
        values.sound,
        "WORDS",
        "processing of the sound, separated by commas: trim (silence at both ends), "
        "compress (smaller loudness range), denoise (quieter pauses), smooth (less "
        "hiss); or none (default trim). lead=S and tail=S add S seconds of silence "
        "before and after, pause=S sets the pause between sentences: lead=0.5 helps "
        "with loudspeakers that swallow the first word",
    ),
    Setting(
        "loudness",
        "sound.loudness_lufs",
        values.loudness,
        "LUFS|off",
        f"bring all voices to one loudness, from {_SOFTEST:g} (soft) to {_LOUDEST:g} "
        "LUFS (loud; -18 suits most loudspeakers); default off, as the model speaks",
        spread={"sound.loudness_lufs": lambda lufs: lufs or None},
    ),
    Setting(
        "hub",
        "hub",
        values.one_of(*HUBS),
        "|".join(HUBS),
        "where models are downloaded from; the other is tried if it cannot be reached "
        f"(default {HUBS[0]}; HF_ENDPOINT names a mirror of it)",
        brief="huggingface or modelscope",
    ),
    Setting(
        "log_level",
        "log_level",
        values.one_of(*LOG_LEVELS),
        "LEVEL",
        f"how much to log: {', '.join(LOG_LEVELS)} (--debug is short for the first)",
    ),
)
