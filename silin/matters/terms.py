"""What a city says of a category from which day on: changed, planned, taken back, brought into force."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.forms.actions import write_form
from silin.forms.models import FormVersion
from silin.forms.schema import Schema
from silin.history.actions import record
from silin.history.rows import line_of, mark, write_row
from silin.lib.refusal import Changed, NotFound, Refused
from silin.lib.remembering import Remembered
from silin.matters.models import SAID, Category, CategoryTerms, Matter
from silin.places.models import Revision

KIND = "category"
CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
NEW = "new"
"""No category is called so: its page would have the address of the page for a new one."""
BEGINNING = date(2000, 1, 1)
"""Since when a category that nobody has changed yet is what it is."""
CATEGORIES = "categories"  # raised when limits change that count for what is open too
LIMITS = ("respond_hours", "handle_days")
NO_CODE = _("A code begins with a small letter; small letters, digits and _ follow, 20 at most.")


def _leaves() -> list[Category]:
    rows = Category.objects.filter(active=True, parent__isnull=False)
    return list(rows.select_related("parent", "questions"))


def _terms() -> dict[str, list[CategoryTerms]]:
    found: dict[str, list[CategoryTerms]] = {}
    for each in CategoryTerms.objects.order_by("category", "-since").select_related("questions"):
        found.setdefault(each.category_id, []).append(each)
    return found


leaves = Remembered(_leaves)
"""The categories that a matter may have, in their order, each with its group."""

terms = Remembered(_terms)
"""What is said of each category, by code, the latest day first."""


def terms_of(category: Category, now: datetime) -> CategoryTerms | None:
    """What holds for ``category`` now; None where nothing was ever written down."""
    return _on(terms().get(category.pk, []), localdate(now))


def limits_of(matter: Matter) -> Category | CategoryTerms:
    """By whose limits its clock counts: the terms it keeps, or later ones that count for what is open too."""
    given = matter.terms
    if given is None:
        return matter.category
    of_category = terms().get(matter.category_id, [])
    return next((each for each in of_category if each.for_open and each.since > given.since), given)


def set_category(
    row: Category, *, actor: User | None, now: datetime, seen: str | None = None, since: date | None = None
) -> Category:
    """Let a category be what ``row`` says, a new one too; what was raised keeps what held then.

    ``since`` is the day from which names, limits, questions and use hold; group, words and place in the list
    hold at once. Without it all holds from today on, and by other limits what is open is counted anew; from
    a later day on they count for what is raised then. ``seen`` as in ``write_row``. Raises
    ``Refused`` (``bad_code``, ``bad_group``, ``taken``, ``bad_day``) and ``Changed``.
    """
    today = localdate(now)
    if row._state.adding and not is_code(row.pk):
        raise Refused("bad_code", NO_CODE, field="code")
    if row.parent is not None and (row.parent_id == row.pk or row.parent.parent_id):
        raise Refused("bad_group", _("A group lies in no other group."), field="parent")
    if since is not None and since < today:
        raise Refused("bad_day", _("It can hold from today on at the earliest."), field="since")
    with transaction.atomic():
        if since is not None and since > today:
            _plan(row, since, actor, now, seen)
        else:
            limits = Category.objects.filter(pk=row.pk).values_list(*LIMITS).first()
            if write_row(row, KIND, actor=actor, now=now, seen=seen):
                hold([row], today, for_open=limits not in (None, (row.respond_hours, row.handle_days)))
    forget()
    return row


def is_code(code: str) -> bool:
    """Whether a category can be called so, also in the address of its page."""
    return CODE.fullmatch(code) is not None and code != NEW


def set_questions(code: str, schema: Schema, *, actor: User | None, now: datetime) -> FormVersion | None:
    """The version of a category's questions that asks ``schema``; None where nothing is asked."""
    return write_form(f"{KIND}.{code}", schema, actor=actor, now=now) if schema else None


@transaction.atomic
def drop_plan(category: Category, since: date, *, actor: User | None, now: datetime) -> None:
    """Take back what was to hold from a later day on. Raises ``NotFound`` where there is no such plan."""
    Category.objects.select_for_update().get(pk=category.pk)
    planned = CategoryTerms.objects.filter(category=category, since=since, since__gt=localdate(now))
    if not planned.delete()[0]:
        raise NotFound
    fields = {"since": since.isoformat()}
    record(subject=line_of(KIND, category), action="drop", actor=actor, now=now, fields=fields)
    forget()


def bring_into_force(now: datetime) -> None:
    """By the clock, each night: the rows say what holds from today on."""
    for category in Category.objects.all():
        holding = _on(_terms_of_row(category), localdate(now))
        if holding is not None and holding.said() != category.said():
            with transaction.atomic():
                row = Category.objects.select_for_update().get(pk=category.pk)
                _say(row, holding)
                write_row(row, KIND, actor=None, now=now)
    forget()


def hold(rows: Iterable[Category], since: date, *, for_open: bool = False) -> None:
    """Write down that the rows hold from ``since`` on, with ``for_open`` for running clocks too."""
    CategoryTerms.objects.bulk_create(
        [CategoryTerms(category=row, since=since, for_open=for_open, **row.said()) for row in rows],
        update_conflicts=True,
        unique_fields=["category", "since"],
        update_fields=[*SAID, "for_open"] if for_open else list(SAID),
    )
    if for_open:
        Revision.objects.bump(CATEGORIES)


def forget() -> None:
    """The rows were changed: read them anew."""
    leaves.forget()
    terms.forget()


def _plan(row: Category, since: date, actor: User | None, now: datetime, seen: str | None) -> None:
    """What is dated waits; the row as it stands keeps it off until then."""
    old = Category.objects.select_for_update().filter(pk=row.pk).first()
    if old is None:
        raise Refused("new", _("A new category holds from today on."), field="since")
    if seen is not None and seen != mark(old):
        raise Changed()
    hold([row], since)
    after = row.said()
    _say(row, old)
    write_row(row, KIND, actor=actor, now=now)
    fields = {"since": since.isoformat(), "after": after}
    record(subject=line_of(KIND, row), action="plan", actor=actor, now=now, fields=fields)


def _say(row: Category, said: Category | CategoryTerms) -> None:
    for name, value in said.said().items():
        setattr(row, name, value)


def _on(rows: Iterable[CategoryTerms], day: date) -> CategoryTerms | None:
    return next((each for each in rows if each.since <= day), None)


def _terms_of_row(category: Category) -> list[CategoryTerms]:
    return list(CategoryTerms.objects.filter(category=category).order_by("-since"))
