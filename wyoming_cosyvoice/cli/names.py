"""The name by which the program is called."""

PROGRAM = "wyoming-cosyvoice"
