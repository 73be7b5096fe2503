"""What there is to learn."""
