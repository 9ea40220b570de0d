"""The models on this machine, and which one speaks."""
