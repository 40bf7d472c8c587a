"""Vetoes are declared, appealed against, ruled on by somebody else, or withdrawn; totals stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.assessment.assessing import assessed_places
from silin.assessment.league import is_on
from silin.assessment.models import Veto
from silin.assessment.models.vetoes import ym
from silin.history.actions import record
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.lib.text import clean_words
from silin.notices.actions import Message, queue
from silin.people import queries as people
from silin.people.models import Holding, today
from silin.places.models import Place, Revision

DECIDE, APPEAL = "vetoes.decide", "matters.triage"
LOCK = "vetoes"
MONTHS_AT_MOST = 24
EVENT_AT_MOST, BASIS_AT_MOST, WORDS_AT_MOST = 300, 500, 2000


@dataclass(frozen=True)
class AboutVeto:
    """What is declared: where, for which event, by which rule, what it leaves, from which month to which."""

    place: Place
    event: str
    happened_on: date
    basis: str
    cap: int
    first_ym: int
    last_ym: int

    @classmethod
    def of(cls, row: Veto) -> AboutVeto:
        """What ``row`` says."""
        return cls(**{each.name: getattr(row, each.name) for each in fields(cls)})

    def cleaned(self) -> AboutVeto:
        """It with its words as they are kept. Raises ``Refused`` (``missing``, ``too_long``)."""
        plain = self.event.rstrip(" 。.\n")  # the pages that quote it end the sentence
        event = clean_words(plain, field="event", at_least=1, at_most=EVENT_AT_MOST)
        basis = clean_words(self.basis, field="basis", at_least=1, at_most=BASIS_AT_MOST)
        return AboutVeto(**{**self.values(), "event": event, "basis": basis})

    def values(self) -> dict[str, Any]:
        """It by column."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def may_decide(user: User, place: Place, now: datetime) -> bool:
    """Whether somebody decides on vetoes of ``place``: from above it, and with no post in it."""
    covers = people.covers(user, DECIDE, place.path, now)
    return covers and not any(place.contains(post.place.path) for post in people.posts_of(user, now))


def may_rule(user: User, veto: Veto, now: datetime) -> bool:
    """Whether somebody may rule on an appeal: who decides there, neither declared it nor appealed."""
    return may_decide(user, veto.place, now) and user.pk not in (veto.declared_by_id, veto.appealed_by_id)


def may_appeal(user: User, veto: Veto, now: datetime) -> bool:
    """Whether somebody speaks for the place: a desk of it, or of a place in which it lies."""
    return user.pk != veto.declared_by_id and people.covers(user, APPEAL, veto.place.path, now)


@transaction.atomic
def declare(about: AboutVeto, *, key: UUID, actor: User, now: datetime) -> Veto:
    """Declare a veto and tell the desk of the place. The same ``key`` and words again change nothing.

    Raises ``NotAllowed``, ``Changed`` (``key`` was used for something else) and ``Refused``: ``turned_off``,
    ``bad_place``, ``bad_cap``, ``later``, ``bad_months``, ``too_long``, ``missing``.
    """
    if not may_decide(actor, about.place, now):
        raise NotAllowed(_("You decide on no vetoes of this place."), field="place")
    about = about.cleaned()
    Revision.objects.hold(LOCK)
    if (there := Veto.objects.select_related("place").filter(pk=key).first()) is not None:
        if AboutVeto.of(there) != about or there.declared_by_id != actor.pk:
            raise Changed(_("This form was sent already. Look at the list before you declare another one."))
        return there
    _check(about, now)
    veto = Veto(id=key, declared_by=actor, declared_at=now, **about.values())
    veto.save(force_insert=True)
    codes = {"place": about.place.code, "cap": about.cap, "first": about.first_ym, "last": about.last_ym}
    said = {"basis": about.basis, "happened_on": about.happened_on.isoformat()}
    _record(veto, "declare", about.event, actor, now, {**codes, **said}, first=True)
    _tell(veto, "veto_declared", desk_of(veto, now), actor, now)
    return veto


@transaction.atomic
def appeal(veto: Veto, *, words: str, actor: User, now: datetime) -> Veto:
    """Appeal for the place; who declared it is told, and who may rule. It caps until somebody has ruled.

    Once. The same again changes nothing. Raises ``NotAllowed``, ``Changed``, ``Refused`` (``withdrawn``,
    ``missing``, ``too_long``).
    """
    veto = _held(veto)
    if not may_appeal(actor, veto, now):
        raise NotAllowed
    words = clean_words(words, field="words", at_least=1, at_most=WORDS_AT_MOST)
    if veto.appealed_at is not None:
        if (veto.appealed_by_id, veto.appeal) == (actor.pk, words):
            return veto
        raise Changed(_said(veto.appealed_by, _("%(name)s has appealed already.")))
    if veto.ruling:
        raise Refused("withdrawn", _("It was withdrawn: there is nothing to appeal against."), status=409)
    veto.appeal, veto.appealed_by, veto.appealed_at = words, actor, now
    veto.save(update_fields=["appeal", "appealed_by", "appealed_at"])
    _record(veto, "appeal", words, actor, now, {})
    _tell(veto, "veto_appealed", [veto.declared_by, *deciders(veto, now)], actor, now)
    return veto


