"""Input that was made to do harm."""
