"""The curriculum: topics with their parts and pictures, and guides."""
