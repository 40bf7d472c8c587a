"""The review (好差评): by the raiser only, once, voluntary; whoever handled it never learns who gave it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from silin.accounts import tokens
from silin.lib.refusal import Refused
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import Matter, Review, matter_id
from silin.matters.verifying import REVIEW


@verb("review")
def review(deed: Deed, grade: int) -> None:
    """Leave a grade from 1 (very dissatisfied) to 5 (very satisfied; GB/T 39734) and, if one likes, words.

    The words stand in the review alone, not in the history that handlers read.
    """
    matter = deed.matter
    if grade not in range(1, 6):
        raise Refused("bad_grade", _("Please choose one of the five."), field="grade")
    if not matter.declared.reviewed or is_reviewed(matter):
        raise Refused("reviewed", _("This has been reviewed already. Thank you."), status=409)
    Review.objects.create(matter=matter, grade=grade, words=deed.words, at=deed.now)
    tokens.spend(REVIEW, matter.subject, deed.now)
    deed.words = ""
    deed.fact("matter.reviewed", grade=grade)
    deed.move(matter.state)


def review_by_token(
    secret: str, *, grade: int, words: str, now: datetime, client_id: UUID | None = None
) -> Matter:
    """The review of whoever holds the link that was sent to the raiser; sent twice, it is one.

    Raises ``Refused`` (``token_unknown``, ``token_expired``, ``token_used`` and those of ``review``).
    """
    matter = matter_of_token(secret, now)
    return review(matter, By(matter.raiser, now, client_id=client_id, words=words), grade=grade)


def matter_of_token(secret: str, now: datetime) -> Matter:
    """The matter that a review link is for; once it is reviewed, the link still leads to it.

    Raises ``Refused`` as ``accounts.tokens.find`` does.
    """
    matter = Matter.objects.with_names().get(pk=matter_id(tokens.look(REVIEW, secret).subject))
    if not is_reviewed(matter):
        tokens.find(REVIEW, secret, now)
    return matter


def is_reviewed(matter: Matter) -> bool:
    """Whether its raiser has said how it was."""
    return Review.objects.filter(matter=matter).exists()
