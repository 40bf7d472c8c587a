"""Routing rules are set up, changed from a day on, and ended; nothing of what they once said is lost."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.history.rows import mark, said
from silin.lib.dates import day_words
from silin.lib.ids import new_id
from silin.lib.refusal import Changed, NotAllowed, NotFound, Refused
from silin.matters import registry
from silin.matters.models import Category, DutyItem, RoutingRule
from silin.matters.routing import BESIDE, rules
from silin.matters.terms import terms
from silin.people.models import Organisation, PostKind, today
from silin.places.models import Place, Revision

EDIT = "routing.edit"
HANDLES = "matters.handle"
LOCK = "routing_rules"


@dataclass(frozen=True)
class AboutRule:
    """What a rule says: its conditions (empty: any), to whom it sends, which line of a duty list it cites."""

    place: Place
    post_kind: PostKind
    category: Category | None = None
    question: str = ""
    answer: str = ""
    kind: str = ""
    when: str = ""
    begins: time | None = None
    ends: time | None = None
    organisation: Organisation | None = None
    duty: DutyItem | None = None

    @classmethod
    def of(cls, row: RoutingRule) -> AboutRule:
        """What ``row`` says."""
        return cls(**{each.name: getattr(row, each.name) for each in fields(cls)})

    def row(self, number: int, day: date, *, key: UUID | None = None) -> RoutingRule:
        """It as a row that counts from ``day`` on, not written yet."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return RoutingRule(id=key or new_id(), number=number, valid_from=day, **values)


def line_of(number: int) -> str:
    """The subject of a rule in the book of deeds, whatever rows it has."""
    return f"routing_rule:{number}"


def rows_of(number: int) -> list[RoutingRule]:
    """What the rule says and said, the latest first; never empty. Raises ``NotFound``."""
    latest = ("-valid_from", F("valid_until").desc(nulls_first=True), "-pk")
    rows = RoutingRule.objects.filter(number=number).select_related(*BESIDE)
    found = list(rows.order_by(*latest))
    if not found:
        raise NotFound
    return found


