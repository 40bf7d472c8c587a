"""The watch list (重点关注): what a desk or an official keeps in sight, by colour and place, and why."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import Refused, Words
from silin.lib.text import clean_words
from silin.matters import standing
from silin.matters.day import Line
from silin.matters.deeds import Deed, verb
from silin.matters.models import OPEN, RUNNING, Colour, Matter, State, WatchEntry
from silin.matters.table import overseeing_post
from silin.places.models import Place

COLOURS: dict[str, Words] = {
    "late": _("Overdue"),
    "soon": _("Soon due"),
    "ok": _("In time"),
    "over": _("Closed meanwhile"),
}
WORDS_AT_MOST = 200


@verb("put_on")
def put_on(deed: Deed, reason: str) -> None:
    """Put it on the watch list, for a reason and in words; whoever has it hears.

    Raises ``Refused``: ``watched`` where it is on it already, ``bad_reason``, ``too_long``.
    """
    matter, actor = deed.matter, deed.actor
    if matter.watched_by is not None:
        message = _("It is on the watch list already, by: %(post)s.")
        raise Refused("watched", message % {"post": matter.watched_by}, status=409)
    if reason not in WatchEntry.Reason.values:
        raise Refused("bad_reason", _("Please choose why."), field="reason")
    words = clean_words(deed.words, field="words", at_most=WORDS_AT_MOST)
    assert actor is not None
    post = overseeing_post(matter, actor, deed.now)
    assert post is not None
    WatchEntry.objects.create(matter=matter, post=post, reason=reason, words=words, by=actor, at=deed.now)
    matter.watched_by = deed.post = post
    deed.fields = {"reason": reason}
    deed.move(deed.before)
    deed.tell_post(matter.holder, "matter_watched")


@verb("take_off")
def take_off(deed: Deed) -> None:
    """Take it off the watch list; the words say why. Raises ``Refused`` (``too_long``)."""
    words = clean_words(deed.words, field="words", at_most=WORDS_AT_MOST)
    let_go(deed.matter, deed.now, by=deed.actor, words=words)
    deed.move(deed.before)


def let_go(matter: Matter, now: datetime, *, by: User | None = None, words: str = "") -> None:
    """End its place on the watch list, if it has one; ``by`` None where its raiser took it back."""
    if matter.watched_by_id is not None:
        running = matter.watch_entries.filter(ended_at=None)
        running.update(ended_at=now, ended_by=by, ended_words=words)
        matter.watched_by = None


def entry_of(matter: Matter) -> WatchEntry | None:
    """Why it is on the watch list and since when; no statement where it is not."""
    if matter.watched_by_id is None:
        return None
    rows = matter.watch_entries.select_related("post__kind", "post__place", "by")
    return rows.filter(ended_at=None).first()


def lines_of(place: Place, user: User, now: datetime) -> tuple[list[Line], Line]:
    """How many of each colour are on the list, for each part of the place and for the whole.

    Only what ``user`` may read: the number is that of the rows below it. Three statements.
    """
    return standing.table_of(place, _watched(place, user), colours(now))


def entries_of(place: Place, user: User, now: datetime, *, colour: str, reason: str) -> QuerySet[WatchEntry]:
    """What is on the list there and ``user`` may read, of a colour and for a reason where they are named."""
    rows = _watched(place, user)
    if colour:
        rows = rows.filter(colours(now)[colour])
    found = WatchEntry.objects.filter(ended_at=None, matter__in=rows.values("pk"))
    if reason:
        found = found.filter(reason=reason)
    names = ("category", "terms", "place__parent", "building__estate", "holder__kind", "holder__place")
    shown = (f"matter__{name}" for name in names)
    return found.select_related(*shown, "post__kind", "post__place")


def colours(now: datetime) -> dict[str, Q]:
    """What each colour of the list means."""
    wanted, going = standing.filters(now), Q(state__in=OPEN)
    found = {name: wanted[name] & going for name in ("late", "soon", "ok")}
    return {**found, "over": Q(state=State.CLOSED)}


def colour_of(matter: Matter, now: datetime) -> str:
    """Under which colour the list counts a matter, as ``colours`` says it to the database."""
    if matter.state == State.CLOSED:
        return "over"
    if matter.state not in RUNNING:
        return "ok"
    if matter.colour == Colour.LATE or (matter.handle_due is not None and matter.handle_due < now):
        return "late"
    return "soon" if matter.colour == Colour.WARN else "ok"


def _watched(place: Place, user: User) -> QuerySet[Matter]:
    readable = Matter.objects.seen_by(user).values("pk")
    return Matter.objects.under(place).filter(watched_by__isnull=False, pk__in=readable)
