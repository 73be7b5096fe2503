"""A row of the concept list as HTML, in one format call.

The template engine took twelve times as long for the list as for a bare page, nearly all of it for the 40
variables and 8 addresses a row; so the rows, and only they, are made here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.urls import get_script_prefix, reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from concepts.models import Status
from mlprep.tracker.rows import Row

_CODE = "CODE-0"
_CONCEPT = """<tr id="row-{code}">
  <td class="id">{code}</td>
  <td class="name"><a href="{url}">{name}</a>{comments}</td>
  <td class="priority"><span class="chip {priority}">{priority_label}</span></td>
  <td class="week num muted"><span class="unit">Week </span>{week}</td>"""
_OWN = """
  <td class="own"><div class="statuses" role="group" aria-label="Status of {name}">{buttons}</div></td>
  <td class="mastery"><div class="measure"><meter class="bar" min="0" max="100" value="{percent}" \
aria-label="Mastery of {name}"></meter><span class="num small muted">{percent}%</span></div></td>"""
_COMMENTS = ' <a class="small muted comment-count" href="{}#comments">{}&nbsp;comment{}</a>'
_BUTTON = (
    '<button class="status {status}" id="row-{code}-{status}" name="status" value="{status}" aria-pressed="{set}" '
    'formaction="{url}" hx-post="{url}" title="{label}"><span class="mark" aria-hidden="true"></span>'
    '<span class="label">{label}</span></button>'
)


@dataclass(frozen=True, slots=True)
class ListRow(Row):
    """A row of the list with its HTML."""

    html: SafeString = mark_safe("")  # noqa: RUF009 (never changed)


def with_html(rows: Sequence[Row], *, signed_in: bool) -> list[ListRow]:
    """The rows with their HTML; signed in with the learner's status and mastery."""
    page = reverse("concepts:detail", args=[_CODE])
    return [ListRow(row.concept, row.standing, row.comments, _render(row, page, signed_in)) for row in rows]


def _render(row: Row, page: str, signed_in: bool) -> SafeString:
    concept = row.concept
    url = page.replace(_CODE, concept.code)
    html = format_html(
        _CONCEPT,
        code=concept.code,
        url=url,
        name=concept.name,
        comments=format_html(_COMMENTS, url, row.comments, "" if row.comments == 1 else "s") if row.comments else "",
        priority=concept.priority,
        priority_label=concept.get_priority_display(),
        week=concept.week,
    )
    if signed_in:
        html += format_html(
            _OWN,
            name=concept.name,
            percent=row.standing.percent,
            buttons=mark_safe(_buttons(row.standing.status, get_script_prefix()).replace(_CODE, escape(concept.code))),  # noqa: S308
        )
    return html + mark_safe("\n</tr>")


@cache
def _buttons(of: Status, prefix: str) -> SafeString:
    """The three buttons where the learner's status is `of`, with _CODE in the place of the concept's code.

    prefix: the path that the site lies below, which is in the buttons' addresses.
    """
    url = reverse("concepts:status", args=[_CODE])
    return format_html_join(
        "",
        _BUTTON,
        (
            {
                "status": status.value,
                "code": _CODE,
                "set": "true" if status == of else "false",
                "url": url,
                "label": status.label,
            }
            for status in Status
        ),
    )
