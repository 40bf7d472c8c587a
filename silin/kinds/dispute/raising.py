"""The forms by which a dispute is put down: by a resident, a worker, a desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.dispute.actions import PARTIES_AT_MOST, raise_dispute
from silin.kinds.dispute.models import Risk
from silin.lib.refusal import Refused
from silin.matters.categories import leaves
from silin.matters.deeds import By
from silin.matters.forms import SentForm, category_choices, choice_field, set_choices, words_field
from silin.matters.models import Category, Matter
from silin.matters.noting import PlacedForm
from silin.matters.raising import Report
from silin.people.models import Resident

QUARREL = "quarrel"


class CategoryMixin(SentForm):
    """What it is about: any category, that of quarrels first."""

    category = choice_field(_("What is it about?"), (), radio=False)

    def offer_categories(self) -> None:
        self.leaves: dict[str, Category] = {leaf.pk: leaf for leaf in leaves()}
        set_choices(self, "category", category_choices(list(self.leaves.values())))
        self.initial.setdefault("category", QUARREL if QUARREL in self.leaves else "")


class OfficeForm(PlacedForm, CategoryMixin):
    """What a worker or a desk hears of a dispute, graded from the first word on."""

    do = "dispute"
    capability = "matters.handle"
    fields_of_engine = {"place": "at"}
    words = words_field(_("What is it about, from both sides?"))
    parties = forms.CharField(
        label=_("Who quarrels?"),
        help_text=_("Names and homes. Only whoever has it and the level above read this."),
        max_length=PARTIES_AT_MOST,
        required=False,
    )
    risk = choice_field(_("How grave is it?"), Risk.choices)

    def __init__(self, user: User, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(user, now, *args, **options)
        self.channel = "worker"
        self.fields["at"].required = True
        self.offer_categories()
        self.initial.setdefault("risk", Risk.GREEN)
        grids = [(f"g:{grid.pk}", grid.short_name) for grid in self.grids]
        self.offer(self.search() if self.asked else grids)

    def submit(self) -> Matter | None:
        """Put it down; None when the form now says why not."""
        return self.try_to(self._raise)

    def _raise(self) -> Matter:
        sent = self.cleaned_data
        category = self.leaves[sent["category"]]
        report = Report(words=sent["words"], category=category, channel=self.channel, **self.where_it_is())
        by = By(self.user, self.now, client_id=sent["client_id"])
        return raise_dispute(by, report, parties=sent["parties"], risk=sent["risk"])


class ResidentForm(SentForm):
    """What a resident says of a dispute at home."""

    do = "dispute"
    words = words_field(_("What is the quarrel about?"), _("Never shown to neighbours."))
    parties = forms.CharField(
        label=_("With whom? You need not say."), max_length=PARTIES_AT_MOST, required=False
    )

    def __init__(self, user: User, now: datetime, home: Resident, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.now, self.home = user, now, home

    def submit(self) -> Matter | None:
        """Raise it at the person's home; None when the form now says why not."""
        return self.try_to(self._raise)

    def _raise(self) -> Matter:
        sent, home = self.cleaned_data, self.home
        category = next((leaf for leaf in leaves() if leaf.pk == QUARREL), None)
        if category is None:
            raise Refused("no_category", _("Please call your community."))
        where: dict[str, Any] = {"building": home.building} if home.building else {"place": home.place}
        by = By(self.user, self.now, client_id=sent["client_id"])
        return raise_dispute(
            by, Report(words=sent["words"], category=category, **where), parties=sent["parties"]
        )
