"""What learners say about a concept."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from concepts.models import Concept
from progress.domain.merging import digest

MAX_COMMENT_LENGTH = 10_000


class CommentQuerySet(models.QuerySet["Comment"]):
    def on(self, concept: Concept) -> Self:
        """The concept's comments, oldest first, with their authors."""
        return self.filter(concept=concept).select_related("author").order_by("created_at", "pk")

    def visible(self) -> Self:
        return self.filter(hidden=False)

    def visible_to(self, user: object) -> Self:
        """What `user` may read: administrators read hidden comments too."""
        return self.all() if getattr(user, "is_staff", False) else self.visible()

    def editable_by(self, user: object) -> Self:
        """Comments that `user` wrote and nobody has hidden."""
        return self.visible().filter(author=user)


class Comment(models.Model):
    """A remark or question on a concept; its HTML is rendered once, when it is written."""

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments")
    body = models.TextField(max_length=MAX_COMMENT_LENGTH)
    body_html = models.TextField(editable=False)
    renderer_version = models.PositiveSmallIntegerField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    key = models.CharField(
        max_length=64,
        null=True,
        editable=False,
        help_text="Of the page that sent it; sent again it is the same comment",
    )
    hidden = models.BooleanField(default=False, help_text="Only administrators see it")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["concept", "created_at"], name="comment_of_concept")]
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="comment_once_a_key")]

    @property
    def version(self) -> str:
        """A word for the text, by which a page says what it was made with."""
        return digest(self.body)

    def __str__(self) -> str:
        return f"{self.author} on {self.concept.code}"
