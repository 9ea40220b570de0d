"""Audio processing after the model: a chain of stages, then a file format.

    chain = Chain(config, model_rate_hz)        # one per request, in the worker
    chain.process(samples) ... chain.finish()

    resampler = Resampler(model_rate_hz, wanted_rate_hz)     # for files over HTTP
    encoder = Encoder(FORMATS["mp3"], wanted_rate_hz)

Every stage is streaming, and its output does not depend on how the samples are split.
Nothing is imported here: Wyoming needs no audio file libraries.
"""
