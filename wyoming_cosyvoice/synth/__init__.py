"""Speech synthesis: the synthesizer and its interface."""
