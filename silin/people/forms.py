"""The forms by which desks give posts and put organisations and teams down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.lib.refusal import Refused
from silin.people.models import Holding, Organisation, Running, Shift, Team
from silin.places.models import Building, Estate, Place

T = TypeVar("T")
EMPTY = {"required": _("Please fill this in."), "invalid_choice": _("Please choose one.")}


class DayField(forms.DateField):
    """A day, by the calendar of the browser."""

    def __init__(self, **options: Any) -> None:
        errors = {**EMPTY, "invalid": _("A day looks like 2026-11-27.")}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages=errors, **options)


def read_day(text: str) -> date | None:
    """A day as it was sent outside a form; None where it was left empty. Raises ``ValidationError``."""
    day = DayField(required=False).clean(text)
    return day if isinstance(day, date) else None


class TriedForm(forms.Form):
    """A form that carries the words of a refusal back to the field they belong to."""

    use_required_attribute = False
    refusal: Refused | None = None

    def try_to(self, call: Callable[[], T]) -> T | None:
        """What ``call`` gives; None when the form now says why not."""
        if not self.is_valid():
            return None
        try:
            return call()
        except Refused as refusal:
            if refusal.status == 404:
                raise
            self.refusal = refusal
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.message))
        return None

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return self.refusal.status if self.refusal else 400 if self.is_bound and self.errors else 200


class WhoForm(TriedForm):
    """Who is meant: somebody with an account, or somebody who gets one."""

    who = forms.CharField(
        label=_("Mobile number, e-mail or a colleague's name"), max_length=254, error_messages=EMPTY
    )
    name = forms.CharField(
        label=_("Name, if they have no account yet"),
        help_text=_("They get an account and a message how to sign in."),
        max_length=60,
        required=False,
    )


class AppointForm(WhoForm):
    """Who gets a post, from when to when, for good or standing in."""

    stand_in = forms.BooleanField(label=_("Only stands in while the holder cannot"), required=False)
    since = DayField(label=_("From"), required=False, help_text=_("Left empty: from today on."))
    until = DayField(label=_("Until (that day no longer)"), required=False)
    cross = forms.BooleanField(label=_("Cross post: belongs to another body"), required=False)
    origin = forms.ChoiceField(
        label=_("Comes as"), choices=[("", "—"), *Holding.Origin.choices], required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, with_origin: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not with_origin:
            del self.fields["origin"]


class SeatForm(TriedForm):
    """A seat that is set up: of which kind, where, in which building, for whom."""

    kind = forms.ChoiceField(label=_("Kind of post"), error_messages=EMPTY)
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Place.objects.none(), error_messages=EMPTY, empty_label=None
    )
    building = forms.ModelChoiceField(
        label=_("Building"),
        help_text=_("Only for posts of one building; the seat then lies in its grid."),
        queryset=Building.objects.none(),
        required=False,
        empty_label="—",
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label="—"
    )
    telephone = forms.CharField(
        label=_("Office telephone"),
        help_text=_("Residents see it. Leave it empty to show that of the organisation."),
        max_length=20,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)

    def __init__(
        self, *args: Any, kinds: Any, places: Any, buildings: Any, bodies: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        _choose(self.fields["kind"], kinds)
        _among(self.fields["place"], places)
        _among(self.fields["building"], buildings)
        _among(self.fields["organisation"], bodies)


class ReachForm(TriedForm):
    """How a seat is reached, and to which organisation it belongs."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label="—"
    )
    telephone = forms.CharField(label=_("Office telephone"), max_length=20, required=False)
    seen = forms.CharField(widget=forms.HiddenInput(), required=False, strip=False)

    def __init__(self, *args: Any, bodies: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _among(self.fields["organisation"], bodies)


class OrganisationForm(TriedForm):
    """What is told of an organisation."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=80, error_messages=EMPTY)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices, error_messages=EMPTY)
    parent = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=Organisation.objects.none(), required=False
    )
    telephone = forms.CharField(label=_("Office telephone"), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=100, required=False)
    active_from = DayField(label=_("Exists since"), required=False)

    def __init__(self, *args: Any, parents: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _among(self.fields["parent"], parents)


class LinkForm(TriedForm):
    """An organisation from a list: the member of an alliance."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), error_messages=EMPTY
    )
    since = DayField(label=_("From"), required=False, help_text=_("Left empty: from today on."))

    def __init__(self, *args: Any, among: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _among(self.fields["organisation"], among)


class RunnerForm(LinkForm):
    """Who runs an estate, a block or a shop, as what, and since when."""

    role = forms.ChoiceField(label=_("As"), error_messages=EMPTY)
    field_order = ("role", "organisation", "since")

    def __init__(self, *args: Any, roles: Iterable[Running.Role], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self.fields["role"], [(role.value, role.label) for role in roles])


class EndRunForm(TriedForm):
    """Until when it is run so."""

    on = DayField(label=_("until"), required=False)


class RunForm(TriedForm):
    """Which estate an organisation runs, and as what."""

    estate = forms.ModelChoiceField(label=_("Estate"), queryset=Estate.objects.none(), error_messages=EMPTY)
    role = forms.ChoiceField(
        label=_("As"),
        choices=[each for each in Running.Role.choices if each[0] != Running.Role.KEEPER],
        error_messages=EMPTY,
    )
    since = DayField(label=_("From"), required=False, help_text=_("Left empty: from today on."))

    def __init__(self, *args: Any, estates: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _among(self.fields["estate"], estates)


class TeamForm(TriedForm):
    """What is told of a team."""

    name = forms.CharField(label=_("Name of the team"), max_length=60, error_messages=EMPTY)
    kind = forms.ChoiceField(label=_("Kind"), choices=Team.Kind.choices, error_messages=EMPTY)
    colour = forms.ChoiceField(label=_("Colour"), choices=Team.Colour.choices, required=False)
    joining = forms.CharField(
        label=_("How to join"),
        help_text=_("Residents read it on the page of the community, like “call the desk”."),
        max_length=100,
        required=False,
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label="—"
    )
    key = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, bodies: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _among(self.fields["organisation"], bodies)


class JoinTeamForm(WhoForm):
    """Who joins a team, and whether as its captain."""

    captain = forms.BooleanField(label=_("Leads the team"), required=False)
    named = forms.BooleanField(label=_("Agrees that residents read the name of the captain"), required=False)


class EveryWeekForm(TriedForm):
    """On which weekdays a seat is on duty, from when to when."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        help_text=_("None: the seat has no roster and is always on duty."),
        choices=Shift.Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    times = forms.CharField(
        label=_("From when to when"),
        help_text=_("Like 8:30-17:30; a night goes 17:30-8:30."),
        max_length=20,
        required=False,
    )
    since = DayField(label=_("From"), required=False, help_text=_("Left empty: from today on."))
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)


class SwapForm(TriedForm):
    """Two seats that change places on a day, or on two."""

    one = forms.ChoiceField(label=_("Seat"), error_messages=EMPTY)
    day = forms.ChoiceField(label=_("On the day"), error_messages=EMPTY)
    other = forms.ChoiceField(label=_("swaps with"), error_messages=EMPTY)
    other_day = forms.ChoiceField(label=_("Also on"), required=False)

    def __init__(self, *args: Any, seats: Any, days: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("one", seats), ("other", seats), ("day", days)):
            _choose(self.fields[name], choices)
        _choose(self.fields["other_day"], [("", "—"), *days])


def _among(field: forms.Field, rows: Any) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def _choose(field: forms.Field, choices: Any) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
