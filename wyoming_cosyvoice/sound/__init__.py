"""What happens to samples after the model: a chain of stages, then a file format.

    chain = Chain(config, model_rate_hz)        # of every request, in the worker
    chain.process(samples) ... chain.finish()

    resampler = Resampler(model_rate_hz, wanted_rate_hz)     # of files, for HTTP
    encoder = Encoder(FORMATS["mp3"], wanted_rate_hz)

Everything works while samples still come, and gives the same whatever their pieces.
Nothing is imported here: ``say`` and Wyoming need no libraries of file formats.
"""
