"""The networks of the official layout, as they are trained."""
