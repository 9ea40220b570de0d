"""Stage 5, in part: put newly trained networks into a copy of a pack.

    python models/starter/train/repack.py models/starter/pack ~/starter/pack

For where some stages' training states are gone: what the state directory has of flow
and vocoder is exported and converted; all else stays what it is in the pack.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import tokens
from export import export

from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.writer import PackWriter

FILES = {
    "flow": ("flow_encoder", "flow_encoder_positions", "flow_estimator"),
    "hift": ("f0_predictor", "vocoder"),
}
"""The graphs of each stage."""


def repack(pack: Pack, target: Path, state: Path) -> None:
    """Write the pack with the networks that the state has."""
    trained = [stage for stage in FILES if (state / f"state/{stage}.pt").exists()]
    manifest = pack.manifest
    with tempfile.TemporaryDirectory() as scratch:
        release = Path(scratch) / "release"
        export(state, release, list(tokens.speakers()))
        made = convert(release, Path(scratch) / "pack")
        if "flow" in trained:
            manifest = replace(manifest, flow=made.manifest.flow)
        if "hift" in trained:
            manifest = replace(manifest, vocoder=made.manifest.vocoder)
        with PackWriter(target) as writer:
            new = {name for stage in trained for name in FILES[stage]}
            for file in manifest.files:
                path = Path(file.name)
                source = made if path.stem in new else pack
                goal = writer.directory / path
                goal.parent.mkdir(exist_ok=True)
                shutil.copyfile(source.file(file.name), goal)
            writer.finish(manifest)
    print(f"Wrote {target} with the state's {' and '.join(trained) or 'nothing'}.")


def main() -> None:
    """Read the options and write the pack."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    options = parser.parse_args()
    repack(Pack.open(options.pack), options.target, options.state)


if __name__ == "__main__":
    main()
