"""Judges of the starter voice: words, sound, prosody, speed."""
