"""A guest turns out to have an account: what they raised is the account's from then on."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from silin.accounts.models import User
from silin.history.actions import record
from silin.matters.deeds import hold
from silin.matters.joining import recount
from silin.matters.models import Follower, Matter, Photo


def adopt(guest: User, user: User, now: datetime) -> None:
    """Move what ``guest`` raised to ``user``, and note it down in the account's own story.

    In the transaction of ``accounts.actions.take_over``, which holds the row of ``user``. Who did the single
    deeds stays as it is written in the matters' histories.
    """
    rows = Matter.objects.filter(Q(followers__user=guest) | Q(raiser=guest))
    touched = list(rows.values_list("pk", flat=True).distinct())
    hold(touched)
    numbers = list(Matter.objects.filter(raiser=guest).order_by("number").values_list("number", flat=True))
    Matter.objects.filter(raiser=guest).update(raiser=user)
    Photo.objects.filter(by=guest).update(by=user)
    _follow_instead(guest, user)
    for matter in Matter.objects.filter(pk__in=touched):
        recount(matter)
        matter.save(update_fields=["follows", "me_toos"])
    if numbers:
        record(
            subject=f"user:{user.pk}",
            action="adopt",
            actor=user,
            now=now,
            fields={"guest": str(guest.pk), "matters": numbers},
        )


def _follow_instead(guest: User, user: User) -> None:
    """What ``guest`` followed or met too, ``user`` does; nobody follows twice, or what they raised.

    Where both have said something about the same matter, both are kept, in the order in which it was said.
    """
    mine = {row.matter_id: row for row in Follower.objects.filter(user=user)}
    for row in Follower.objects.filter(user=guest):
        own = mine.get(row.matter_id)
        if own is None:
            row.user = user
            row.save(update_fields=["user"])
            continue
        said = sorted((own, row), key=lambda each: each.at)
        own.words = "\n".join(each.words for each in said if each.words)
        own.me_too = own.me_too or row.me_too
        own.save(update_fields=["words", "me_too"])
        row.delete()
    Follower.objects.filter(user=user, matter__raiser=user).delete()
