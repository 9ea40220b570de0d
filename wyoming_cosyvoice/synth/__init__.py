"""From a sentence to sound: the synthesizer and its interface."""
