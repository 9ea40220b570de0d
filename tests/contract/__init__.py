"""What clients rely on, over real connections."""
