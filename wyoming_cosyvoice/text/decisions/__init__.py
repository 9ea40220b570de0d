"""Tables that decide between the readings of what is written, one module a question."""
