"""Systems that come in with a key: letting one in, giving it another key, ending it.

A client is an account like any other: what it may do, and where, is said by the post that it holds. Its
scopes only narrow that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from silin.accounts import clients
from silin.accounts.models import Client, User
from silin.history.actions import record
from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people.actions import check_organisation
from silin.people.models import Holding, Organisation, Post, PostKind, today
from silin.places.models import Place

EDIT = "system.run"
LATELY = 30


@dataclass(frozen=True)
class AboutClient:
    """What is said of a new client: its name, by what post it comes in, and how far its key goes.

    ``pk`` is the key that a page gave it, so that sending the page twice makes one client.
    """

    name: str
    kind: str
    place: Place
    scopes: Iterable[str]
    organisation: Organisation | None = None
    per_minute: int = clients.PER_MINUTE
    valid_until: date | None = None
    pk: UUID | None = None


@transaction.atomic
def make_client(
    about: AboutClient, *, actor: User | None, now: datetime, key: str | None = None
) -> tuple[Client, str]:
    """Let a system in: its account, its post, its key, which is shown this once.

    The same ``about.pk`` a second time gives the client that there is, without its key.

    ``actor`` None is the installer; ``key`` as in ``accounts.clients.make``, which says what else is refused.
    Raises ``NotAllowed``, ``Refused`` (``bad_post``, ``wrong_organisation``).
    """
    _may_edit(actor, about.place)
    Place.objects.select_for_update().only("pk").get(pk=about.place.pk)
    if about.pk is not None and (there := Client.objects.filter(pk=about.pk).first()):
        return there, ""
    post = _post(about)
    client, key = clients.make(
        about.name,
        scopes=about.scopes,
        per_minute=about.per_minute,
        valid_until=about.valid_until,
        now=now,
        key=key,
        pk=about.pk,
    )
    post.save(force_insert=True)
    Holding(post=post, user=client.user, valid_from=today(now)).save(force_insert=True)
    fields = {
        "kind": about.kind,
        "place": about.place.code,
        "scopes": client.scopes,
        "per_minute": client.per_minute,
    }
    record(subject=client.subject, action="make_client", actor=actor, now=now, fields=fields | _until(client))
    return client, key


@transaction.atomic
def renew_key(
    client: Client, *, valid_until: date | None, actor: User | None, now: datetime, key: str | None = None
) -> str:
    """Another key, shown this once, good until a day; the one before it stops working at once.

    ``key`` as in ``make_client``. Raises ``NotAllowed``, ``Refused`` (``key_ended``, ``bad_dates``).
    """
    fresh = _lock(client, actor)
    key = clients.renew(fresh, valid_until=valid_until, now=now, key=key)
    record(subject=fresh.subject, action="renew_key", actor=actor, now=now, fields=_until(fresh))
    return key


@transaction.atomic
def end_client(client: Client, *, actor: User | None, now: datetime) -> Client:
    """Let a system in no more: its key stops working and its post ends, today and for good.

    A second time changes nothing. Raises ``NotAllowed``.
    """
    fresh, day = _lock(client, actor), today(now)
    if not clients.end(fresh, now=now):
        return fresh
    held = Holding.objects.current(day).filter(user=fresh.user)
    Post.objects.filter(pk__in=list(held.values_list("post", flat=True))).update(closed_on=day)
    held.update(valid_until=day, ended_at=now)
    record(subject=fresh.subject, action="end_client", actor=actor, now=now)
    return fresh


def clients_for(user: User) -> QuerySet[Client]:
    """The clients of the whole installation, for whoever looks after it; nobody else sees any."""
    rows = Client.objects.select_related("user").order_by("-made_at", "-pk")
    return rows if user.has_perm(EDIT) else rows.none()


def client_for(user: User, key: UUID) -> Client:
    """One client, for whoever looks after the installation. Raises ``NotFound``."""
    found = clients_for(user).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def holdings_by_client(rows: Iterable[Client]) -> dict[UUID, Holding]:
    """By which post each came in last, by the key of its account. One statement."""
    held = Holding.objects.filter(user__in=[each.user_id for each in rows])
    beside = ("post__kind", "post__place__parent", "post__organisation")
    return {each.user_id: each for each in held.select_related(*beside).order_by("valid_from", "pk")}


def did_lately(client: Client) -> list[Entry]:
    """The last lines that the account of ``client`` left in the book of deeds, the newest first."""
    rows = Entry.objects.filter(actor=client.user).select_related("words")
    return list(rows.order_by("-id")[:LATELY])


def post_kinds() -> QuerySet[PostKind]:
    """By which posts a system may come in."""
    return PostKind.objects.filter(family=PostKind.Family.SYSTEM).order_by("code")


def _post(about: AboutClient) -> Post:
    kind = post_kinds().filter(pk=about.kind).first()
    if kind is None:
        raise Refused("bad_post", _("A system comes in by none of these posts."), field="kind")
    check_organisation(kind, about.organisation)
    beside = Post.objects.filter(kind=kind, place=about.place, building=None)
    serial = (beside.aggregate(last=Max("serial"))["last"] or 0) + 1
    return Post(kind=kind, place=about.place, organisation=about.organisation, serial=serial)


def _until(client: Client) -> dict[str, object]:
    return {"until": client.valid_until.isoformat()} if client.valid_until else {}


def _lock(client: Client, actor: User | None) -> Client:
    rows = Client.objects.select_for_update(of=("self",)).select_related("user")
    fresh = rows.filter(pk=client.pk).first()
    if fresh is None:
        raise NotFound
    if actor is not None and not actor.has_perm(EDIT):
        raise NotAllowed
    return fresh


def _may_edit(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm(EDIT, place):
        raise NotAllowed(_("Only whoever looks after the system lets others in."))
