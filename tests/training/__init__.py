"""The training of the starter voice; what needs PyTorch is skipped without it."""
