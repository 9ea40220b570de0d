"""Sentences for the teachers to read: templates, and what is cut out of files."""
