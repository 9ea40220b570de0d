"""A reference recording -> input features of the cloning networks."""
