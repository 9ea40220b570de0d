"""The machine that the program runs on: processor and memory."""
