"""Mock interviews: what they are made of, how one is chosen and rated, and how a drawing becomes SVG."""
