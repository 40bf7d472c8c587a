"""A guest turns out to have an account: what they raised is the account's from then on."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from silin.accounts.models import User
from silin.history.actions import record
from silin.matters.joining import recount
from silin.matters.models import Follower, Matter


def adopt(guest: User, user: User, now: datetime) -> None:
    """Move what ``guest`` raised to ``user``, and note it down in the account's own story.

    In the transaction of ``accounts.actions.take_over``, which holds the row of ``user``. Who did the single
    deeds stays as it is written in the matters' histories.
    """
    _follow_instead(guest, user)
    numbers = list(Matter.objects.filter(raiser=guest).order_by("number").values_list("number", flat=True))
    if not numbers:
        return
    Matter.objects.filter(raiser=guest).update(raiser=user)
    record(
        subject=f"user:{user.pk}",
        action="adopt",
        actor=user,
        now=now,
        fields={"guest": str(guest.pk), "matters": numbers},
    )


def _follow_instead(guest: User, user: User) -> None:
    """What ``guest`` followed or met too, ``user`` does; nobody follows twice, or what they raised."""
    known = Matter.objects.filter(Q(raiser=user) | Q(followers__user=user))
    Follower.objects.filter(user=guest, matter__in=known.values("pk")).delete()
    Follower.objects.filter(user=guest).update(user=user)
    for matter in Matter.objects.filter(followers__user=user):
        recount(matter)
        matter.save(update_fields=["follows", "me_toos"])
