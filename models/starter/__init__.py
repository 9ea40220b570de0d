"""The starter voice: corpora, networks, training and release (see README.md)."""
