"""Comments on concepts, in Markdown."""
