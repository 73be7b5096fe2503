"""`manage.py draw_pictures`: the topics' figures and diagrams to SVG, kept beside their sources (`make diagrams`)."""

import importlib.util
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concepts.curriculum.drawing import (
    diagram_digest,
    diagram_path,
    figure_digest,
    figure_path,
    stale_diagrams,
    stale_figures,
    write_drawing,
)

MAX_FIGURE = 60_000
_COLOURS = {
    "light": {"paper": "#ffffff", "ink": "#16191f", "edge": "#848c99", "node": "#e9edfb", "border": "#2747b8"},
    "dark": {"paper": "#1a1d21", "ink": "#e8eaee", "edge": "#8b94a3", "node": "#1e2740", "border": "#9db2ff"},
}
_SCRIPT = """async ([source, colours]) => {
  mermaid.initialize({
    startOnLoad: false, securityLevel: "strict", theme: "base", htmlLabels: false,
    flowchart: { htmlLabels: false, padding: 14, nodeSpacing: 34, rankSpacing: 38, useMaxWidth: false },
    fontFamily: "system-ui, sans-serif",
    themeVariables: {
      background: colours.paper, primaryColor: colours.node, primaryTextColor: colours.ink,
      primaryBorderColor: colours.border, lineColor: colours.edge, textColor: colours.ink,
      edgeLabelBackground: colours.paper, clusterBkg: colours.paper, clusterBorder: colours.edge,
      tertiaryColor: colours.paper, fontSize: "15px",
    },
  });
  return (await mermaid.render("drawing", source)).svg;
}"""


class Command(BaseCommand):
    help = "Draw the topics' pictures that are missing or older than their sources (diagrams need Chromium)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mermaid", type=Path, required=True, help="mermaid.min.js")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.LIBRARY_DIR)
        figures, diagrams = list(stale_figures(root)), list(stale_diagrams(root))
        for folder, name in figures:
            write_drawing(figure_path(folder, name), _figure(folder, name), figure_digest(folder))
        if diagrams:
            _draw_diagrams(diagrams, options["mermaid"])
        self.stdout.write(self.style.SUCCESS(f"{len(figures)} figures and {len(diagrams)} diagrams drawn"))


def _figure(folder: Path, name: str) -> str:
    """The figure as SVG. The library is part of the program: its code is trusted as the program's own is."""
    spec = importlib.util.spec_from_file_location(f"figures_of_{folder.name}", folder / "figures.py")
    if spec is None or spec.loader is None:
        raise CommandError(f"{folder}/figures.py cannot be run")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    svg = str(getattr(module, name)().svg())
    if len(svg) > MAX_FIGURE:
        raise CommandError(f"{folder}/figures.py: {name} is {len(svg)} characters of SVG; {MAX_FIGURE} are allowed")
    return svg


def _draw_diagrams(wanted: list[tuple[Path, str]], mermaid: Path) -> None:
    # A tool of the development environment alone.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        page = browser.new_page()
        page.add_script_tag(path=mermaid)
        for source, theme in wanted:
            svg = page.evaluate(_SCRIPT, [source.read_text(encoding="utf-8"), _COLOURS[theme]])
            write_drawing(diagram_path(source, theme), svg, diagram_digest(source))
        browser.close()
