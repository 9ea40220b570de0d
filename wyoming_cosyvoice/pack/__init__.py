"""The model pack: the contract between the converter and the networks."""
