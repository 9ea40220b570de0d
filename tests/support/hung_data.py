"""The program with a data folder that does not answer, its argument.

The waits are shortened, as they need not be long here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.hanging import hanging
from wyoming_cosyvoice.cli import main, serve
from wyoming_cosyvoice.text import lexicon
from wyoming_cosyvoice.user_voices import loader

if __name__ == "__main__":
    serve._TIME_LIMIT_S = lexicon._TIME_LIMIT_S = loader._TIME_LIMIT_S = 0.2
    folder = Path(sys.argv[1])
    addresses = ("--uri", "tcp://127.0.0.1:0", "--http", "127.0.0.1:0")
    with hanging(folder):
        sys.exit(main(["serve", *addresses, "--data-dir", str(folder)]))
