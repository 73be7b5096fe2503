"""The map: what builds on what, with the learner's mastery on every node."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from concepts.domain.graph_layout import layers_with_bends
from concepts.models import Concept, Topic
from mlprep.curriculum.topics import topic_rows
from mlprep.shared.htmx import render_page
from progress.models import User
from progress.standing import standing_of

WIDTH, HEIGHT = 168, 46
GAP_X, GAP_Y = 22, 52
BEND_WIDTH = 10
MARGIN = 8
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the map: where it stands, where it leads, how well it is known (0 to 1)."""

    title: str
    code: str
    url: str
    mastery: float
    x: float
    y: float
    needs: Sequence[str]

    @property
    def level(self) -> int:
        """The step of the mastery ramp, 0 to 4."""
        return min(LEVELS - 1, int(self.mastery * LEVELS))

    @property
    def percent(self) -> int:
        return round(100 * self.mastery)

    @property
    def lines(self) -> list[str]:
        """The title in at most two lines that fit."""
        return _wrapped(self.title)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map."""

    places: list[Place]
    lines: list[str]
    width: float
    height: float


@require_safe
def concept_map(request: HttpRequest) -> HttpResponse:
    """Topics, or concepts (`?show=concepts`), as a graph and as a list."""
    shows_concepts = request.GET.get("show") == "concepts"
    learner = request.user if isinstance(request.user, User) else None
    drawing = _concepts(learner) if shows_concepts else _topics(learner)
    context = {"drawing": drawing, "shows_concepts": shows_concepts, "node": {"width": WIDTH, "height": HEIGHT}}
    return render_page(request, "curriculum/map.html", context, fragment="map")


def _topics(learner: User | None) -> Drawing:
    rows = {row.topic.slug: row for row in topic_rows(learner)}
    pairs = Topic.prerequisites.through.objects.values_list("from_topic__slug", "to_topic__slug")
    needs: dict[str, list[str]] = {slug: [] for slug in rows}
    for slug, before in pairs:
        if slug in needs:
            needs[slug].append(before)
    return _draw(
        needs,
        {
            slug: (row.topic.title, str(row.topic.number), row.topic.get_absolute_url(), row.percent / 100)
            for slug, row in rows.items()
        },
    )


def _concepts(learner: User | None) -> Drawing:
    concepts = list(Concept.objects.as_list())
    standings = standing_of(learner, concepts) if learner else {}
    codes = {concept.pk: concept.code for concept in concepts}
    needs: dict[str, list[str]] = {concept.code: [] for concept in concepts}
    for after, before in Concept.prerequisites.through.objects.values_list("from_concept_id", "to_concept_id"):
        needs[codes[after]].append(codes[before])
    return _draw(
        needs,
        {
            c.code: (c.name, c.code, c.get_absolute_url(), standings[c.pk].mastery if standings else 0.0)
            for c in concepts
        },
    )


def _draw(needs: Mapping[str, Sequence[str]], facts: Mapping[str, tuple[str, str, str, float]]) -> Drawing:
    layers, chains = layers_with_bends(needs)
    wide = max((_length(layer, facts) for layer in layers), default=0.0)
    places: dict[str, Place] = {}
    middles: dict[str, tuple[float, float]] = {}
    for row, layer in enumerate(layers):
        x, y = MARGIN + (wide - _length(layer, facts)) / 2, MARGIN + row * (HEIGHT + GAP_Y)
        for node in layer:
            own = WIDTH if node in facts else BEND_WIDTH
            middles[node] = (x + own / 2, y)
            if node in facts:
                places[node] = Place(*facts[node], x, y, [facts[other][0] for other in needs[node] if other in facts])
            x += own + GAP_X
    lines = [_line([middles[node] for node in chain]) for chain in chains]
    return Drawing(list(places.values()), lines, wide + 2 * MARGIN, 2 * MARGIN + len(layers) * (HEIGHT + GAP_Y) - GAP_Y)


def _length(layer: Sequence[str], facts: Mapping[str, object]) -> float:
    return sum((WIDTH if node in facts else BEND_WIDTH) + GAP_X for node in layer) - GAP_X


def _line(points: Sequence[tuple[float, float]]) -> str:
    """An SVG path down from the first node's lower edge, through the bends, to the last one's upper edge."""
    x, y = points[0]
    path = f"M{x:.1f} {y + HEIGHT:.1f}"
    y += HEIGHT
    for at, (to_x, to_y) in enumerate(points[1:], start=2):
        half = (to_y - y) / 2
        path += f"C{x:.1f} {y + half:.1f} {to_x:.1f} {to_y - half:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
        if at < len(points):
            path += f"V{y + HEIGHT:.1f}"
            y += HEIGHT
    return path


def _wrapped(title: str, length: int = 21) -> list[str]:
    lines = [""]
    for word in title.replace("/", "/ ").split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > length:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{' '.join(lines[1:])[: length - 1]}…"]
    return [line.replace("/ ", "/") for line in lines]
