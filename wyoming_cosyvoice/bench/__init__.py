"""``bench``: measure the speed, memory and accuracy of a model.

``stages`` times the networks for one sentence, ``footprint`` measures load time and
memory in a new process, ``clients`` serves several clients, ``accuracy`` compares two
precisions of one model, and ``report`` formats the results.
"""
