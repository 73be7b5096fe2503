"""`manage.py render_comments`: make the HTML of comments and notes anew where the renderer has changed."""

from typing import Any

from django.core.management.base import BaseCommand

from progress.comments.services import render_stale_comments
from progress.notes.services import render_stale_notes


class Command(BaseCommand):
    help = "Render the comments and notes that an older version of the renderer made."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Comments rendered anew: {render_stale_comments()}")
        if notes := render_stale_notes():
            self.stdout.write(f"Notes rendered anew: {notes}")
