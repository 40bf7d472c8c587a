"""The forms of the register: a home, somebody in it, what becomes of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.people.models import Household
from silin.people.register import DOOR_AT_MOST, NAME_AT_MOST
from silin.people.revealing import PURPOSES, WORDS_AT_MOST


class HomeForm(forms.Form):
    """A home to be put down."""

    building = forms.ChoiceField(label=_("Building"), widget=forms.Select)
    entrance = forms.CharField(label=_("Entrance"), required=False, max_length=DOOR_AT_MOST)
    door = forms.CharField(label=_("Door"), required=False, max_length=DOOR_AT_MOST)
    tenure = forms.ChoiceField(
        label=_("Own or rented"), choices=[("", _("not said")), *Household.Tenure.choices], required=False
    )


class MoveForm(HomeForm):
    """Who moves, and into which home."""

    people = forms.MultipleChoiceField(label=_("Who moves"), widget=forms.CheckboxSelectMultiple)
    field_order = ("people", "building", "entrance", "door", "tenure")


class SameForm(forms.Form):
    """The other writing of a home in the same building."""

    entrance = forms.CharField(label=_("Entrance"), required=False, max_length=DOOR_AT_MOST)
    door = forms.CharField(label=_("Door"), required=False, max_length=DOOR_AT_MOST)


class PersonForm(forms.Form):
    """Somebody who lives there."""

    name = forms.CharField(label=_("Their name"), max_length=NAME_AT_MOST)
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        help_text=_("Only if they want to be told what is meant for their age."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class OwnForm(PersonForm):
    """The same by the person themselves; the number is not shown over their shoulder."""

    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        help_text=_("Leave it empty to keep the one that stands there."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class RevealForm(forms.Form):
    """What the number is needed for."""

    purpose = forms.ChoiceField(
        label=_("What do you need it for?"), choices=list(PURPOSES.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=WORDS_AT_MOST,
        help_text=_("Needed for “something else”. The person can read it."),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)
