"""The pack: the contract between the converter and the networks."""
