"""How fast, how large and how exact a model is: what ``wyoming-cosyvoice bench`` says.

``stages`` times the networks of one sentence, ``footprint`` loads and speaks in a fresh
process to see time and memory, ``accuracy`` compares two precisions of one model, and
``report`` makes tables of it all.
"""
