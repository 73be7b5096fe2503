"""What is derived from a concept follows every save, also `loaddata`'s and the admin's."""

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from concepts.models import Concept, ModelAnswer
from concepts.services import index_for_search, render_formula, render_model_answer


@receiver(pre_save, sender=Concept)
def render_formula_before_save(instance: Concept, **_: Any) -> None:
    render_formula(instance)


@receiver(pre_save, sender=ModelAnswer)
def render_model_answer_before_save(instance: ModelAnswer, **_: Any) -> None:
    render_model_answer(instance)


@receiver(post_save, sender=Concept)
def index_concept_after_save(instance: Concept, **_: Any) -> None:
    index_for_search(instance)


@receiver(post_save, sender=ModelAnswer)
def index_answer_after_save(instance: ModelAnswer, **_: Any) -> None:
    index_for_search(instance.concept)
