"""Lists of matters for those who work on them. Who may see what is asked of ``Matter.objects.seen_by``."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.paging import Page
from silin.lib.refusal import Words
from silin.matters.models import (
    RUNNING,
    Colour,
    Follower,
    Link,
    Matter,
    MatterQuerySet,
    Outcome,
    Photo,
    State,
    in_hands,
    within_paths,
)
from silin.matters.models.matter import once_in_hands
from silin.matters.models.states import SEE
from silin.matters.rows import ListRow, page_of
from silin.matters.searching import found
from silin.people import queries as people

Narrow = Callable[[MatterQuerySet, User, datetime], MatterQuerySet]


@dataclass(frozen=True)
class Tab:
    """One view of the inbox: its key in the address, its title, what it holds and in which order.

    ``seldom``: shown only while it holds something.
    """

    key: str
    title: Words
    narrow: Narrow
    order: tuple[str, ...] = ("handle_due",)
    seldom: bool = False


def mine(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    """What lies in the hands of a post of the person, or climbed up to it, and is not done."""
    posts = [post.pk for post in people.posts_of(user, now)]
    return rows.filter(in_hands(posts), state__in=(*RUNNING, State.WAITING))


def listed_for(system: User) -> MatterQuerySet:
    """What a system goes through: all that lies where its post looks, or what its body was called to.

    Without either that is what it put down itself. One range of an index each.
    """
    now, rows = timezone.now(), Matter.objects.all()
    if people.paths_where(system, SEE, now):
        return rows.worked_by(system)
    if posts := people.hands_where(system, SEE, now):
        return rows.filter(once_in_hands(posts))
    return rows.filter(put_down_by=system)


def _in_state(*states: str) -> Narrow:
    return lambda rows, user, now: rows.filter(state__in=states)


def _to_verify(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    return rows.filter(state=State.ANSWERED)


def _late(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    late = Q(colour=Colour.LATE) | Q(handle_due__lt=now)
    return rows.filter(late, state__in=RUNNING)


def _closed_today(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.filter(state__in=(State.CLOSED, State.WITHDRAWN), closed_at__gte=midnight)


def _asked(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    posts = [post.pk for post in people.posts_of(user, now)]
    return rows.filter(state=State.IN_HAND).exclude(asked="").exclude(holder__in=posts)


def _supervised(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    return rows.filter(supervised_by__isnull=False)


def _put_off(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    return rows.filter(deferred_at__isnull=False, state=State.WAITING)


def _again(rows: MatterQuerySet, user: User, now: datetime) -> MatterQuerySet:
    return rows.filter(look_back_on__lte=localtime(now).date(), state=State.CLOSED)


TABS: dict[str, Tab] = {
    tab.key: tab
    for tab in (
        Tab("mine", _("For me to do"), mine),
        Tab("raised", _("To be sent on"), _in_state(State.RAISED)),
        Tab("going", _("In hand"), _in_state(State.ASSIGNED, State.IN_HAND, State.WAITING)),
        Tab("verify", _("To be looked at"), _to_verify, ("verify_due",)),
        Tab("overdue", _("Overdue"), _late),
        Tab("asked", _("Asks for time"), _asked, seldom=True),
        Tab("supervised", _("Under supervision"), _supervised, seldom=True),
        Tab("put_off", _("Put off"), _put_off, ("waiting_until",), seldom=True),
        Tab("again", _("To look at again"), _again, ("look_back_on",), seldom=True),
        Tab("closed", _("Closed today"), _closed_today, ("-closed_at",)),
    )
}
SEARCH_ORDER = ("-raised_at",)


def inbox(
    user: User,
    tab: str,
    now: datetime,
    narrow: Callable[[MatterQuerySet], MatterQuerySet],
    *,
    q: str = "",
    after: str = "",
    size: int = 50,
) -> Page[ListRow]:
    """One page of ``tab``; with ``q`` whatever the person may see that has these words or this number.

    ``narrow`` leaves out what is not asked for.
    """
    rows = narrow(Matter.objects.worked_by(user))
    if q.strip():
        return page_of(found(rows, q, user, now), SEARCH_ORDER, after, size)
    chosen = TABS[tab]
    return page_of(chosen.narrow(rows, user, now), chosen.order, after, size)


def raised_by(user: User) -> MatterQuerySet:
    """What the person has raised, the newest first; ``newest_photo`` is the key of what they see of each."""
    photos = Photo.objects.left().exclude(stage=Photo.Stage.JOINED).filter(matter=OuterRef("pk"))
    newest = Subquery(photos.order_by("-at", "-id").values("pk")[:1])
    rows = Matter.objects.filter(raiser=user).with_names().annotate(newest_photo=newest)
    return rows.order_by("-raised_at", "-id")


def followed_by(user: User) -> QuerySet[Follower]:
    """What the person follows, the newest first."""
    names = ("matter__category", "matter__place__parent")
    return Follower.objects.filter(user=user).select_related(*names).order_by("-at", "-id")


def goes_on_in(matter: Matter) -> Matter | None:
    """The matter in which it goes on, where a desk has found that they are one. One statement then."""
    if matter.outcome != Outcome.DUPLICATE:
        return None
    link = matter.links.filter(what=Link.What.DUPLICATE, ended_at=None).select_related("other").first()
    return link.other if link else None


def waiting_for(user: User) -> MatterQuerySet:
    """What the person raised, that is reported done and waits for their look."""
    return raised_by(user).filter(state=State.ANSWERED).exclude(handler=user)


def in_hand_of(user: User, now: datetime) -> MatterQuerySet:
    """What a worker has to do, by due time."""
    return mine(Matter.objects.with_names(), user, now).order_by("handle_due", "id")


def to_verify_by(user: User, now: datetime) -> MatterQuerySet:
    """What others answered where the person may go and look."""
    verify = within_paths(people.paths_where(user, "matters.verify", now))
    posts = [post.pk for post in people.posts_of(user, now)]
    rows = Matter.objects.unconfined_for(user).filter(verify, state=State.ANSWERED)
    rows = rows.exclude(handler=user).exclude(holder__in=posts)
    return rows.with_names().order_by("verify_due", "id")


def by_subjects(subjects: list[str]) -> MatterQuerySet:
    """The matters that facts point to."""
    ids = [
        uuid.UUID(subject.removeprefix("matter:")) for subject in subjects if subject.startswith("matter:")
    ]
    return Matter.objects.filter(pk__in=ids).with_names()
