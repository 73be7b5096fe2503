"""Records that are written once and stay as they are."""

from typing import Any, NoReturn

from django.db import models


class WrittenOnce(TypeError):
    """A record that is kept as it was written was to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Of records that go only together with what they tell of."""

    def update(self, **_: Any) -> NoReturn:
        raise WrittenOnce(f"{self.model.__name__} is written once")

    def delete(self) -> NoReturn:
        raise WrittenOnce(f"{self.model.__name__} is written once")


class AppendOnly(models.Model):
    """A line of a log: it is added, and then neither changed nor deleted on its own."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WrittenOnce(f"{type(self).__name__} is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrittenOnce(f"{type(self).__name__} is written once")
