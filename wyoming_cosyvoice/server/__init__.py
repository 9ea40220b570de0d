"""The servers for Wyoming and HTTP. They never run networks."""
