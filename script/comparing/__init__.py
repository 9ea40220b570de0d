"""Compare the speed of two versions of the program on one machine, in turn."""
