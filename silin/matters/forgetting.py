"""What others have said about somebody who goes: in the steps of their matters, in messages about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q

from silin.accounts.models import User
from silin.history.models import Words
from silin.lib.ids import show_number
from silin.matters.models import BY_RESIDENTS, Follower, Matter
from silin.notices.models import Notice

AT_ONCE = 200


def forget(user: User | None, words: Sequence[str], now: datetime) -> None:
    """Take out every step that names ``user`` (by any of ``words``) and every message about their matters.

    What they follow counts one less; the rows themselves go with the account.
    """
    if user is None:
        return
    mine = Matter.objects.filter(raiser=user, channel__in=BY_RESIDENTS).order_by("pk")
    rows = list(mine.values_list("pk", "number"))
    for at in range(0, len(rows), AT_ONCE):
        some = dict(rows[at : at + AT_ONCE])
        _forget_words([f"matter:{pk}" for pk in some], words)
        Follower.objects.filter(_named("words", words), matter__in=list(some)).update(words="")
        told = Q(pk__in=[])
        for number in some.values():
            told |= Q(link__contains=number) | Q(params__number=show_number(number))
        Notice.objects.filter(told).delete()
    followed = Follower.objects.filter(user=user)
    for rows_of, column in ((followed, "follows"), (followed.who_met_it(), "me_toos")):
        Matter.objects.filter(pk__in=rows_of.values("matter")).update(**{column: F(column) - 1})


def _forget_words(subjects: Sequence[str], words: Sequence[str]) -> None:
    """What somebody said in the steps of their matters, also as a guest, and what names them there."""
    own = Q(entry__action="raise") | Q(entry__post="")
    Words.objects.filter(_named("text", words) | own, entry__subject__in=subjects).delete()


def _named(column: str, words: Sequence[str]) -> Q:
    named = Q(pk__in=[])
    for each in words:
        named |= Q(**{f"{column}__contains": each})
    return named
