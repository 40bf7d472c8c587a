"""The forms of the register: a home, somebody in it, what becomes of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.people.asking import WORDS_AT_MOST as WORDS_OF_REQUEST
from silin.people.models import Attention, DataRequest, Household
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
    door = forms.CharField(label=_("Door"), max_length=DOOR_AT_MOST)
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


class WrongForm(forms.Form):
    """What is wrong, and what would be right."""

    words = forms.CharField(
        label=_("What is wrong, and what is right?"),
        max_length=WORDS_OF_REQUEST,
        widget=forms.Textarea,
        help_text=_("Only whoever keeps the register of your community reads it."),
    )


class DecideForm(forms.Form):
    """What the office says to somebody who asked."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=DataRequest.Outcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("What you tell them"),
        required=False,
        max_length=WORDS_OF_REQUEST,
        widget=forms.Textarea,
        help_text=_("They read it as you write it. Needed where it is not done: say why."),
    )


class CounterForm(forms.Form):
    """Who stands at the counter, and by what they are known."""

    asker = forms.ChoiceField(
        label=_("Who asks"), choices=DataRequest.Asker.choices, widget=forms.RadioSelect
    )
    identity = forms.ChoiceField(
        label=_("How you know"),
        choices=[each for each in DataRequest.Identity.choices if each[0] != "account"],
        widget=forms.RadioSelect,
    )


class EraseForm(CounterForm):
    """As at the counter, with a tick so that nobody is deleted by a slip of the hand."""

    sure = forms.BooleanField(label=_("Yes, delete what the register says of them"))


class CareForm(forms.Form):
    """Somebody who agreed to be looked in on."""

    person = forms.ChoiceField(label=_("Who agreed"))
    kind = forms.ChoiceField(label=_("Why"))
    agreed = forms.ChoiceField(
        label=_("How they agreed"), choices=Attention.Agreed.choices, widget=forms.RadioSelect
    )


class DaysForm(forms.Form):
    """For how many days something is kept."""

    days = forms.IntegerField(
        label=_("Days after its end"),
        min_value=0,
        help_text=_("0: as long as the row itself."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
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
