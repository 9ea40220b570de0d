"""The vocoder that training reads back from a pack is the one that speaks in it."""

from __future__ import annotations

import subprocess
import sys

from tests.judge.training import TRAIN, slow_and_needing
from wyoming_cosyvoice.library.installed import STARTER_DIR

COMPARE = """
import sys
from pathlib import Path
import numpy as np, torch
from hift import HiftSizes
from restore_hift import restore
from wyoming_cosyvoice.model.draws import SeededDraws
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.model.vocoder import Vocoder

pack = Pack.open(Path(sys.argv[1]))
vocoder = Vocoder(pack.directory, threads=1, settings=pack.manifest.vocoder)
rng = np.random.default_rng(0)
mel = (rng.standard_normal((1, 60, 80)) - 5).astype(np.float32)
draws = SeededDraws(rng).source(len(pack.manifest.vocoder.harmonics), 60 * 256)
source = vocoder.make_source(np.full((1, 60), 200, np.float32), draws)
found = vocoder.filter(mel, source)
with torch.no_grad():
    network = restore(pack.directory, HiftSizes())
    bands = torch.from_numpy(mel).transpose(1, 2)
    exact = network.decode(bands, torch.from_numpy(source)[:, None]).numpy()
print(10 * np.log10(np.square(exact).sum() / np.square(found - exact).sum()))
"""

pytestmark = slow_and_needing("torch", "parselmouth")


def test_it_makes_the_same_samples():
    command = [sys.executable, "-c", COMPARE, str(STARTER_DIR)]
    done = subprocess.run(
        command, cwd=TRAIN, capture_output=True, text=True, check=True
    )
    # What rounding the activations leaves of it.
    assert float(done.stdout) > 25
