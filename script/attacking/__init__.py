"""Attacks of our own; each module is one kind and runs alone."""
