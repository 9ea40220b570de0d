"""A check of the server with a real Home Assistant; see script/home-assistant-check."""
