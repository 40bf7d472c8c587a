"""Whose answers have to be signed by a head, and who that is today."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.rows import write_row
from silin.lib.refusal import Refused
from silin.lib.remembering import Remembered
from silin.matters.models import Matter, SignRule
from silin.people import queries as people
from silin.people.models import Post, today

sign_rules = Remembered(lambda: list(SignRule.objects.select_related("head__kind", "head__place")))
"""Every organisation whose head signs or signed."""


def set_sign_rule(row: SignRule, *, actor: User | None, now: datetime, seen: str | None = None) -> SignRule:
    """Let a sign rule be what ``row`` says, a new one too; ``seen`` and what it raises as in ``write_row``.

    Raises ``Refused`` (``bad_head``, ``bad_dates``, ``taken`` while another one of the organisation counts)
    as well.
    """
    if row.head.organisation_id != row.organisation_id:
        raise Refused("bad_head", _("That post does not belong to the organisation."), field="head")
    if "matters.handle" not in row.head.kind.capabilities:
        raise Refused("bad_head", _("That post does not handle matters."), field="head")
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise Refused("bad_dates", _("It ends before it begins."), field="valid_until")
    others = SignRule.objects.filter(organisation=row.organisation).exclude(pk=row.pk)
    if any(each.meets(row) for each in others):
        message = _("Another rule of this organisation counts on some of these days. Let that one end first.")
        raise Refused("taken", message, field="valid_from", status=409)
    write_row(row, "sign_rule", actor=actor, now=now, seen=seen)
    sign_rules.forget()
    return row


def signing_head(matter: Matter, user: User, now: datetime) -> Post | None:
    """The head who signs before an answer of ``user`` leaves; None where nobody has to, or nobody is there.

    A head signs nothing of their own. No statement where no organisation asks for it.
    """
    if matter.holder is None or matter.holder.organisation_id is None:
        return None
    body, day = matter.holder.organisation_id, today(now)
    rules = [rule for rule in sign_rules() if rule.organisation_id == body and rule.counts_on(day)]
    for rule in rules:
        if not people.holds(user, rule.head_id, now) and people.holders(rule.head, now):
            return rule.head
    return None
