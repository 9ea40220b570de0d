"""What happens to samples after the model: a chain of stages, then a file format.

    chain = Chain(config, model_rate_hz, wanted_rate_hz)
    encoder = Encoder(FORMATS["mp3"], wanted_rate_hz)
    encoder.encode(chain.process(samples)) ... encoder.encode(chain.finish()), finish()

Everything works while samples still come, and gives the same whatever their pieces.
"""

from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.encoder import FORMATS, Encoder, Format

__all__ = ["FORMATS", "Chain", "Encoder", "Format"]