def next_number() -> int:
    """The number that the next new rule gets."""
    return (RoutingRule.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def add_rule(
    about: AboutRule,
    *,
    day: date,
    actor: User | None,
    now: datetime,
    key: UUID | None = None,
    number: int | None = None,
) -> RoutingRule:
    """Set up a rule that counts from ``day`` on. The same ``key`` again gives the rule that there is.

    ``number`` is one that nobody has used yet; without it, it gets the next one.

    Raises ``NotAllowed``, ``Refused`` (``past``, ``taken``, ``bad_post``, ``bad_kind``, ``bad_answer``,
    ``bad_times``).
    """
    _ask(actor, about.place)
    Revision.objects.hold(LOCK)
    if key is not None and (there := RoutingRule.objects.filter(pk=key).first()):
        return there
    if number is not None and RoutingRule.objects.filter(number=number).exists():
        raise Refused("taken", _("There is a rule of this number already."), field="number", status=409)
    row = about.row(number or next_number(), day, key=key)
    check(row, actor=actor, now=now)
    row.save(force_insert=True)
    _note(row, "add", actor, now, {"after": said(row)}, first=True)
    return row


@transaction.atomic
def change_rule(
    number: int, about: AboutRule, *, day: date, actor: User | None, now: datetime, seen: str | None = None
) -> RoutingRule:
    """Let a rule say something else from ``day`` on; what it said until then stays.

    Today it may have sent something on already: that row ends today, so that what it sent keeps its reason.
    One that is still to come is written over. The same a second time changes nothing. ``seen`` is the
    ``mark`` of what the person looked at. Raises ``Changed``, ``NotAllowed``, ``NotFound`` and ``Refused`` as
    ``add_rule``, and ``later``, ``ended``.
    """
    _ask(actor, about.place)
    old = _held(number, actor)
    if about == AboutRule.of(old) and old.valid_until is None and old.valid_from <= day:
        return old
    _as_seen(old, seen)
    may_change(old, day)
    planned = old.valid_from == day > today(now)
    row = about.row(number, day, key=old.pk if planned else None)
    check(row, actor=actor, now=now)
    before = said(old)
    if not planned:
        old.valid_until = day
        old.save(update_fields=["valid_until"])
    row.save(force_update=old.pk == row.pk, force_insert=old.pk != row.pk)
    _note(row, "change", actor, now, {"before": before, "after": said(row)})
    return row


@transaction.atomic
def end_rule(
    number: int, *, day: date, actor: User | None, now: datetime, seen: str | None = None
) -> RoutingRule:
    """End a rule: from ``day`` on it says nothing. Twice changes nothing. Raises as ``change_rule``."""
    row = _held(number, actor)
    last = max(day, row.valid_from)
    if row.valid_until == last:
        return row
    _as_seen(row, seen)
    may_end(row, day, actor=actor, now=now)
    before = said(row)
    row.valid_until = last
    row.save(update_fields=["valid_until"])
    _note(row, "end", actor, now, {"before": before, "after": said(row)})
    return row


def check(row: RoutingRule, *, actor: User | None, now: datetime) -> None:
    """Whether ``row`` may stand beside the others. Raises ``Refused`` as ``add_rule``."""
    _not_past(row.valid_from, actor, now)
    if not may_be_sent(row.post_kind):
        raise Refused("bad_post", _("That post does not handle matters."), field="post_kind")
    if row.question and (row.question, row.answer) not in answers_of(row.category):
        message = _("That is not asked there. Choose an answer to what this very category asks.")
        raise Refused("bad_answer", message, field="answer")
    if row.kind and row.kind not in registry.kinds():
        raise Refused("bad_kind", _("There is no such kind of matter."), field="kind")
    if (row.begins is None) != (row.ends is None) or (row.begins is not None and row.begins == row.ends):
        message = _("Please say from when to when, or leave both times empty.")
        raise Refused("bad_times", message, field="begins")
    others = RoutingRule.objects.exclude(number=row.number).filter(place=row.place, category=row.category)
    twin = next((each for each in others if each.says_of(row) and each.meets(row)), None)
    if twin is not None:
        message = _("Rule %(number)d has the same conditions. Change that one, or end it first.")
        raise Refused("taken", message % {"number": twin.number}, field="category", status=409)


def answers_of(category: Category | None) -> dict[tuple[str, str], str]:
    """The answers that a rule may look at, by question and code, in words: what can be chosen, nothing typed.

    What is to be asked from a later day on counts as well: the rule may be for that day.
    """
    planned = terms().get(category.pk, []) if category is not None else []
    versions = [each.questions for each in planned] + [category.questions if category is not None else None]
    return {
        (question.key, code): gettext("%(question)s: %(answer)s")
        % {"question": question.label, "answer": question.label_of(code)}
        for version in versions
        if version is not None
        for question in version.schema
        for code in question.codes
    }


def may_be_sent(kind: PostKind) -> bool:
    """Whether a rule may send to such posts: a rule knows places, not who runs an estate."""
    takes = kind.reach != PostKind.Reach.ESTATES and not kind.is_for_systems
    return takes and HANDLES in kind.capabilities


def may_change(row: RoutingRule, day: date) -> None:
    """Whether the latest row of a rule may give way to another from ``day`` on. Raises ``Refused``."""
    _not_ended(row)
    if row.valid_from > day:
        message = _("A change on %(day)s is planned already. Choose that day, or a later one.")
        raise Refused("later", message % {"day": day_words(row.valid_from)}, field="day")


def may_end(row: RoutingRule, day: date, *, actor: User | None, now: datetime) -> None:
    """Whether the latest row of a rule may end on ``day``. Raises ``Refused`` (``ended``, ``past``)."""
    _not_ended(row)
    _not_past(day, actor, now)


def _held(number: int, actor: User | None) -> RoutingRule:
    """The latest row of a rule, for nobody else until the commit."""
    Revision.objects.hold(LOCK)
    row = rows_of(number)[0]
    _ask(actor, row.place)
    return row


def _as_seen(row: RoutingRule, seen: str | None) -> None:
    if seen is not None and seen != mark(row):
        raise Changed


def _not_ended(row: RoutingRule) -> None:
    if row.valid_until is not None:
        message = _("This rule counts until %(day)s only. Set up a new one.")
        raise Refused("ended", message % {"day": day_words(row.valid_until)}, status=409)


def _ask(actor: User | None, place: Place) -> None:
    if actor is not None and not actor.has_perm(EDIT, place):
        raise NotAllowed


def _not_past(day: date, actor: User | None, now: datetime) -> None:
    if actor is not None and day < today(now):
        message = _("What was sent already was sent. Choose today or a day to come.")
        raise Refused("past", message, field="day")


def _note(
    row: RoutingRule,
    action: str,
    actor: User | None,
    now: datetime,
    told: dict[str, Any],
    *,
    first: bool = False,
) -> None:
    record(subject=line_of(row.number), action=action, actor=actor, now=now, fields=told, first=first)
    rules.forget()
