"""The map: what builds on what, with the learner's mastery on every node."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from concepts.models import Concept, Topic
from mlprep.curriculum.map_drawing import Node, in_a_column, in_layers
from mlprep.curriculum.topics import TopicRow, topic_rows
from mlprep.shared.htmx import render_page
from progress.models import User
from progress.standing import standing_of

VIEWS = {"": "Topics", "concepts": "Concepts", "both": "Topics with their concepts"}


@require_safe
def concept_map(request: HttpRequest) -> HttpResponse:
    """Topics, concepts (`?show=concepts`), or both (`?show=both`), as a graph and as a list."""
    show = request.GET.get("show", "")
    show = show if show in VIEWS else ""
    learner = request.user if isinstance(request.user, User) else None
    concepts = _concept_nodes(learner)
    nodes = concepts if show == "concepts" else _topic_nodes(learner, concepts, with_concepts=show == "both")
    context = {
        "views": VIEWS.items(),
        "show": show,
        "rows": [(node, [nodes[code].title for code in node.needs if code in nodes]) for node in nodes.values()],
        "drawings": [in_layers(nodes), in_a_column(nodes)],
        "others": _in_no_topic(nodes, concepts) if show == "both" else [],
    }
    return render_page(request, "curriculum/map.html", context, fragment="map")


def topic_mastery(concepts: list[float], row: TopicRow) -> float:
    """How well a topic is known, 0 to 1: half its concepts' mean mastery, half the share of its exercises solved.

    What it has not does not count. What was read does not, either: reading shows nothing.
    """
    shares = [sum(concepts) / len(concepts)] if concepts else []
    if row.exercises:
        shares.append(row.solved / row.exercises)
    return sum(shares) / len(shares) if shares else 0.0


def _topic_nodes(learner: User | None, concepts: Mapping[str, Node], *, with_concepts: bool) -> dict[str, Node]:
    rows = {row.topic.slug: row for row in topic_rows(learner)}
    needs = _pairs(Topic.prerequisites.through.objects.values_list("from_topic__slug", "to_topic__slug"))
    taught = _pairs(Topic.concepts.through.objects.order_by("pk").values_list("topic__slug", "concept__code"))
    nodes = {}
    for slug, row in rows.items():
        holds = [concepts[code] for code in taught.get(slug, []) if code in concepts]
        mastery = topic_mastery([concept.mastery for concept in holds], row)
        before = [other for other in needs.get(slug, []) if other in rows]
        address = row.topic.get_absolute_url()
        nodes[slug] = Node(slug, row.topic.title, address, mastery, before, holds if with_concepts else [])
    return nodes


def _concept_nodes(learner: User | None) -> dict[str, Node]:
    concepts = list(Concept.objects.as_list())
    standings = standing_of(learner, concepts) if learner else {}
    needs = _pairs(Concept.prerequisites.through.objects.values_list("from_concept__code", "to_concept__code"))
    return {
        concept.code: Node(
            concept.code,
            concept.name,
            concept.get_absolute_url(),
            standings[concept.pk].mastery if standings else 0.0,
            needs.get(concept.code, []),
        )
        for concept in concepts
    }


def _pairs(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Second of each pair by the first."""
    found: dict[str, list[str]] = {}
    for first, second in rows:
        found.setdefault(first, []).append(second)
    return found


def _in_no_topic(topics: Mapping[str, Node], concepts: Mapping[str, Node]) -> list[Node]:
    """The concepts that no topic teaches."""
    held = {concept.code for topic in topics.values() for concept in topic.holds}
    return [concept for code, concept in concepts.items() if code not in held]
