"""Duty lists (权责清单、履职事项清单、准入清单): what a return cites; nobody quietly pushes work away."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import NotFound, Refused
from silin.matters.models import DutyItem, Matter, not_over
from silin.people.models import Post, today
from silin.places.levels import Level

IN_GRIDS = (Level.GRID, Level.MICRO_GRID)


def items_about(matter: Matter, now: datetime) -> list[DutyItem]:
    """The lines of duty lists about such a matter there, the most exact first. One statement."""
    day = today(now)
    category = matter.category
    about = Q(category=None) | Q(category__in=[category.pk, category.parent_id])
    rows = DutyItem.objects.filter(about, not_over(day), place__in=matter.place.path_ids, valid_from__lte=day)
    rows = rows.select_related("organisation", "place").order_by("list", "code", "pk")
    return sorted(rows, key=lambda row: (row.category_id is None, -len(row.place.path)))


def asks_for_a_line(post: Post | None) -> bool:
    """Whether whoever gives back from ``post`` is asked for a line: offices and bureaus, not the grids."""
    return post is not None and post.place.level not in IN_GRIDS


def cited(
    matter: Matter, post: Post | None, item: DutyItem | None, other_reason: bool, now: datetime
) -> dict[str, str]:
    """What the history keeps of the line that a return cites.

    Raises ``Refused``: ``no_item`` where a list says something of such matters and neither a line nor another
    reason is given, ``own_duty`` where the line says that it is that very organisation's; ``NotFound`` for a
    line that says nothing of it.
    """
    if item is None:
        if not other_reason and asks_for_a_line(post) and items_about(matter, now):
            message = _("A duty list says whose it is. Please choose the line, or “another reason”.")
            raise Refused("no_item", message, field="item")
        return {}
    if item not in items_about(matter, now):
        raise NotFound(_("That line says nothing of such a matter."), field="item")
    if post is not None and item.organisation_id is not None and item.organisation_id == post.organisation_id:
        raise Refused("own_duty", _("This line says that it is yours."), field="item", status=409)
    return {"item": str(item.pk), "cites": str(item)}
