"""What learners say about a concept."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from concepts.models import Concept
from progress.domain.merging import digest
from progress.records import AppendOnly

MAX_COMMENT_LENGTH = 10_000
MAX_REASON_LENGTH = 300


def may_moderate(user: object) -> bool:
    """Whether `user`, who may be nobody, moderates comments."""
    return bool(getattr(user, "may_moderate", False))


class CommentQuerySet(models.QuerySet["Comment"]):
    def on(self, concept: Concept) -> Self:
        """The concept's comments but for those that their authors deleted, oldest first, with their authors."""
        return self.filter(concept=concept, deleted_at=None).select_related("author").order_by("created_at", "pk")

    def of(self, author: object) -> Self:
        """What the author wrote, whatever became of it."""
        return self.filter(author=author)

    def visible(self) -> Self:
        """What everybody may read."""
        return self.filter(hidden=False, held=False, deleted_at=None)

    def visible_to(self, user: object) -> Self:
        """What `user` may read: moderators everything, authors also what of theirs waits or is hidden.

        What its author deleted is nobody's to read but moderators', on their own pages.
        """
        if may_moderate(user):
            return self.filter(deleted_at=None)
        own = models.Q(author=getattr(user, "pk", None) or 0)
        return self.filter(own | models.Q(hidden=False, held=False), deleted_at=None)

    def editable_by(self, user: object) -> Self:
        """Comments that `user` wrote and has not deleted, and nobody has hidden."""
        return self.of(user).filter(hidden=False, deleted_at=None)

    def reportable_by(self, user: object) -> Self:
        """What everybody may read and somebody else wrote."""
        return self.visible().exclude(author=user)

    def waiting(self) -> Self:
        """What a moderator should look at: held for approval, or with a report that nobody has settled."""
        reported = self.model.objects.filter(reports__isnull=False, reports__settled_at=None).values("pk")
        held = models.Q(held=True, deleted_at=None)
        return self.filter(held | models.Q(pk__in=reported), hidden=False)


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
    # With a default of the database's own, so that code of before these columns still writes comments.
    hidden = models.BooleanField(default=False, help_text="Only moderators and its author see it")
    hidden_reason = models.CharField(
        max_length=MAX_REASON_LENGTH, blank=True, db_default="", default="", help_text="What its author is told"
    )
    held = models.BooleanField(
        db_default=False, default=False, help_text="Waits for a moderator; only moderators and its author see it"
    )

    deleted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its author deleted it; kept for moderators for a while"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["concept", "created_at"], name="comment_of_concept"),
            models.Index(fields=["created_at"], condition=models.Q(held=True), name="held_comment"),
        ]
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="comment_once_a_key")]

    @property
    def version(self) -> str:
        """A word for the text, by which a page says what it was made with."""
        return digest(self.body)

    @property
    def state(self) -> str:
        """`deleted` by its author, `hidden`, `waiting` or `published`."""
        if self.deleted_at:
            return "deleted"
        return "hidden" if self.hidden else "waiting" if self.held else "published"

    def __str__(self) -> str:
        return f"{self.author} on {self.concept.code}"


class CommentRevision(AppendOnly):
    """What a comment said before it was changed."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions")
    body = models.TextField(max_length=MAX_COMMENT_LENGTH)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["replaced_at", "pk"]

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.replaced_at:%d %B %Y, %H:%M}"
