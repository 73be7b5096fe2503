"""The pages of the course: topics with reading progress and exercises, guides, and the map of what builds on what."""
