"""The flow of a checkpoint, written and opened."""

from __future__ import annotations

import numpy as np

from wyoming_cosyvoice.convert.cosyvoice2 import write_upsampling_flow
from wyoming_cosyvoice.convert.cosyvoice3 import write_dit_flow
from wyoming_cosyvoice.convert.graphs.dit import moments
from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.convert.release.configuration import Section
from wyoming_cosyvoice.convert.release.cosyvoice2 import read_upsampling_flow
from wyoming_cosyvoice.convert.release.cosyvoice3 import read_dit_flow
from wyoming_cosyvoice.convert.release.network import Network
from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
from wyoming_cosyvoice.model.flow_encoders import (
    LookAheadEncoder,
    UpsamplingEncoder,
)
from wyoming_cosyvoice.model.time_conditioning import PrecomputedTimes, times
from wyoming_cosyvoice.pack.settings import FlowSettings

FAMILIES = ("cosyvoice2", "cosyvoice3")
UPSTREAM_FLOW = FlowSettings(steps=10, guidance=0.7)
TIME = np.array([0.3], np.float32)


def open_flow(family, directory, pack, stored, **options):
    """Write and open the flow of a checkpoint; return it and what t = 0.3 is to it."""
    checkpoint = directory / "checkpoint"
    section = Section.read(checkpoint / f"{family}.yaml").section("flow")
    with Checkpoint.open(checkpoint / "flow.pt") as opened:
        network = Network(opened)
        if family == "cosyvoice2":
            sizes = read_upsampling_flow(section)
            write_upsampling_flow(network, sizes, pack, stored)
            moment, schedule = TIME, times
            encoder = UpsamplingEncoder(
                pack, threads=2, chunk_tokens=sizes.chunk_tokens
            )
        else:
            sizes = read_dit_flow(section)
            write_dit_flow(network, sizes, pack, stored)
            moment = moments(network, sizes.estimator, TIME)[0]
            encoder, schedule = (
                LookAheadEncoder(pack, threads=2),
                PrecomputedTimes(pack),
            )
        assert not network.unused()
    flow = ChunkedFlow(
        pack,
        threads=2,
        encoder=encoder,
        moments=schedule,
        chunk_tokens=sizes.chunk_tokens,
        look_ahead_tokens=sizes.look_ahead_tokens,
        **options,
    )
    return flow, moment
