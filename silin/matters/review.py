"""The review (好差评): by the raiser only, once, voluntary; whoever handled it never learns who gave it.

It comes from the page of the matter, by the link in a message, by a slip with a code, or is told on the
telephone to somebody who did not handle the matter (回访); never from a device at which staff are signed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import tokens
from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.matters.deeds import By, Deed, verb
from silin.matters.models import FollowUp, Matter, Review, ReviewTag, matter_id
from silin.matters.raising import Report, raise_matter
from silin.matters.registry import kinds
from silin.matters.verifying import REVIEW
from silin.people import queries as people
from silin.places.numbers import number

SLIP = "review_slip"
tags_in_use = Remembered(lambda: list(ReviewTag.objects.filter(active=True)))
"""The tags to choose from, in their order."""


@verb("review")
def review(deed: Deed, grade: int, tags: Sequence[str] = (), way: str = Review.Way.PAGE) -> None:
    """Leave a grade from 1 (very dissatisfied) to 5 (very satisfied; GB/T 39734) and, if one likes, words.

    The words stand in the review alone, not in the history that handlers read. Raises ``Refused``
    (``bad_grade``, ``bad_tag``, ``reviewed``).
    """
    _leave(deed, grade, tags, way)


@verb("call_back")
def call_back(deed: Deed, grade: int | None = None, tags: Sequence[str] = ()) -> None:
    """Call the raiser and ask how it was (回访); without a grade they were not reached or said nothing.

    Raises ``Refused`` as ``review`` does.
    """
    deed.move(deed.matter.state)
    deed.fields = {"reviewed": grade is not None}
    if grade is not None:
        _leave(deed, grade, tags, Review.Way.CALL)


@verb("slip")
def slip(deed: Deed) -> None:
    """Write down that a slip is printed; ``print_slip`` gives what stands on it."""
    deed.move(deed.matter.state)


def print_slip(matter: Matter, by: By) -> str:
    """The secret of a slip for somebody without a telephone; an earlier slip stops working.

    It is shown this once, and who printed it is written down. Raises as a verb does.
    """
    with transaction.atomic():
        slip(matter, by)
        tokens.spend(SLIP, matter.subject, by.now)
        days = number("matters.review_days", matter.placed_path)
        return tokens.issue(SLIP, matter.subject, timedelta(days=days), by.now)


def review_by_token(
    secret: str,
    *,
    grade: int,
    words: str,
    now: datetime,
    tags: Sequence[str] = (),
    client_id: UUID | None = None,
) -> Matter:
    """The review of whoever holds the link that was sent to the raiser, or the slip; sent twice, it is one.

    Raises ``Refused`` (``token_unknown``, ``token_expired``, ``token_used`` and those of ``review``).
    """
    matter = matter_of_token(secret, now)
    way = Review.Way.SLIP if purpose_of(secret) == SLIP else Review.Way.LINK
    by = By(matter.raiser, now, client_id=client_id, words=words)
    return review(matter, by, grade=grade, tags=list(tags), way=way)


def matter_of_token(secret: str, now: datetime) -> Matter:
    """The matter that a review link or slip is for; once it is reviewed, it still leads to it.

    Raises ``Refused`` as ``accounts.tokens.find`` does.
    """
    purpose = purpose_of(secret)
    matter = Matter.objects.with_names().get(pk=matter_id(tokens.look(purpose, secret).subject))
    if not is_reviewed(matter):
        tokens.find(purpose, secret, now)
    return matter


def purpose_of(secret: str) -> str:
    """Whether a secret is that of a link or of a slip. Raises ``Refused`` (``token_unknown``)."""
    try:
        return tokens.look(SLIP, secret).purpose
    except Refused:
        return tokens.look(REVIEW, secret).purpose


def is_reviewed(matter: Matter) -> bool:
    """Whether its raiser has said how it was."""
    return Review.objects.filter(matter=matter).exists()


def tag_names(codes: Iterable[str]) -> list[str]:
    """The tags of a review in words, those that are no longer in use too."""
    names = {row.pk: str(row) for row in ReviewTag.objects.filter(pk__in=list(codes))}
    return [names[code] for code in codes if code in names]


def set_review_tag(
    row: ReviewTag, *, actor: User | None, now: datetime, seen: str | None = None
) -> ReviewTag:
    """Let a tag be what ``row`` says, a new one too; ``seen`` and what it raises as in ``write_row``."""
    write_row(row, "review_tag", actor=actor, now=now, seen=seen)
    tags_in_use.forget()
    return row


def set_follow_up(row: FollowUp, *, actor: User | None, now: datetime, seen: str | None = None) -> FollowUp:
    """Let it be what ``row`` says, a new one too; ``seen`` and what it raises as in ``write_row``."""
    write_row(row, "follow_up", actor=actor, now=now, seen=seen)
    return row


def _leave(deed: Deed, grade: int, tags: Sequence[str], way: str) -> None:
    matter = deed.matter
    if grade not in range(1, 6):
        raise Refused("bad_grade", _("Please choose one of the five."), field="grade")
    if not set(tags) <= {tag.pk for tag in tags_in_use()}:
        raise Refused("bad_tag", _("Please choose from the list."), field="tags")
    if not matter.declared.reviewed or is_reviewed(matter):
        raise Refused("reviewed", _("This has been reviewed already. Thank you."), status=409)
    given = Review.objects.create(
        matter=matter, grade=grade, tags=list(tags), words=deed.words, way=way, at=deed.now
    )
    for purpose in (REVIEW, SLIP):
        tokens.spend(purpose, matter.subject, deed.now)
    deed.words = ""
    deed.fact("matter.reviewed", grade=grade)
    deed.move(matter.state)
    _follow_up(deed, given)


def _follow_up(deed: Deed, given: Review) -> None:
    """Raise what a row names for so low a grade, for the raiser, at the level above whoever was graded."""
    matter = deed.matter
    rows = FollowUp.objects.filter(kind__in=("", matter.kind), active=True)
    row = rows.filter(grade_at_most__gte=given.grade).order_by("-kind").first()
    if row is None or row.raises not in kinds():
        return
    above = people.desk_above(matter.holder, deed.now) if matter.holder else None
    said = Report(
        words=given.words or matter.title,
        title=matter.title,
        category=matter.category,
        place=above.place if above else matter.place,
        channel=matter.channel,
        raiser=matter.raiser,
        name_withheld=matter.name_withheld,
        about=matter,
    )
    raise_matter(row.raises, By(None, deed.now), said)
