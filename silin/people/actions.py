"""Giving and ending posts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, Refused
from silin.people.models import Holding, Organisation, Post, PostKind, Resident, today
from silin.places.models import Building, Place


@transaction.atomic
def add_post(
    kind: str,
    place: Place,
    *,
    actor: User | None,
    now: datetime,
    serial: int = 1,
    building: Building | None = None,
    organisation: Organisation | None = None,
) -> Post:
    """Set up one seat at ``place``. ``actor`` None is the installer; others need ``people.edit`` there.

    Raises ``NotAllowed``, or ``Refused`` (``bad_post``) where that kind of post does not belong to the level.
    """
    _may_edit(actor, place)
    row = PostKind.objects.filter(pk=kind).first()
    in_building = building is not None and place.pk == building.grid_id
    if row is None or not (row.level == place.level or in_building):
        raise Refused("bad_post", _("There is no such post at this level."), field="kind")
    post = Post(kind=row, place=place, serial=serial, building=building, organisation=organisation)
    post.save(force_insert=True)
    record(
        subject=f"post:{post.pk}",
        action="add",
        actor=actor,
        now=now,
        fields={"kind": kind, "place": place.code},
    )
    return post


@transaction.atomic
def appoint(post: Post, user: User, *, actor: User | None, now: datetime, stand_in: bool = False) -> Holding:
    """Give ``post`` to ``user`` from today on; an earlier holder's time ends today.

    Raises ``NotAllowed``.
    """
    Post.objects.select_for_update().get(pk=post.pk)
    _may_edit(actor, post.place)
    if not stand_in:
        Holding.objects.filter(post=post, stand_in=False, valid_until=None).update(valid_until=today(now))
    holding = Holding(post=post, user=user, stand_in=stand_in, valid_from=today(now))
    holding.save(force_insert=True)
    user.__dict__.pop("_holdings", None)
    fields = {"user": str(user.pk), "stand_in": stand_in}
    record(subject=f"post:{post.pk}", action="appoint", actor=actor, now=now, fields=fields)
    return holding


@transaction.atomic
def end(holding: Holding, *, actor: User | None, now: datetime) -> Holding:
    """End a holding today; the post stays and with it whatever lies in its hands.

    Raises ``NotAllowed``.
    """
    post = Post.objects.select_for_update().get(pk=holding.post_id)
    _may_edit(actor, post.place)
    holding.valid_until = today(now)
    holding.save(update_fields=["valid_until"])
    record(
        subject=f"post:{post.pk}", action="end", actor=actor, now=now, fields={"user": str(holding.user_id)}
    )
    return holding


@transaction.atomic
def settle_in(user: User, place: Place, *, building: Building | None = None) -> Resident:
    """Note that ``user`` lives in the grid ``place`` (their own word; nobody else is told)."""
    resident, _made = Resident.objects.update_or_create(
        user=user, defaults={"place": place, "building": building}
    )
    return resident


def _may_edit(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm("people.edit", place):
        raise NotAllowed(_("You cannot give posts here."))
