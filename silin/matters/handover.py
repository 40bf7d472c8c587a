"""The shift hand-over of a desk (交接班): what is open and due next, what is late, who was called, and words.

Whoever goes writes it, whoever comes confirms it; one waits at a time. What stood then is kept as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history import actions as history
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.lib.text import clean_words
from silin.matters.models import RUNNING, Assignment, Handover, Matter, MatterQuerySet
from silin.notices import actions as notices
from silin.notices.actions import Message
from silin.people import queries as people
from silin.people.models import Holding, Post, today
from silin.places.models import Place
from silin.receipts import actions as receipts

SEAT = "matters.triage"
AT_MOST = 60  # rows of each list that the record keeps
LONGEST = timedelta(days=4)  # over a long holiday
WORDS_AT_MOST = 2000


@dataclass
class Contents:
    """What is passed on: the first rows of each list, and how many there are in all."""

    due: list[Matter] = field(default_factory=list)
    late: list[Matter] = field(default_factory=list)
    replies: list[Matter] = field(default_factory=list)
    called: list[Assignment] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def seat_of(user: User, now: datetime) -> Post | None:
    """The desk at which ``user`` sits: the highest of several."""
    return next((post for post in people.posts_of(user, now) if SEAT in post.kind.capabilities), None)


def sits_at(place: Place, user: User, now: datetime) -> Post | None:
    """The post by which ``user`` sits at the desk of ``place`` itself."""
    mine = people.posts_of(user, now)
    return next((post for post in mine if post.place_id == place.pk and SEAT in post.kind.capabilities), None)


def colleagues_of(place: Place, now: datetime) -> list[User]:
    """Everybody who sits at the desk of ``place`` today."""
    rows = Holding.objects.current(today(now)).filter(post__place=place).select_related("user", "post__kind")
    found = {row.user_id: row.user for row in rows if SEAT in row.post.kind.capabilities}
    return sorted(found.values(), key=lambda user: user.name)


def gather(place: Place, now: datetime, until: datetime) -> Contents:
    """What stands at ``now`` and falls due by ``until``. Eight statements."""
    rows = Matter.objects.under(place).with_names()
    lists: dict[str, MatterQuerySet] = {
        "due": rows.filter(state__in=RUNNING, handle_due__gte=now, handle_due__lte=until),
        "late": rows.filter(state__in=RUNNING, handle_due__lt=now),
        "replies": rows.filter(reply_due__isnull=False, reply_due__lte=until).open(),
    }
    called = (
        Assignment.objects.with_posts()
        .select_related("matter")
        .filter(
            state__in=Assignment.RUNNING,
            matter__placed_path__gte=place.path,
            matter__placed_path__lt=place.path + "a",
        )
    )
    found = Contents(counts={name: each.count() for name, each in lists.items()})
    found.counts["called"] = called.count()
    found.due = list(lists["due"].order_by("handle_due", "pk")[:AT_MOST])
    found.late = list(lists["late"].order_by("handle_due", "pk")[:AT_MOST])
    found.replies = list(lists["replies"].order_by("reply_due", "pk")[:AT_MOST])
    found.called = list(called.order_by("report_due", "pk")[:AT_MOST])
    return found


def waiting(place: Place) -> Handover | None:
    """The one that nobody has taken over yet."""
    rows = Handover.objects.filter(place=place, taken_at=None)
    return rows.select_related("given_by", "place").first()


def hand_over(
    place: Place,
    *,
    notes: str,
    until: datetime,
    actor: User,
    now: datetime,
    client_id: UUID | None = None,
) -> Handover:
    """Pass the desk of ``place`` on to whoever comes; again, while nobody has come, says it anew.

    The same ``client_id`` twice is one. Raises ``NotAllowed`` to whoever does not sit there, ``Refused``:
    ``missing``, ``bad_until``, ``waits`` while another's has not been taken over.
    """
    post = sits_at(place, actor, now)
    if post is None:
        raise NotAllowed
    words = clean_words(notes, field="notes", at_least=1, at_most=WORDS_AT_MOST)
    if not now < until <= now + LONGEST:
        message = _("The next shift ends after now and within four days.")
        raise Refused("bad_until", message, field="until")
    try:
        with transaction.atomic():
            return _write(place, post, words, until, actor, now, client_id)
    except IntegrityError as error:  # two went at the same time
        raise _waits() from error


def _write(
    place: Place, post: Post, words: str, until: datetime, actor: User, now: datetime, client_id: UUID | None
) -> Handover:
    open_one = Handover.objects.select_for_update().filter(place=place, taken_at=None).first()
    row = open_one or Handover(place=place, given_by=actor)
    if client_id is not None:
        payload = {"place": place.code, "notes": words, "until": until.isoformat()}
        answer = {"handover": str(row.pk)}
        given = receipts.give(
            client_id, actor=actor, action="hand_over", payload=payload, answer=answer, now=now
        )
        if given is not answer:
            return Handover.objects.get(pk=given["handover"])
    if row.given_by_id != actor.pk:
        raise _waits()
    row.given_at, row.until, row.said = now, until, _kept(gather(place, now, until))
    row.save()
    history.record(
        subject=row.subject, action="hand_over", actor=actor, post=post.kind_id, now=now, words=words
    )
    others = [user for user in colleagues_of(place, now) if user.pk != actor.pk]
    params = {"place": str(place)}
    notices.queue([Message("handover_waits", user, params, _link(row)) for user in others], now=now)
    return row


@transaction.atomic
def take_over(row: Handover, *, words: str, actor: User, now: datetime, seen: datetime) -> Handover:
    """Confirm that one has read it and goes on from here; once, and not by whoever wrote it.

    ``seen`` is the ``given_at`` that was read. Raises ``NotFound`` to strangers, ``NotAllowed``, ``Refused``:
    ``taken``, ``changed`` where it was written anew meanwhile.
    """
    row = Handover.objects.select_for_update(of=("self",)).select_related("place").get(pk=row.pk)
    post = sits_at(row.place, actor, now)
    if post is None:
        raise NotAllowed if actor.has_perm(SEAT, row) else NotFound
    if row.taken_at is not None:
        raise Refused("taken", _("Somebody has taken it over already."), status=409)
    if row.given_by_id == actor.pk:
        raise Refused("own", _("You wrote it; whoever comes takes it over."), status=409)
    if row.given_at != seen:
        raise Refused(
            "changed", _("It was written anew since you looked. Please read it once more."), status=409
        )
    said = clean_words(words, field="words", at_most=WORDS_AT_MOST)
    row.taken_by, row.taken_at = actor, now
    row.save(update_fields=["taken_by", "taken_at"])
    history.record(
        subject=row.subject, action="take_over", actor=actor, post=post.kind_id, now=now, words=said
    )
    told = Message("handover_taken", row.given_by, {"place": str(row.place)}, _link(row))
    notices.queue([told], now=now)
    return row


def _kept(found: Contents) -> dict[str, Any]:
    """What the record keeps: numbers, posts and times, no words and nobody's name."""
    return {
        "counts": found.counts,
        "due": [[row.number, row.handle_due.isoformat()] for row in found.due if row.handle_due],
        "late": [[row.number, row.handle_due.isoformat()] for row in found.late if row.handle_due],
        "replies": [[row.number, row.reply_due.isoformat()] for row in found.replies if row.reply_due],
        "called": [
            [call.matter.number, str(call), call.report_due.isoformat(), call.arrived_at is not None]
            for call in found.called
        ],
    }


def _link(row: Handover) -> str:
    return f"/desk/handover/{row.pk}/"


def _waits() -> Refused:
    words = _("The last one has not been taken over yet. Please take it over first.")
    return Refused("waits", words, status=409)
