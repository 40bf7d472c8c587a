"""The forms by which desks give posts and put organisations and teams down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused
from silin.people.models import Holding, Organisation, Running
from silin.places.models import Estate

T = TypeVar("T")
EMPTY = {"required": _("Please fill this in."), "invalid_choice": _("Please choose one.")}


class DayField(forms.DateField):
    """A day, by the calendar of the browser."""

    def __init__(self, **options: Any) -> None:
        errors = {**EMPTY, "invalid": _("A day looks like 2026-11-27.")}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages=errors, **options)


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


class AppointForm(TriedForm):
    """Who gets a post, from when to when, for good or standing in."""

    who = forms.CharField(
        label=_("Mobile number, e-mail or a colleague's name"), max_length=254, error_messages=EMPTY
    )
    name = forms.CharField(
        label=_("Name, if they have no account yet"),
        help_text=_("They get an account and a message how to sign in."),
        max_length=60,
        required=False,
    )
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
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = parents


class LinkForm(TriedForm):
    """An organisation from a list: the member of an alliance, or who runs an estate and as what."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), error_messages=EMPTY
    )
    since = DayField(label=_("From"), required=False, help_text=_("Left empty: from today on."))

    def __init__(self, *args: Any, among: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = among


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
        field = self.fields["estate"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = estates
