"""What a desk types about an address at which a system is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import Client
from silin.exchange.actions import URL_AT_MOST
from silin.matters.happenings import TOLD
from silin.people.forms import EMPTY, TriedForm


class AddressForm(TriedForm):
    """Where to, and of what."""

    url = forms.CharField(
        label=_("Address"),
        help_text=_("Where the system takes messages, as https://system.example/silin"),
        max_length=URL_AT_MOST,
        error_messages=EMPTY,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    actions = forms.MultipleChoiceField(
        label=_("Only these deeds"),
        help_text=_("Choose none to tell of all."),
        choices=list(TOLD.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )


class WebhookForm(AddressForm):
    """A new address: of which system it is."""

    client = forms.ChoiceField(label=_("System"), error_messages=EMPTY)
    field_order = ("client", "url", "actions")

    def __init__(self, *args: Any, clients: Iterable[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["client"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((str(each.pk), str(each)) for each in clients)]
