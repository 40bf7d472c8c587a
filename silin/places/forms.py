"""What the desk's pages of the register ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silin.lib.datum import Datum
from silin.lib.refusal import Refused
from silin.places.hours import parse_hours, say_hours
from silin.places.models import (
    YES_OR_NO,
    Block,
    Building,
    Estate,
    EstateFigure,
    Facility,
    FacilityKind,
    GridParty,
    NetKind,
    Place,
)
from silin.places.pointing import read_point, shown_point
from silin.places.queries import buildings_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EMPTY = {"required": _("Please fill this in.")}
CHOOSE = _("Please choose")
UNKNOWN = (("", pgettext_lazy("yes or no", "not known")), ("1", _("yes")), ("0", _("no")))


def words(
    label: StrOrPromise, *, most: int = 60, required: bool = True, hint: StrOrPromise = ""
) -> forms.CharField:
    """One line of words."""
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, error_messages=EMPTY
    )


def yes_or_no(label: StrOrPromise, hint: StrOrPromise = "") -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=label,
        choices=UNKNOWN,
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
        help_text=hint,
    )


def whole(label: StrOrPromise, *, most: int = 100_000, required: bool = False) -> forms.IntegerField:
    """A whole number from 0 on."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=required,
        error_messages=EMPTY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def day(label: StrOrPromise, *, required: bool = True) -> forms.DateField:
    """A day, chosen from a calendar where the browser has one."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, error_messages=EMPTY, widget=widget)


def choice(label: StrOrPromise, *, required: bool = True) -> forms.ChoiceField:
    """One of a list that the form fills in."""
    return forms.ChoiceField(label=label, required=required, error_messages=EMPTY)


def as_typed(row: Any, names: Sequence[str]) -> dict[str, Any]:
    """The values of a row as its form shows them."""
    shown = {name: getattr(row, name) for name in names}
    return {name: "10"[not value] if isinstance(value, bool) else value for name, value in shown.items()}


class EstateForm(forms.Form):
    """An estate: its name and what it lacks."""

    name = words(_("Name of the estate"))
    built_year = forms.IntegerField(label=_("Built in the year"), required=False)
    no_manager = yes_or_no(_("No property company"))
    no_responsible = yes_or_no(_("No responsible unit"))
    no_guard = yes_or_no(_("No guarding"))
    handed_over = yes_or_no(_("Handed over by a firm with water, power, heating and upkeep"))
    handed_over_by = words(_("Which firm"), required=False)
    renewal = forms.ChoiceField(
        label=_("Renewal"), required=False, choices=[("", CHOOSE), *Estate.Renewal.choices]
    )

    @classmethod
    def of(cls, estate: Estate) -> dict[str, Any]:
        """What it shows first."""
        return as_typed(estate, list(cls.base_fields))


class FigureForm(forms.Form):
    """A figure of an estate as it was on a day, and who says so."""

    value = whole(_("How many"), required=True)
    as_of = day(_("As of which day"))
    said_by = words(_("Who said so"), hint=_("“The property company”, “counted on the spot”."))

    def __init__(self, name: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if name in YES_OR_NO:
            self.fields["value"] = forms.TypedChoiceField(
                label=EstateFigure.Name(name).label, choices=UNKNOWN[1:], coerce=int, error_messages=EMPTY
            )


class PointForm(forms.Form):
    """A form with a point; ``opens_at`` is where its map opens (None: where the community is)."""

    opens_at: tuple[float, float] | None = None


class BuildingForm(PointForm):
    """A building and the grid that answers for it."""

    number = words(_("Number of the building"), most=12)
    point = words(
        _("Longitude and latitude"),
        required=False,
        hint=_("“107.1501, 34.3602”. With a point, the grid is found by itself."),
    )
    datum = forms.ChoiceField(label=_("From which map"), required=False)
    grid = choice(_("Grid"), required=False)
    entrances = whole(_("Entrances"), most=99, required=True)
    floors = whole(_("Floors"), most=200, required=True)

    def __init__(self, estate: Estate, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.community = estate.place
        set_datums(self)
        grids = Place.objects.active().below(estate.place).order_by("code")
        set_choices(self, "grid", [("", CHOOSE), *((each.code, each.short_name) for each in grids)])

    @staticmethod
    def of(building: Building) -> dict[str, Any]:
        """What it shows first."""
        shown = {name: getattr(building, name) for name in ("number", "entrances", "floors")}
        return {**shown, **shown_point(building.lon, building.lat), "grid": building.grid.code}

    def clean(self) -> dict[str, Any]:
        """The values of the row; the grid is the one that was chosen, else the one the point lies in."""
        data = super().clean() or {}
        point, datum = data.pop("point", ""), data.pop("datum", "")
        chosen = Place.objects.filter(code=data.get("grid", "")).first()
        if self.errors:
            return data
        spot = read_point(self, self.community, point, datum) if point else None
        grid = chosen or (spot.place if spot else None)
        if grid is None and not self.errors:
            self.add_error("grid", _("Choose the grid, or point to the building."))
        at = (spot.lon, spot.lat) if spot else (None, None)
        return {**data, "grid": grid, "lon": at[0], "lat": at[1]}


class EntranceForm(forms.Form):
    """What is known about one entrance."""

    number = words(_("Which entrance"), most=12)
    households = whole(_("Households"), most=999)
    lift = yes_or_no(_("It has a lift"))


class BlockForm(forms.Form):
    """A block."""

    name = words(_("Name of the block"), hint=_("“Jingyi Road, north side”."))


class AreaForm(forms.Form):
    """A functional area."""

    name = words(_("Name of the area"))
    name_en = words(_("English name"), most=120, required=False)
    code = words(_("Code"), most=24, hint=_("The city's own: the nation gives these areas none."))
    active_from = day(_("Since"))


class MemberForm(forms.Form):
    """A place for which an area acts as county."""

    place = words(
        _("Code of the street, community or grid"),
        most=24,
        hint=_("It stands on the page of the place."),
    )
    valid_from = day(_("From"))

    def clean_place(self) -> Place:
        place = Place.objects.filter(code=self.cleaned_data["place"].strip()).first()
        if place is None:
            raise forms.ValidationError(_("We know no place with this number."), code="not_found")
        return place


class EndForm(forms.Form):
    """The day on which something ends."""

    until = day(_("Ends on"))


class PartyForm(forms.Form):
    """The party branch or group of a grid."""

    kind = forms.ChoiceField(label=_("Branch or group"), choices=GridParty.Kind.choices)
    name = words(_("Its name"))
    valid_from = day(_("From"))


class NetForm(forms.Form):
    """A cell of an older net that is part of a grid now."""

    kind = choice(_("Which net"))
    name = words(_("Name of the cell"))
    duty = words(_("The duty that this grid keeps"), most=200)
    merged_on = day(_("Merged on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(each.pk, str(each)) for each in NetKind.objects.all()]
        set_choices(self, "kind", [("", CHOOSE), *kinds])


class FacilityForm(PointForm):
    """A facility: what it is, where it stands, when it is open, who gets in."""

    kind = choice(_("Kind"))
    name = words(_("Name"))
    point = words(
        _("Longitude and latitude"),
        required=False,
        hint=_("“107.1501, 34.3602”. With a point, grid and building are found by themselves."),
    )
    datum = forms.ChoiceField(label=_("From which map"), required=False)
    building = choice(_("Building"), required=False)
    grid = choice(_("Grid"), required=False)
    block = choice(_("Block"), required=False)
    spot = words(_("Where exactly"), required=False, hint=_("“East side of the road”."))
    hours = forms.CharField(
        label=_("Hours"),
        required=False,
        max_length=400,
        help_text=_("“周一至周五 8:30-12:00 14:00-18:00；周六 9:00-12:00”, “24小时”."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    closed_on_days_off = forms.BooleanField(
        label=_("Closed on holidays, open on make-up workdays"), required=False
    )
    telephone = words(_("Telephone"), most=30, required=False)
    capacity = whole(_("Places: beds, seats, spaces"))
    step_free = yes_or_no(_("Reached without steps"))
    accessible_toilet = yes_or_no(_("Toilet for wheelchairs"))
    accessible_parking = yes_or_no(_("Parking for wheelchairs"))
    active_from = day(_("Open since"), required=False)

    def __init__(self, community: Place, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.community = community
        self.buildings = {str(each.pk): each for each in buildings_of(community)}
        self.grids = {each.code: each for each in Place.objects.active().below(community).order_by("code")}
        self.blocks = {str(each.pk): each for each in Block.objects.filter(place=community)}
        self.kinds = {each.pk: each for each in FacilityKind.objects.all()}
        lists: dict[str, dict[str, Any]] = {
            "kind": self.kinds,
            "building": self.buildings,
            "grid": self.grids,
            "block": self.blocks,
        }
        for name, rows in lists.items():
            set_choices(self, name, [("", CHOOSE), *((key, str(row)) for key, row in rows.items())])
        set_datums(self)

    @staticmethod
    def of(facility: Facility) -> dict[str, Any]:
        """What it shows first."""
        names = ["name", "spot", "closed_on_days_off", "telephone", "capacity", "active_from"]
        shown = {name: getattr(facility, name) for name in names}
        yes_no = as_typed(facility, ["step_free", "accessible_toilet", "accessible_parking"])
        has_point = facility.lon is not None and facility.building_id is None
        return {
            **shown,
            **yes_no,
            "kind": facility.kind_id,
            "building": facility.building_id,
            "block": facility.block_id,
            "grid": facility.place.code,
            "hours": say_hours(facility.hours),
            **(shown_point(facility.lon, facility.lat) if has_point else shown_point(None, None)),
        }

    def clean_hours(self) -> list[list[list[int]]]:
        try:
            return parse_hours(self.cleaned_data["hours"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal

    def clean(self) -> dict[str, Any]:
        """The values of the row: place, building and point follow from what was given first of the three."""
        data = super().clean() or {}
        if self.errors:
            return data
        data["kind"] = self.kinds[data["kind"]]
        data["block"] = self.blocks.get(data["block"])
        point, datum = data.pop("point"), data.pop("datum")
        building, grid = self.buildings.get(data["building"]), self.grids.get(data.pop("grid"))
        at: tuple[float | None, float | None] = (None, None)
        if point:
            spot = read_point(self, self.community, point, datum)
            if spot is None:
                return data
            place, building, at = spot.place, spot.building, (spot.lon, spot.lat)
        elif building:
            place, at = building.grid, (building.lon, building.lat)
        else:
            place = grid or self.community
        return {**data, "place": place, "building": building, "lon": at[0], "lat": at[1]}


def set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Fill in the list of a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def set_datums(form: forms.Form) -> None:
    """The datums a point may come in."""
    set_choices(form, "datum", [("", CHOOSE), *((each.value, each.value) for each in Datum)])
