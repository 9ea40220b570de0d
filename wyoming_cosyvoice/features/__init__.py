"""A reference recording -> what the networks of a cloned voice get to hear."""
