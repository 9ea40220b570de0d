"""Clients that leave, programs that are stopped, models that fail."""
