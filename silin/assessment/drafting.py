"""Working on the next version of the catalogue: one draft, changed row by row, published from a month on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.assessment.linting import problems, where
from silin.assessment.models import AssessedPeriod, Catalogue, Heading, Indicator
from silin.assessment.periods import Period
from silin.facts.parsing import NotRead
from silin.history.actions import record
from silin.history.rows import mark, said, write_row
from silin.lib.refusal import Changed, NotFound, Refused
from silin.places.models import Revision

EDIT = "catalogue.edit"
LOCK = "catalogue"
SPACE = 20
INDICATOR, HEADING = "indicator", "heading"
KINDS: dict[type[Heading | Indicator], str] = {Indicator: INDICATOR, Heading: HEADING}
CODES = {
    "type": re.compile(r"[A-Z]"),
    "task": re.compile(r"[A-Z][1-9]\d?"),
    "item": re.compile(r"[A-Z][1-9]\d?\.[1-9]\d?"),
    "indicator": re.compile(r"[A-Z][1-9]\d?\.[1-9]\d?\.[1-9]\d?"),
}
Said = TypeVar("Said", Heading, Indicator)


@transaction.atomic
def open_draft(*, actor: User | None, now: datetime) -> Catalogue:
    """The draft that is worked on; where there is none, a copy of the newest version becomes it.

    Two who begin at once work on one draft. Raises ``NotFound`` where there is no catalogue to begin from.
    """
    Revision.objects.hold(LOCK)
    if (draft := Catalogue.objects.draft()) is not None:
        return draft
    base = Catalogue.objects.newest()
    if base is None:
        raise NotFound
    draft = Catalogue.objects.create(
        number=base.number + 1, effective_from=earliest(base, now), made_at=now, made_by=actor
    )
    Heading.objects.bulk_create(_spaced(base.headings.all(), draft))
    Indicator.objects.bulk_create(_spaced(base.indicators.all(), draft))
    _record(draft, "draft_opened", actor, now, {"from": base.number})
    return draft


def copied(row: Said, catalogue: Catalogue) -> Said:
    """``row`` for another version, not yet written."""
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(row, name) for name in fields} | {"catalogue_id": catalogue.pk}
    return type(row)(**values)


def _spaced(rows: Iterable[Said], draft: Catalogue) -> Iterator[Said]:
    """Copies in their order, with room between them for new rows."""
    for at, row in enumerate(rows, 1):
        made = copied(row, draft)
        made.order = at * SPACE
        yield made


@transaction.atomic
def set_row(row: Heading | Indicator, *, actor: User | None, now: datetime, seen: str | None = None) -> bool:
    """Let the draft hold ``row``, a new one too; gives whether anything was different.

    ``seen`` as in ``write_row``. Raises ``Refused`` (``published``, ``bad_code``, ``no_parent``, what an
    expression says, ``taken``) and ``Changed``. What a single row cannot know stays for the publishing.
    """
    draft = _held(row.catalogue)
    if row._state.adding:
        check_code(row, set(draft.headings.values_list("code", flat=True)))
        row.order = _place_of(row, draft)
    if isinstance(row, Indicator):
        check_expressions(row)
    return write_row(row, KINDS[type(row)], actor=actor, now=now, seen=seen)


@transaction.atomic
def remove_row(row: Heading | Indicator, *, actor: User | None, now: datetime, seen: str) -> None:
    """Take a row out of the draft. Raises ``Refused`` (``published``, ``has_rows``) and ``Changed``."""
    draft = _held(row.catalogue)
    held = type(row)._default_manager.filter(pk=row.pk).first()
    if held is None or mark(held) != seen:
        raise Changed()
    if isinstance(held, Heading) and _under(held, draft):
        message = _("There are indicators or items under it. Take those out first.")
        raise Refused("has_rows", message, status=409)
    before = said(held)
    held.delete()
    _record(draft, "row_removed", actor, now, {"code": row.code, "before": before})


@transaction.atomic
def throw_away(draft: Catalogue, *, actor: User | None, now: datetime) -> None:
    """Drop the draft with everything that was changed in it. Raises ``Refused`` (``published``)."""
    held = _held(draft)
    _record(held, "draft_dropped", actor, now, {})
    held.delete()


@transaction.atomic
def publish(
    draft: Catalogue, *, effective_from: Period, note: str, seen: str, actor: User | None, now: datetime
) -> Catalogue:
    """Bring the draft into force from the month ``effective_from`` on; from then on it never changes.

    ``seen`` is ``digest_of_rows()`` of what the publisher looked at. Raises ``Changed`` where somebody has
    changed it since, ``Refused`` (``published``, ``nothing_new``, ``problems``, ``too_early``).
    """
    held, base = _held(draft), Catalogue.objects.newest()
    digest = held.digest_of_rows()
    if digest != seen:
        raise Changed()
    if base is not None and digest == base.digest_of_rows():
        raise Refused("nothing_new", _("Nothing differs from the version in force."))
    found = problems(list(held.headings.all()), list(held.indicators.all()))
    if found:
        words = ngettext("Put %(n)s thing right first.", "Put %(n)s things right first.", len(found))
        raise Refused("problems", words % {"n": len(found)})
    first = earliest(base, now)
    if effective_from.last < first:
        message = _("The figures before %(month)s are final or follow another version. Choose it or later.")
        raise Refused("too_early", message % {"month": f"{first // 100}-{first % 100:02d}"}, field="since")
    held.effective_from, held.note, held.digest, held.published_at = effective_from.last, note, digest, now
    held.save(update_fields=["effective_from", "note", "digest", "published_at"])
    _record(held, "published", actor, now, {"from": held.effective_from, "digest": digest})
    return held


def earliest(base: Catalogue | None, now: datetime) -> int:
    """The first month (YYYYMM) for which a new version may hold.

    None whose figures are final, and none before the version that it follows.
    """
    final = AssessedPeriod.objects.exclude(published_at=None).order_by("-last_ym").first()
    after = final.period.in_its("month").earlier(-1).last if final is not None else 0
    begun = base.effective_from if base is not None else 0
    running = Period.holding(localdate(now)).last
    return max(after, begun) or running


def check_code(row: Heading | Indicator, headings: Collection[str]) -> None:
    """Whether a row may have its code beside ``headings``.

    Raises ``Refused`` (``bad_code``, ``no_parent``), its field is the code.
    """
    level = row.level if isinstance(row, Heading) else INDICATOR
    if not CODES[level].fullmatch(row.code):
        message = _("A type is called S, a task S1, an item S1.2, an indicator S1.2.3.")
        raise Refused("bad_code", message, field="code")
    above = {"task": row.code[:1], "item": row.code.partition(".")[0]}.get(level, row.code.rpartition(".")[0])
    if level != "type" and above not in headings:
        message = _("There is no %(code)s that it could stand under.") % {"code": above}
        raise Refused("no_parent", message, field="code")


def check_expressions(row: Indicator) -> None:
    """Whether both expressions can be read. Raises ``Refused`` with row and column, its field is the one."""
    for name in ("num", "den"):
        try:
            getattr(row, {"num": "numerator", "den": "denominator"}[name])
        except NotRead as error:
            raise Refused(error.code, where(error), field=name) from error
        except ValueError as error:
            message = _("passing() has no place in a denominator.")
            raise Refused("passing", message, field=name) from error


def _held(catalogue: Catalogue) -> Catalogue:
    """The draft, nobody else changing it. Raises ``Refused`` (``published``)."""
    Revision.objects.hold(LOCK)
    held = Catalogue.objects.filter(pk=catalogue.pk, published_at=None).first()
    if held is None:
        message = _("This version counts already, or its draft was thrown away. Begin a new draft.")
        raise Refused("published", message, status=409)
    return held


def _place_of(row: Heading | Indicator, draft: Catalogue) -> int:
    """Its place in the list: right behind the last row of its table whose code comes before its own."""
    rows = list(type(row)._default_manager.filter(catalogue=draft))
    types = list(draft.headings.filter(level=Heading.Level.TYPE).values_list("code", flat=True))
    own = _key(row.code, types)
    before = [each.order for each in rows if _key(each.code, types) < own]
    return max(before, default=-1) + 1


def _key(code: str, types: Sequence[str]) -> tuple[int, ...]:
    at = types.index(code[:1]) if code[:1] in types else len(types)
    return at, *(int(part) for part in re.findall(r"\d+", code))


def _under(heading: Heading, draft: Catalogue) -> bool:
    begins = heading.code if heading.level == Heading.Level.TYPE else f"{heading.code}."
    headings = draft.headings.filter(code__startswith=begins).exclude(pk=heading.pk)
    return headings.exists() or draft.indicators.filter(code__startswith=begins).exists()


def _record(
    draft: Catalogue, action: str, actor: User | None, now: datetime, fields: dict[str, object]
) -> None:
    record(subject=f"catalogue:{draft.number}", action=action, actor=actor, now=now, fields=fields)
