"""Sentences -> sound, pitch and alignment of the teachers, and the tokens of these."""
