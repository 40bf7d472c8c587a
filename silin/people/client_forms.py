"""The forms by which a system is let in and gets another key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silin.accounts import clients
from silin.lib.ids import new_id
from silin.lib.refusal import Refused
from silin.people.clients import AboutClient, post_kinds
from silin.people.forms import EMPTY, DayField, TriedForm
from silin.people.models import Organisation, OrganisationQuerySet
from silin.places.models import Place

CHOOSE = {"required": EMPTY["invalid_choice"], "invalid_choice": EMPTY["invalid_choice"]}


class ClientForm(TriedForm):
    """What is said of a system that is let in."""

    name = forms.CharField(
        label=_("What the system is called"),
        help_text=_("It stands so in the story of a matter. At most 40 characters."),
        max_length=clients.NAME_AT_MOST,
        error_messages=EMPTY,
    )
    kind = forms.ChoiceField(label=_("What it does"), widget=forms.RadioSelect(), error_messages=CHOOSE)
    place = forms.CharField(
        label=pgettext_lazy("client", "For which place"),
        help_text=_("Its 12-digit code, or its name. It reaches that place and what lies beneath."),
        max_length=60,
        error_messages=EMPTY,
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        help_text=_("Only for the system of a bureau: it sees what that bureau was called to."),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="—",
    )
    scopes = forms.MultipleChoiceField(
        label=_("How far its key goes"),
        help_text=_("Never further than what its post allows."),
        choices=list(clients.SCOPES.items()),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={**CHOOSE, "required": _("Please choose what the key is for.")},
    )
    per_minute = forms.IntegerField(
        label=_("Calls a minute, at most"), initial=clients.PER_MINUTE, error_messages=EMPTY
    )
    until = DayField(label=_("Until (that day no longer)"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)

    def __init__(self, *args: Any, city: Place, bodies: OrganisationQuerySet, **options: Any) -> None:
        options["initial"] = {"place": city.code}
        super().__init__(*args, **options)
        self.city = city
        kind, organisation = self.fields["kind"], self.fields["organisation"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(organisation, forms.ModelChoiceField)
        kind.choices = [(each.pk, str(each)) for each in post_kinds()]
        organisation.queryset = bodies

    def about(self) -> AboutClient:
        """What was said. Raises ``Refused`` (``no_place``)."""
        sent = dict(self.cleaned_data)
        place, until, pk = self._place(sent.pop("place")), sent.pop("until"), sent.pop("key")
        return AboutClient(place=place, valid_until=until, pk=pk, **sent)

    def _place(self, text: str) -> Place:
        rows = Place.objects.under(self.city).active()
        found = list((rows.filter(code=text) or rows.filter(name=text))[:2])
        if len(found) == 1:
            return found[0]
        message = _("Several places are called so: please give the code.") if found else _("No such place.")
        raise Refused("no_place", message, field="place")


class RenewForm(TriedForm):
    """Until when another key is good."""

    until = DayField(label=_("The new key is good until (that day no longer)"), required=False)
