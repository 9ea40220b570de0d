"""Trained weights -> a release in the official layout -> a pack, and back."""
