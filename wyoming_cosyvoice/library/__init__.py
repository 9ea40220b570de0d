"""The models on this machine: list, open and switch them."""
