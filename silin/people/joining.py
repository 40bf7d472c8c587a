"""How a resident's account and their entry in the register find each other.

A code of six digits goes to whoever signs in with the number of the register, within ten minutes;
a slip with a link (and its QR picture) works for two weeks, for an entry or for a home whose people nobody
has put down yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits, tokens
from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.people.actions import settle_in
from silin.people.models import Household, Membership, Person, today
from silin.people.register import may_edit

CODE, SLIP = "join", "join_slip"
SLIP_LASTS = timedelta(days=14)
AN_HOUR = timedelta(hours=1)


def give_code(person: Person, *, actor: User, now: datetime) -> str:
    """A code that joins ``person`` to the account with their number; the one before it stops working.

    Raises ``NotAllowed`` or ``Refused`` (``no_phone``, ``joined``).
    """
    may_edit(actor, person)
    _is_free(person)
    if not person.phone:
        raise Refused("no_phone", _("There is no mobile number here. Print a slip instead."))
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        record(subject=person.subject, action="give_code", actor=actor, now=now)
        return tokens.issue_code(CODE, person.subject, now)


def give_slip(row: Person | Household, *, actor: User, now: datetime) -> str:
    """The secret of a slip's link for an entry or a home.

    Raises ``NotAllowed`` or ``Refused`` (``joined``).
    """
    may_edit(actor, row)
    if isinstance(row, Person):
        _is_free(row)
    with transaction.atomic():
        type(row)._default_manager.select_for_update().get(pk=row.pk)
        record(subject=row.subject, action="give_slip", actor=actor, now=now)
        return tokens.issue(SLIP, row.subject, SLIP_LASTS, now)


def join_by_code(user: User, code: str, *, now: datetime) -> Person:
    """``user`` types what the grid worker has told them.

    Raises ``Refused`` (``sign_in`` for a guest, ``too_many``: ten tries an hour; ``token_unknown``,
    ``token_expired``, ``token_used``, ``joined``). Not to be called in a transaction: a wrong try counts.
    """
    if not user.phone_hash:
        raise Refused("sign_in", _("Please sign in with your mobile number first."), field="code")
    limits.count(f"join by {user.pk}", 10, AN_HOUR, now)
    refused = Refused("token_unknown", _("That is not the code. Please look again."), field="code")
    for person in Person.objects.filter(phone_hash=user.phone_hash).order_by("pk"):  # also of a merged entry
        try:
            tokens.redeem(CODE, code, now, subject=person.subject)
        except Refused as refusal:
            refused = refusal
        else:
            return join(person, user, actor=user, now=now, proved=True)
    raise refused


def behind_slip(secret: str, now: datetime) -> Person | Household:
    """The entry or home of a slip that still works. Raises ``Refused`` as ``accounts.tokens.find`` does."""
    kind, _colon, key = tokens.find(SLIP, secret, now).subject.partition(":")
    model: Any = Person if kind == "person" else Household
    row = model.objects.filter(pk=key).first()
    if row is None:
        raise Refused("token_unknown", _("This link leads nowhere. Was it copied whole?"))
    standing: Person | Household = _standing(row)
    return standing


def join_by_slip(user: User, secret: str, *, now: datetime) -> Person:
    """``user`` holds the slip: they are the person it is for, or one of the home it is for.

    Raises ``Refused`` (``sign_in`` for a guest, those of ``behind_slip``, ``joined``).
    """
    if not user.phone_hash:
        raise Refused("sign_in", _("Please sign in with your mobile number first."))
    with transaction.atomic():
        user = _locked(user)
        row = behind_slip(secret, now)
        tokens.redeem(SLIP, secret, now)
        person = row if isinstance(row, Person) else _new_member(row, user, now)
        return join(person, user, actor=user, now=now, proved=True)


@transaction.atomic
def join(person: Person, user: User, *, actor: User, now: datetime, proved: bool = False) -> Person:
    """``person`` of the register is ``user``; from now on the account says that it lives there.

    ``proved`` by a code or a slip; otherwise a desk says so, and the number of the account has to be the one
    in the register. Raises ``NotAllowed`` or ``Refused`` (``joined``, ``other_phone``).
    """
    user = _locked(user)
    person = _hold(person)
    if person.user_id == user.pk:
        return person
    if not proved:
        may_edit(actor, person)
        if not user.phone_hash or user.phone_hash != person.phone_hash:
            raise Refused("other_phone", _("The account has another number than the register."))
    _is_free(person)
    if Person.objects.filter(user=user).exists():
        raise Refused("joined", _("Your account stands in the register already."), field="code", status=409)
    person.user = user
    person.save(update_fields=["user"])
    record(subject=person.subject, action="join", actor=actor, now=now)
    tokens.spend(CODE, person.subject, now)
    tokens.spend(SLIP, person.subject, now)
    _settle(person, user)
    return person


def account_of(person: Person) -> User | None:
    """The account that has the number of the register and no entry yet: a desk may join the two."""
    if not person.phone_hash or person.user_id:
        return None
    rows = User.objects.filter(phone_hash=person.phone_hash, is_active=True, person=None)
    return rows.first()


def _locked(user: User) -> User:
    """The account, locked before its entry: whoever is being deleted joins nothing."""
    row = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).first()
    if row is None:
        raise Refused("sign_in", _("Please sign in with your mobile number first."))
    return row


def _standing(row: Any) -> Any:
    """The row into which ``row`` was merged, if it was: a slip for either of the two works."""
    while row.merged_into_id is not None:
        row = type(row)._default_manager.get(pk=row.merged_into_id)
    return row


def _hold(row: Any) -> Any:
    """The row that stands, locked; looked at again, since somebody may have merged it meanwhile."""
    while True:
        row = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if row.merged_into_id is None:
            return row
        row = _standing(row)


def _is_free(person: Person) -> None:
    if person.user_id is not None:
        raise Refused("joined", _("This entry has an account already."), field="code", status=409)


def _new_member(household: Household, user: User, now: datetime) -> Person:
    known = Person.objects.filter(user=user).first()
    if known is not None:
        raise Refused("joined", _("Your account stands in the register already."), field="code", status=409)
    household = _hold(household)
    person = Person(name=user.name)
    person.set_phone(user.phone)
    person.save(force_insert=True)
    Membership.objects.create(household=household, person=person, since=today(now))
    fields = {"household": str(household.pk)}
    record(subject=person.subject, action="add", actor=user, now=now, fields=fields, first=True)
    return person


def _settle(person: Person, user: User) -> None:
    home = person.memberships.filter(until=None).select_related("household__building__grid").first()
    if home is not None:
        building = home.household.building
        settle_in(user, building.grid, building=building)
