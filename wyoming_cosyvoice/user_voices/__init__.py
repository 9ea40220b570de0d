"""Voices made from the user's recordings."""
