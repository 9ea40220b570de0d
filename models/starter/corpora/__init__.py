"""Sentences -> audio, pitch and alignment by the teachers, and speech tokens."""
