"""What others have said about somebody who goes: in the steps of their matters, in messages about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from silin.accounts.models import User
from silin.history.models import Words
from silin.lib.ids import show_number
from silin.matters.models import BY_RESIDENTS, Matter
from silin.notices.models import Notice

AT_ONCE = 200


def forget(user: User, words: Sequence[str], now: datetime) -> None:
    """Take out every step that names ``user`` (by any of ``words``) and every message about their matters."""
    mine = Matter.objects.filter(raiser=user, channel__in=BY_RESIDENTS).order_by("pk")
    rows = list(mine.values_list("pk", "number"))
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        subjects = [f"matter:{pk}" for pk, _number in some]
        named = Q(pk__in=[])
        for each in words:
            named |= Q(text__contains=each)
        Words.objects.filter(named, entry__subject__in=subjects).delete()
        Words.objects.filter(entry__subject__in=subjects, entry__action="raise").delete()
        told = Q(pk__in=[])
        for _pk, number in some:
            told |= Q(link__contains=number) | Q(params__number=show_number(number))
        Notice.objects.filter(told).delete()
