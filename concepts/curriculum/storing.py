"""Topics and guides into the database; rows are kept, so that what learners did to them is."""

import hashlib
from collections.abc import Collection

from django.db import models
from django.urls import reverse

from concepts.curriculum.models import Diagram, Guide, Topic, TopicFile, TopicPart
from concepts.curriculum.rendering import diagram_html, figure_html, outline_of, render_inline, render_part
from concepts.curriculum.schema import GuideSheet, TopicSheet
from concepts.domain.topic_text import CheckItem, Part, Picture, Prose, reading_minutes
from concepts.models import Concept


def store_topic(sheet: TopicSheet) -> Topic:
    """Write a topic with its parts, diagrams and files; its links to others come when all are there."""
    fields = sheet.fields
    topic, _ = Topic.objects.update_or_create(
        slug=sheet.slug,
        defaults={
            "number": fields.number,
            "phase": fields.phase,
            "title": fields.title,
            "summary": fields.summary,
            "minutes": fields.minutes,
            "source": sheet.source.path.read_text(encoding="utf-8"),
            "retired": False,
        },
    )
    for (name, theme), svg in sheet.diagrams.items():
        Diagram.objects.update_or_create(topic=topic, name=name, theme=theme, defaults={"svg": svg})
    topic.diagrams.exclude(name__in=[name for name, _ in sheet.diagrams]).delete()

    files = sheet.files
    for path, text in files.items():
        TopicFile.objects.update_or_create(topic=topic, path=path, defaults={"text": text})
    topic.files.exclude(path__in=files).delete()

    def draw(picture: Picture) -> str:
        if picture.kind == "figure":
            return figure_html(picture, sheet.figures[picture.name])
        light, dark = (sheet.diagrams[picture.name, theme] for theme in ("light", "dark"))
        return diagram_html(
            picture,
            (_address(sheet.slug, picture.name, "light", light), light),
            _address(sheet.slug, picture.name, "dark", dark),
        )

    for position, part in enumerate(sheet.parts):
        prefix = f"{part.slug}--"
        TopicPart.objects.update_or_create(
            topic=topic,
            slug=part.slug,
            defaults={
                "title": part.title,
                "position": position,
                "minutes": reading_minutes(_text(part)),
                "html": render_part(part, draw, anchor_prefix=prefix),
                "outline": outline_of(part, anchor_prefix=prefix),
            },
        )
    topic.parts.exclude(slug__in=[part.slug for part in sheet.parts]).delete()
    return topic


def store_links(sheets: Collection[TopicSheet]) -> None:
    """Write what each topic builds on and which concepts it teaches."""
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    concepts = {concept.code: concept for concept in Concept.objects.all()}
    for sheet in sheets:
        topic = topics[sheet.slug]
        topic.prerequisites.set([topics[slug] for slug in sheet.fields.prerequisites])
        topic.concepts.set([concepts[code] for code in sheet.fields.concepts])


def store_guide(sheet: GuideSheet) -> Guide:
    """Write a guide."""
    pages = [part for part in sheet.parts if any(_is_shown(part))]
    html = [
        (f'<h2 id="{part.slug}">{render_inline(part.title)}</h2>\n' if part.title else "")
        + render_part(part, lambda picture: "", anchor_prefix=f"{part.slug}--")
        for part in pages
    ]
    items = [piece for part in sheet.parts for section in part.sections for piece in section.pieces]
    checklist = [[item.id, render_inline(item.text)] for item in items if isinstance(item, CheckItem)]
    guide, _ = Guide.objects.update_or_create(
        slug=sheet.source.path.stem,
        defaults={
            "title": sheet.fields.title,
            "summary": sheet.fields.summary,
            "position": sheet.fields.order,
            "minutes": sheet.fields.minutes,
            "html": "\n".join(html),
            "outline": [[part.slug, render_inline(part.title)] for part in pages if part.title],
            "checklist": checklist,
            "retired": False,
        },
    )
    return guide


def retire_missing(model: type[models.Model], slugs: Collection[str]) -> None:
    """What the library has no more stays in the database, out of sight, with what learners did to it."""
    model._default_manager.exclude(slug__in=slugs).update(retired=True)


def _address(slug: str, name: str, theme: str, svg: str) -> str:
    """The address of a diagram; the digest in it changes with the drawing, so browsers may keep it."""
    digest = hashlib.sha256(svg.encode()).hexdigest()[:10]
    return f"{reverse('topics:diagram', args=[slug, name, theme])}?v={digest}"


def _text(part: Part) -> str:
    return "\n".join(piece.text for section in part.sections for piece in section.pieces if isinstance(piece, Prose))


def _is_shown(part: Part) -> list[bool]:
    """Whether each piece is running text; a part of check items alone is shown as the page's checklist."""
    return [isinstance(piece, Prose) for section in part.sections for piece in section.pieces]
