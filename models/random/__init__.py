"""Releases with seeded random weights, for tests and benchmarks."""
