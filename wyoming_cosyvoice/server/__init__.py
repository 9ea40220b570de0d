"""The servers: connections in, sound out. They never compute."""