@transaction.atomic
def rule(veto: Veto, *, ruling: str, words: str, actor: User, now: datetime) -> Veto:
    """Uphold or lift a veto against which the place has appealed; a lifted one caps no period any more.

    Once, by somebody who neither declared it nor appealed. The same again changes nothing. Raises
    ``NotAllowed``, ``Changed``, ``Refused`` (``no_appeal``, ``bad_ruling``, ``missing``, ``too_long``).
    """
    veto = _held(veto)
    if not may_rule(actor, veto, now):
        raise NotAllowed
    if ruling not in (Veto.Ruling.UPHELD, Veto.Ruling.LIFTED):
        raise Refused("bad_ruling", _("Say whether it is upheld or lifted."), field="ruling")
    if veto.appealed_at is None:
        raise Refused("no_appeal", _("Nobody has appealed against it."), status=409)
    if _close(veto, ruling, words, actor, now, "rule"):
        told = [veto.appealed_by, veto.declared_by, *desk_of(veto, now)]
        _tell(veto, f"veto_{ruling}", told, actor, now)
    return veto


@transaction.atomic
def withdraw(veto: Veto, *, words: str, actor: User, now: datetime) -> Veto:
    """Take back what should not have been declared, while nobody has appealed; it caps no period any more.

    The same again changes nothing. Raises ``NotAllowed``, ``Changed``, ``Refused`` (``appealed``,
    ``missing``, ``too_long``).
    """
    veto = _held(veto)
    if not may_decide(actor, veto.place, now):
        raise NotAllowed
    if veto.appealed_at is not None:
        message = _("There is an appeal against it: somebody who did not declare it rules on that.")
        raise Refused("appealed", message, status=409)
    if _close(veto, Veto.Ruling.WITHDRAWN, words, actor, now, "withdraw"):
        _tell(veto, "veto_withdrawn", [veto.declared_by, *desk_of(veto, now)], actor, now)
    return veto


def deciders(veto: Veto, now: datetime) -> list[User]:
    """Who may decide on vetoes of its place today, by the posts above it. One statement."""
    rows = Holding.objects.current(today(now)).of_people().filter(post__place__in=veto.place.path_ids[:-1])
    return [each.user for each in rows.select_related("user", "post__kind") if _decides(each)]


def desk_of(veto: Veto, now: datetime) -> list[User]:
    """Who sits at the desk of its place, or at the nearest one above where that is vacant."""
    post = people.desk_over(veto.place, now)
    return people.holders(post, now) if post is not None else []


def _check(about: AboutVeto, now: datetime) -> None:
    if not is_on(about.place):
        raise Refused("turned_off", _("Vetoes are turned off in this city."), status=409)
    if about.place not in assessed_places():
        message = _("This place is not assessed. Choose a community, a street or a county.")
        raise Refused("bad_place", message, field="place")
    if about.cap not in Veto.Cap.values:
        raise Refused("bad_cap", _("Say what is the best grade that it leaves."), field="cap")
    if about.happened_on > localdate(now):
        raise Refused("later", _("This day is still to come."), field="happened_on")
    if about.first_ym < ym(about.happened_on):
        message = _("It counts from the month of the event on at the earliest.")
        raise Refused("bad_months", message, field="first")
    if about.last_ym < about.first_ym:
        raise Refused("bad_months", _("It cannot end before it begins."), field="last")
    if _months(about) > MONTHS_AT_MOST:
        too_long = _("It counts for %(n)d months at most.") % {"n": MONTHS_AT_MOST}
        raise Refused("bad_months", too_long, field="last")


def _months(about: AboutVeto) -> int:
    """For how many months it counts."""
    first, last = (divmod(each, 100) for each in (about.first_ym, about.last_ym))
    return (last[0] - first[0]) * 12 + last[1] - first[1] + 1


def _held(veto: Veto) -> Veto:
    """The row as it stands, for nobody else until the commit."""
    Veto.objects.select_for_update().only("pk").get(pk=veto.pk)
    beside = ("place", "declared_by", "appealed_by", "ruled_by")
    return Veto.objects.select_related(*beside).get(pk=veto.pk)


def _close(veto: Veto, ruling: str, words: str, actor: User, now: datetime, action: str) -> bool:
    """Decide, unless that was done: gives whether it is new. Raises ``Changed``, ``Refused``."""
    words = clean_words(words, field="words", at_least=1, at_most=WORDS_AT_MOST)
    if veto.ruling:
        if (veto.ruling, veto.ruled_by_id, veto.why) == (ruling, actor.pk, words):
            return False
        raise Changed(_said(veto.ruled_by, _("%(name)s has decided already. Look at it as it stands now.")))
    veto.ruling, veto.why, veto.ruled_by, veto.ruled_at = ruling, words, actor, now
    veto.save(update_fields=["ruling", "why", "ruled_by", "ruled_at"])
    _record(veto, action, words, actor, now, {"ruling": ruling})
    return True


def _record(
    veto: Veto,
    action: str,
    words: str,
    actor: User,
    now: datetime,
    told: dict[str, Any],
    *,
    first: bool = False,
) -> None:
    record(subject=veto.subject, action=action, actor=actor, now=now, words=words, fields=told, first=first)


def _tell(veto: Veto, name: str, users: Iterable[User | None], actor: User, now: datetime) -> None:
    """A notice for each of ``users`` but whoever acts."""
    until = {"year": veto.last.year, "month": veto.last.month}
    params = {"place": veto.place.short_name, **until}
    link = f"/desk/assessment/{veto.place.code}/vetoes/{veto.pk}/"
    told = {user.pk: user for user in users if user is not None and user.pk != actor.pk}
    queue([Message(name, user, params, link) for user in told.values()], now=now)


def _decides(holding: Holding) -> bool:
    return DECIDE in holding.post.kind.capabilities


def _said(who: User | None, words: Any) -> Any:
    return words % {"name": who or _("Somebody")}
