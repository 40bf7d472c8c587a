"""Lists of bad reviews, for whoever looks into them and for those graded."""

from __future__ import annotations

from datetime import datetime

from silin.accounts.models import User
from silin.kinds.bad_review.kind import KIND
from silin.kinds.bad_review.models import BadReview, BadReviewQuerySet
from silin.lib.refusal import NotFound
from silin.matters.models import OPEN, Matter, MatterQuerySet


def seen_at_desk(user: User, *, ended: bool) -> MatterQuerySet:
    """The bad reviews at the desks of ``user``: open ones, or those that ended."""
    rows = Matter.objects.worked_by(user).filter(kind=KIND.key)
    rows = rows.exclude(state__in=OPEN) if ended else rows.filter(state__in=OPEN)
    beside = [f"bad_review__graded__{name}" for name in ("kind", "place", "organisation")]
    return rows.with_names().select_related("about__review", *beside)


def told_to(user: User, now: datetime) -> BadReviewQuerySet:
    """What posts of ``user`` are to put right, or have."""
    return BadReview.objects.ordered_of(user, now).with_names()


def fetch_told(user: User, number: str, now: datetime) -> BadReview:
    """One of those. Raises ``NotFound``."""
    row = told_to(user, now).filter(matter__number=number).first()
    if row is None:
        raise NotFound
    return row
