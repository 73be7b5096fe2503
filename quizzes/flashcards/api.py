"""Flashcards over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from progress.accounts.requests import learner_of
from quizzes.flashcards.changes import StaleCard
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.presenting import show
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.serializers import DueCardSerializer, ReviewSerializer, ScheduledSerializer, due_of
from quizzes.flashcards.services import NothingToUndo, answer_card, undo


class StaleConflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "stale_card"
    default_detail = {"detail": "This card has changed since it was shown; fetch it again.", "code": default_code}


class NothingConflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "nothing_to_undo"
    default_detail = {"detail": "There is nothing to take back.", "code": default_code}


class DueCardsView(GenericAPIView[LearnerCard]):
    """The cards to review now, in the order in which they come."""

    permission_classes = [IsAuthenticated]
    serializer_class = DueCardSerializer
    queryset = LearnerCard.objects.none()

    @extend_schema(responses=DueCardSerializer(many=True))
    def get(self, request: Request) -> Response:
        learner = learner_of(request)
        queue = queue_of(learner, settings_of(learner), timezone.now())
        page = self.paginate_queryset(queue.in_order())
        cards = queue.cards.select_related("card__concept").in_bulk(page or [])
        return self.get_paginated_response([_due(cards[pk], queue) for pk in page or [] if pk in cards])


class ReviewView(GenericAPIView[LearnerCard]):
    """Rate a card."""

    permission_classes = [IsAuthenticated]
    serializer_class = ReviewSerializer
    queryset = LearnerCard.objects.none()

    @extend_schema(request=ReviewSerializer, responses=ScheduledSerializer)
    def post(self, request: Request, pk: int) -> Response:
        learner = learner_of(request)
        card = get_object_or_404(LearnerCard.objects.of(learner), pk=pk)
        body = ReviewSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            answer_card(learner=learner, card=card, answer=body.read(), now=timezone.now())
        except StaleCard as error:
            raise StaleConflict from error
        return Response(ScheduledSerializer(LearnerCard.objects.get(pk=pk)).data)


class UndoView(GenericAPIView[LearnerCard]):
    """Take back the last change."""

    permission_classes = [IsAuthenticated]
    serializer_class = ScheduledSerializer
    queryset = LearnerCard.objects.none()

    @extend_schema(request=None, responses=ScheduledSerializer)
    def post(self, request: Request) -> Response:
        try:
            cards = undo(learner=learner_of(request), now=timezone.now())
        except NothingToUndo as error:
            raise NothingConflict({"detail": str(error), "code": NothingConflict.default_code}) from error
        except StaleCard as error:
            raise StaleConflict from error
        return Response(ScheduledSerializer(cards[0]).data)


def _due(card: LearnerCard, queue: Queue) -> dict[str, Any]:
    shown = show(card, settings=queue.settings, learner=queue.learner, now=queue.now)
    return {
        "id": card.pk,
        "concept": card.card.concept.code if card.card.concept else None,
        "kind": card.card.kind,
        "state": card.state,
        "due": due_of(card),
        "front_html": shown.front_html,
        "back_html": "" if shown.waits_for_answer else shown.back_html,
        "waits": {button.name: button.wait for button in shown.buttons},
        "version": card.version,
        "promise": shown.promise,
    }
