"""A guest turns out to have an account: what they raised is the account's from then on."""

from __future__ import annotations

from datetime import datetime

from silin.accounts.models import User
from silin.history.actions import record
from silin.matters.models import Matter


def adopt(guest: User, user: User, now: datetime) -> None:
    """Move what ``guest`` raised to ``user``, and note it down in the account's own story.

    In the transaction of ``accounts.actions.take_over``, which holds the row of ``user``. Who did the single
    deeds stays as it is written in the matters' histories.
    """
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
