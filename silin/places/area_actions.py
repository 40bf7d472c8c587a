"""Changes to functional areas: what belongs to one, from when to when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.dates import day_words
from silin.lib.refusal import Refused
from silin.places.changing import check_end, clean_name, may_edit
from silin.places.levels import Level
from silin.places.models import AreaMember, FunctionalArea, Place

CODE_AT_MOST = 24


@transaction.atomic
def add_area(
    place: Place,
    *,
    code: str,
    name: str,
    active_from: date,
    actor: User | None,
    now: datetime,
    name_en: str = "",
) -> FunctionalArea:
    """Set up a functional area of a city; ``code`` is the city's own, since the nation gives it none.

    Raises ``NotAllowed``, ``Refused`` (``wrong_level``, ``missing``, ``too_long``, ``code_taken``).
    """
    may_edit(actor, place)
    if place.level != Level.CITY:
        raise Refused("wrong_level", _("A functional area belongs to a city."), field="name")
    Place.objects.select_for_update().get(pk=place.pk)
    code = clean_name(code, "code", CODE_AT_MOST)
    taken = FunctionalArea.objects.filter(code=code).exists() or Place.objects.filter(code=code).exists()
    if taken:
        raise Refused("code_taken", _("The code %(code)s is taken.") % {"code": code}, field="code")
    area = FunctionalArea.objects.create(
        place=place, code=code, name=clean_name(name), name_en=name_en.strip(), active_from=active_from
    )
    fields = {"code": code, "place": place.code, "from": active_from.isoformat()}
    record(subject=area.subject, action="add", actor=actor, now=now, fields=fields)
    return area


@transaction.atomic
def end_area(area: FunctionalArea, until: date, *, actor: User | None, now: datetime) -> FunctionalArea:
    """From ``until`` on the area acts as county for nobody. Ended twice it stays as it was ended first.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates``).
    """
    row = FunctionalArea.objects.select_for_update().select_related("place").get(pk=area.pk)
    may_edit(actor, row)
    if row.active_until is not None:
        return row
    check_end(row.active_from, until)
    row.active_until = until
    row.save(update_fields=["active_until"])
    for member in row.members.filter(valid_until=None):
        member.valid_until = max(until, member.valid_from)
        member.save(update_fields=["valid_until"])
    record(subject=row.subject, action="end", actor=actor, now=now, fields={"until": until.isoformat()})
    return row


@transaction.atomic
def add_member(
    area: FunctionalArea, place: Place, valid_from: date, *, actor: User | None, now: datetime
) -> AreaMember:
    """From a day on the area acts as county for ``place`` and all that lies in it. Said twice it is one row.

    Raises ``NotAllowed``, ``Refused`` (``wrong_level``, ``elsewhere``, ``ended``, ``bad_dates``,
    ``other_area``).
    """
    row = FunctionalArea.objects.select_for_update().select_related("place").get(pk=area.pk)
    held = Place.objects.select_for_update().get(pk=place.pk)
    may_edit(actor, row)
    _check_member(row, held, valid_from)
    open_one = AreaMember.objects.filter(place=held, valid_until=None).select_related("area").first()
    if open_one and open_one.area_id == row.pk:
        return open_one
    if open_one:
        words = {"area": open_one.area, "place": held.short_name}
        message = _("%(area)s acts as county for %(place)s. End that first.") % words
        raise Refused("other_area", message, field="place")
    member = AreaMember.objects.create(area=row, place=held, valid_from=valid_from)
    fields = {"place": held.code, "from": valid_from.isoformat()}
    record(subject=row.subject, action="add_member", actor=actor, now=now, fields=fields)
    return member


def _check_member(area: FunctionalArea, place: Place, valid_from: date) -> None:
    if area.active_until is not None:
        raise Refused("ended", _("This area has ended."), field="place")
    if Level(place.level).depth <= Level.COUNTY.depth:
        message = _("Choose a street, a community or a grid: an area stands beside counties.")
        raise Refused("wrong_level", message, field="place")
    if not area.place.contains(place.path):
        raise Refused("elsewhere", _("That place lies in another city."), field="place")
    if valid_from < area.active_from:
        began = _("The area began on %(day)s.") % {"day": day_words(area.active_from, with_year=True)}
        raise Refused("bad_dates", began, field="valid_from")
    before = AreaMember.objects.filter(place=place, valid_until__gt=valid_from)
    last = before.order_by("valid_until").values_list("valid_until", flat=True).last()
    if last is not None:
        words = {"day": day_words(last, with_year=True)}
        later = _("It belonged to an area until %(day)s. Choose that day or a later one.") % words
        raise Refused("bad_dates", later, field="valid_from")


@transaction.atomic
def end_member(member: AreaMember, until: date, *, actor: User | None, now: datetime) -> AreaMember:
    """From ``until`` on the place has its own county back. Ended twice it stays as it was ended first.

    Raises ``NotAllowed``, ``Refused`` (``bad_dates``).
    """
    area = FunctionalArea.objects.select_for_update().select_related("place").get(pk=member.area_id)
    row = AreaMember.objects.select_related("place").get(pk=member.pk)
    may_edit(actor, area)
    if row.valid_until is not None:
        return row
    check_end(row.valid_from, until)
    row.valid_until = until
    row.save(update_fields=["valid_until"])
    fields = {"place": row.place.code, "until": until.isoformat()}
    record(subject=area.subject, action="end_member", actor=actor, now=now, fields=fields)
    return row
