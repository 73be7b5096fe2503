"""Marking what was read and done."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from concepts.models import Guide, Topic
from progress.accounts.models import User
from progress.reading.models import ItemDone, PartRead


def mark_read(*, learner: User, topic: Topic, part: str, read: bool, now: datetime) -> None:
    """Mark a part as read, or not read again; harmless to repeat."""
    if read:
        PartRead.objects.get_or_create(learner=learner, topic=topic, part=part, defaults={"read_at": now})
    else:
        PartRead.objects.of(learner).filter(topic=topic, part=part).delete()


@transaction.atomic
def set_items_done(*, learner: User, guide: Guide, items: Collection[str], now: datetime) -> None:
    """Make just these items of the guide's checklist done; unknown ones are left out."""
    known = {item for item, _ in guide.checklist} & set(items)
    done = ItemDone.objects.of(learner).filter(guide=guide)
    done.exclude(item__in=known).delete()
    for item in known - set(done.values_list("item", flat=True)):
        ItemDone.objects.get_or_create(learner=learner, guide=guide, item=item, defaults={"done_at": now})


def parts_read(learner: User) -> Counter[int]:
    """How many parts of each topic, by its key, the learner has read."""
    return Counter(PartRead.objects.of(learner).values_list("topic_id", flat=True))
