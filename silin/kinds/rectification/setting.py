"""The form by which somebody at a desk sets a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.rectification.raising import UNITS, Problem, raise_rectification, seat_of, setting_posts
from silin.lib.refusal import NotFound, Refused
from silin.matters.deeds import By
from silin.matters.forms import CHOOSE, EMPTY, SentForm, words_field
from silin.matters.models import Matter
from silin.people.forms import DayField
from silin.people.models import Organisation
from silin.places.models import Place

CODE_AT_MOST, SAID_AT_MOST, TITLE_AT_MOST = 24, 60, 40


class SetForm(SentForm):
    """What is to be put right, where, until when; everything else may stay empty."""

    do = "set"
    heading = forms.CharField(
        label=_("What falls short, in a few words?"),
        max_length=TITLE_AT_MOST,
        error_messages={"required": EMPTY},
    )
    words = words_field(_("Say what you saw"), _("So that whoever answers there knows what to do."))
    unit = forms.CharField(
        label=_("Which community, street or county?"),
        help_text=_("Its name as it stands in the list, or its code."),
        widget=forms.TextInput(attrs={"list": "set_units", "autocomplete": "off"}),
        error_messages={"required": CHOOSE},
    )
    deadline = DayField(label=_("To be put right by when?"))
    owner = forms.CharField(
        label=_("Does a bureau answer for it, and not the place itself?"),
        help_text=_("The name of the bureau; leave it empty otherwise."),
        required=False,
        max_length=80,
    )
    reference = forms.CharField(label=_("Code of the indicator"), required=False, max_length=CODE_AT_MOST)
    period = forms.CharField(
        label=_("Of which period?"), help_text=_("Like 2026, 2026-Q2 or 2026-06."), required=False
    )
    measured = forms.CharField(label=_("Measured"), required=False, max_length=SAID_AT_MOST)
    target = forms.CharField(label=_("Target"), required=False, max_length=SAID_AT_MOST)

    def __init__(self, user: User, now: datetime, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.user, self.now = user, now

    @property
    def units(self) -> list[Place]:
        """Where the person sets tasks; one statement for each of their posts."""
        posts = setting_posts(self.user, self.now)
        levels = [level.value for level in UNITS]
        found: dict[int, Place] = {}
        for post in posts:
            rows = Place.objects.under(post.place).active().filter(level__in=levels)
            found |= {place.pk: place for place in rows.select_related("parent")}
        return sorted(found.values(), key=lambda place: place.path)

    def submit(self) -> Matter | None:
        """Set it; None when the form now says why not."""
        return self.try_to(self._set)

    def _set(self) -> Matter:
        sent = self.cleaned_data
        problem = Problem(
            heading=sent["heading"],
            words=sent["words"],
            unit=self._unit(sent["unit"]),
            deadline=sent["deadline"],
            owner=self._owner(sent["owner"]),
            **{name: sent[name] for name in ("reference", "period", "measured", "target")},
        )
        return raise_rectification(By(self.user, self.now, client_id=sent["client_id"]), problem)

    def _unit(self, said: str) -> Place:
        asked = said.strip()
        found = [place for place in self.units if asked in (place.code, place.name, place.short_name)]
        if len(found) > 1:
            raise Refused("several", _("Several are called so: write the code."), field="unit")
        if not found:
            raise NotFound(_("No place of yours is called so."), field="unit")
        return found[0]

    def _owner(self, said: str) -> Any:
        if not said.strip():
            return None
        body = Organisation.objects.filter(name=said.strip(), kind=Organisation.Kind.BUREAU).first()
        post = seat_of(body, self.now) if body is not None else None
        if post is None:
            message = _("No bureau of this name has somebody who handles matters.")
            raise Refused("no_owner", message, field="owner")
        return post
