"""The three administrators (三员): system, security, audit. Nobody is two of them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.notices.actions import Message, queue
from silin.people.models import Holding, Post, PostKind, today
from silin.people.post_kinds import hands
from silin.places.queries import root

KINDS = ("system_admin", "security_admin", "auditor")
"""The three: who looks after the machine, who gives rights, who reads the book of deeds."""

FOUNDER = "city_admin"
OF_THE_BEGINNING = ("places.edit", "people.edit", "settings.edit", "city.set_up")
"""What the city administrator may do only until the three are there."""

GIVES = "people.edit"


def check_apart(post: Post, user: User, since: date, actor: User | None) -> None:
    """Whether ``user`` may get ``post`` beside what they hold. The caller is in a transaction.

    Raises ``Refused`` (``two_administrators``, ``not_yourself``).
    """
    if not hands(post.kind.capabilities):
        return
    if post.kind_id in KINDS and actor is not None and actor.pk == user.pk:
        raise Refused("not_yourself", _("Nobody makes themselves an administrator."), field="who")
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    others = Holding.objects.filter(Q(valid_until=None) | Q(valid_until__gt=since), user=user)
    kinds = [post.kind, *(each.post.kind for each in others.select_related("post__kind"))]
    if len(hands(may for kind in kinds for may in kind.capabilities)) > 1:
        message = _("The three administrators are three people: this one is one of them already.")
        raise Refused("two_administrators", message, field="who")


def check_somebody_gives(holding: Holding, on: date) -> None:
    """Whether somebody can still give posts in the whole city when ``holding`` ends on a day.

    Raises ``Refused`` (``last_administrator``).
    """
    post, city = holding.post, root()
    if city is None or post.place_id != city.pk or GIVES not in post.kind.capabilities:
        return
    rows = Holding.objects.current(on).filter(post__place=post.place).exclude(pk=holding.pk)
    if not any(GIVES in each.post.kind.capabilities for each in rows.select_related("post__kind")):
        message = _("Then nobody could give posts any more. Give this one to somebody else instead.")
        raise Refused("last_administrator", message)


@transaction.atomic
def separate(now: datetime) -> bool:
    """When all three are there, the city administrator's editing rights end, once and for good.

    Whoever holds that post is told. Gives whether that happened now.
    """
    here = Holding.objects.current(today(now)).filter(post__kind__in=KINDS, stand_in=False)
    if here.order_by().values("post__kind").distinct().count() < len(KINDS):
        return False
    row = PostKind.objects.select_for_update().get(pk=FOUNDER)
    taken = [each for each in row.capabilities if each in OF_THE_BEGINNING]
    if not taken:
        return False
    row.capabilities = [each for each in row.capabilities if each not in taken]
    row.save(update_fields=["capabilities"])
    record(subject=f"post_kind:{FOUNDER}", action="separate", actor=None, now=now, fields={"taken": taken})
    founders = Holding.objects.current(today(now)).filter(post__kind=FOUNDER).select_related("user")
    queue([Message("rights_separated", each.user, {}, link="/desk/") for each in founders], now=now)
    return True
