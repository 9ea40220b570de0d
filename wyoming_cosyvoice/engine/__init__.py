"""One worker, many requests: scheduling between clients and the model."""
