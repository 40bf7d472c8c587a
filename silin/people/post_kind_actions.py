"""What each kind of post is called and may do, as the security administrator changes it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.refusal import Refused
from silin.people.models import Holding, PostKind, today
from silin.people.post_kinds import CAPABILITIES, hands


def set_post_kind(row: PostKind, *, actor: User | None, now: datetime, seen: str | None = None) -> PostKind:
    """Let a kind of post be what ``row`` says, a new one too; everybody who holds one may do so at once.

    Nobody changes what their own post may do. ``seen`` as in ``write_row``. Raises ``Refused``
    (``unknown_capability``, ``three_administrators``, ``own_post``, ``taken``) and ``Changed``.
    """
    wanted = set(row.capabilities)
    if not wanted <= set(CAPABILITIES):
        raise Refused("unknown_capability", _("There is no such right."), field="capabilities")
    if len(hands(wanted)) > 1:
        message = _("System, rights and audit lie in three hands: choose one of the three.")
        raise Refused("three_administrators", message, field="capabilities")
    old = PostKind.objects.filter(pk=row.pk).first()
    if old and set(old.capabilities) != wanted and actor is not None and _holds(actor, row, now):
        message = _("This is your own post. Somebody else decides what it may do.")
        raise Refused("own_post", message, field="capabilities", status=403)
    write_row(row, "post_kind", actor=actor, now=now, seen=seen)
    return row


def _holds(user: User, kind: PostKind, now: datetime) -> bool:
    return Holding.objects.current(today(now)).filter(user=user, post__kind=kind).exists()
