"""The forms by which staff put a new matter down: where it is, and what a desk was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silin.accounts.models import User
from silin.lib.personal import read_phone
from silin.lib.refusal import Refused, Words
from silin.matters.callers import caller_of
from silin.matters.categories import leaves, suggest
from silin.matters.deeds import By
from silin.matters.forms import (
    SentForm,
    category_choices,
    choice_field,
    set_choices,
    words_field,
)
from silin.matters.models import Category, Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.registry import kinds
from silin.people import queries as people
from silin.places.finding import find_spots
from silin.places.levels import Level
from silin.places.models import Building, Estate, Place, natural

GRIDS_AT_MOST = 40  # more are searched for, not listed


def kind_raised_by(who: str) -> str:
    """The kind of matter that ``who`` (worker, desk) puts down: its own one, else the one for anybody."""
    declared = kinds().values()
    own = [kind.key for kind in declared if who in kind.raised_by]
    return (own + [kind.key for kind in declared if "anyone" in kind.raised_by])[0]


class PlacedForm(SentForm):
    """Where it is: one of the listed grids and buildings, or of what a search for words finds.

    ``at`` is ``g:`` and the key of a place, ``b:`` of a building, ``e:`` of an estate; nothing that is not
    offered is accepted, so nobody puts a matter down outside the own territory.
    """

    capability: ClassVar[str]
    where = forms.CharField(label=_("Estate and building"), required=False)
    at = choice_field(_("Where is it?"), (), required=False)
    spot = forms.CharField(label=_("Which spot exactly?"), required=False)

    def __init__(self, user: User, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.now = user, now
        self.territory = people.places_where(user, self.capability, now)
        self.grids = _grids(self.territory)

    @classmethod
    def read(cls, request: HttpRequest, user: User, now: datetime, **first: Any) -> Self:
        """The form as it was sent; unsent (with what was typed) while somebody only searches in it."""
        if request.method != "POST":
            return cls(user, now, initial=first)
        if "look" in request.POST:
            return cls(user, now, initial=request.POST.dict())
        return cls(user, now, request.POST, request.FILES)

    def offer(self, choices: Sequence[tuple[Any, Any]]) -> None:
        """Let ``at`` be one of these; a single one is chosen already."""
        set_choices(self, "at", choices)
        if len(choices) == 1 and isinstance(choices[0][1], str):
            self.initial["at"] = choices[0][0]

    @property
    def lists_grids(self) -> bool:
        """Whether what is offered are the grids, because nothing was searched for."""
        return bool(self.grids) and not self.asked

    @property
    def asked(self) -> str:
        """The words of the search."""
        return str(self["where"].value() or "").strip()

    def search(self) -> list[tuple[str, str]]:
        """What the words of the search mean inside the own territory."""
        found = [spot for place in self.territory for spot in find_spots(self.asked, place)]
        return [choice_of(spot) for spot in dict.fromkeys(found)]

    def where_it_is(self) -> dict[str, Any]:
        """Place, building and spot, as ``Report`` takes them. Raises ``Refused`` (``no_place``)."""
        sort, _colon, key = self.cleaned_data["at"].partition(":")
        spot = self.cleaned_data["spot"]
        if sort == "b":
            return {"building": Building.objects.select_related("estate", "grid").get(pk=key), "spot": spot}
        if sort == "e":
            estate = Estate.objects.select_related("place").get(pk=key)
            return {"place": estate.place, "spot": f"{estate.name} {spot}".strip()}
        if sort == "g":
            return {"place": Place.objects.get(pk=key), "spot": spot}
        raise Refused("no_place", _("Please say where it is."), field="at")


class NoteForm(PlacedForm):
    """What somebody told the desk by telephone or at the counter."""

    do = "note"
    capability = "matters.triage"
    fields_of_engine = {"place": "at"}
    CHANNELS = (("phone", _("by telephone")), ("counter", _("at the counter")))
    channel = choice_field(_("How did it come in?"), CHANNELS)
    words = words_field(_("What is it, in their own words?"))
    category = choice_field(_("Category"), (), required=False, radio=False)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), required=False, max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        help_text=_("To tell them when it is done. Nobody else sees it."),
    )

    def __init__(self, user: User, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(user, now, *args, **options)
        self.fields["at"].required = True
        self.leaves = leaves()
        set_choices(self, "category", category_choices(self.leaves, _("by their words")))
        self.offer(self.search() if self.asked else [choice_of(grid) for grid in self.grids])

    def submit(self) -> Matter | None:
        """Put it down; None when the form now says why not."""
        return self.try_to(self._note)

    def clean_phone(self) -> str:
        """Eleven digits, however they were typed."""
        phone = self.cleaned_data["phone"]
        try:
            return read_phone(phone) if phone else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal

    def _note(self) -> Matter:
        sent = self.cleaned_data
        with transaction.atomic():
            report = Report(
                words=sent["words"],
                category=self._category(),
                channel=sent["channel"],
                on_behalf=True,
                raiser=caller_of(sent["phone"], sent["name"]),
                **self.where_it_is(),
            )
            by = By(self.user, self.now, client_id=sent["client_id"])
            return raise_matter(kind_raised_by("desk"), by, report)

    def _category(self) -> Category:
        chosen = self.cleaned_data["category"]
        if chosen:
            return next(each for each in self.leaves if each.pk == chosen)
        for category, _score in suggest(self.cleaned_data["words"], self.leaves):
            return category
        raise Refused("missing", _("The words do not say it: please choose a category."), field="category")


def _grids(territory: Sequence[Place]) -> list[Place]:
    """The grids of the territory, where they are few enough to list."""
    narrow = [place for place in territory if Level(place.level).depth >= Level.COMMUNITY.depth]
    own = {place.pk: place for place in narrow if place.level in (Level.GRID, Level.MICRO_GRID)}
    for place in narrow:
        if place.level == Level.COMMUNITY:
            rows = Place.objects.under(place).active().of_level(Level.GRID).order_by("code")
            own |= {grid.pk: grid for grid in rows[: GRIDS_AT_MOST + 1]}
    return list(own.values()) if len(own) <= GRIDS_AT_MOST else []


def listed(grids: Sequence[Place]) -> list[tuple[Any, Any]]:
    """Each grid with its buildings, for a list. One statement."""
    groups: list[tuple[Any, Any]] = []
    rows = Building.objects.filter(grid__path__gte=min(grid.path for grid in grids))
    rows = rows.filter(grid__path__lt=max(grid.path for grid in grids) + "a").select_related("estate", "grid")
    buildings = sorted(rows, key=lambda row: (row.estate.name, natural(row.number)))
    for grid in grids:
        inside = [choice_of(each) for each in buildings if grid.contains(each.grid.path)]
        outside: Words = _("%(grid)s, outdoors") % {"grid": grid.short_name}
        groups.append((grid.short_name, [(f"g:{grid.pk}", outside), *inside]))
    return groups


def choice_of(spot: Building | Estate | Place) -> tuple[str, str]:
    if isinstance(spot, Building):
        return f"b:{spot.pk}", f"{spot.name} · {spot.grid.short_name}"
    if isinstance(spot, Estate):
        return f"e:{spot.pk}", f"{spot.name} · {spot.place.short_name}"
    return f"g:{spot.pk}", spot.short_name
