"""What a report asks, one question a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from silin.kinds.report.actions import PHOTOS_AT_MOST, SPOT_AT_MOST, Spot
from silin.lib.refusal import Refused
from silin.matters.categories import leaves
from silin.matters.forms import category_choices, set_choices
from silin.matters.models import Category
from silin.people.models import Resident
from silin.places.levels import Level
from silin.places.models import Building, Estate, Place

OTHER = "other"


class ManyFiles(forms.ClearableFileInput):
    """Several photos in one field."""

    allow_multiple_selected = True


class ManyPhotos(forms.FileField):
    """The uploads of a field that takes several; what they are is looked at when they are kept."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [each for each in data or [] if each]


class WordsForm(forms.Form):
    """What is wrong?"""

    words = forms.CharField(
        label=_("In a few words, or say it below"),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    voice = forms.FileField(
        label=_("Or say it"),
        required=False,
        help_text=_("At most 5 MB, some five minutes. Only those who work on it hear it."),
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": "user"}),
    )
    photos = ManyPhotos(
        label=_("Photos"),
        required=False,
        help_text=format_lazy(
            _("Up to {n}. Where and when they were taken is read once, then removed."), n=PHOTOS_AT_MOST
        ),
        widget=ManyFiles(attrs={"data-max": PHOTOS_AT_MOST}),
    )


class SpotForm(forms.Form):
    """Where is it?"""

    spot = forms.CharField(
        label=_("Which spot exactly?"),
        required=False,
        help_text=_("“East side, beside the bins”. No house numbers, please."),
        widget=forms.TextInput(attrs={"maxlength": SPOT_AT_MOST}),
    )


class CategoryForm(forms.Form):
    """What is it about? One of ``likely``, or any other from the list."""

    name_withheld = forms.BooleanField(
        label=_("Do not tell my name to those who handle it"),
        help_text=_("Calls then go through the community's desk."),
        required=False,
    )
    use_required_attribute = False
    category = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    another = forms.ChoiceField(
        label=_("All categories"),
        choices=lambda: category_choices(leaves(), _("Please choose a category")),
        required=False,
    )

    def __init__(self, likely: Sequence[Category], data: Any = None, withheld: bool = False) -> None:
        first = likely[0].pk if likely else OTHER
        super().__init__(data, initial={"category": first, "name_withheld": withheld})
        set_choices(self, "category", [*((row.pk, str(row)) for row in likely), (OTHER, _("Something else"))])


def chosen_code(data: Any) -> str:
    """The category that a form or a program chose; empty where it leaves that to the words.

    Raises ``Refused`` (``no_category``) where it is another one, but not which.
    """
    code = str(data.get("category", ""))
    if code != OTHER:
        return code
    if not data.get("another"):
        raise Refused("no_category", _("Please choose what it is about."), field="another")
    return str(data["another"])


def read_answers(data: Any) -> dict[str, Any]:
    """The answers of a program: ``answers`` is a JSON object by key. Raises ``Refused`` (``bad_form``)."""
    try:
        answers = json.loads(data.get("answers") or "{}")
    except ValueError:
        answers = None
    if not isinstance(answers, dict):
        raise Refused("bad_form", _("Answers come as a JSON object."), field="answers")
    return answers


def read_category(code: str) -> Category | None:
    """The category with this code; None for an empty one. Raises ``Refused`` (``no_category``)."""
    if not code:
        return None
    found = next((leaf for leaf in leaves() if leaf.pk == code), None)
    if found is None:
        raise Refused("no_category", _("Please choose one of the list."), field="category")
    return found


def read_id(text: str) -> UUID | None:
    """The client's id of a draft; None where there is none or it is no UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_spot(data: Any, home: Resident | None) -> Spot | None:
    """Where, as a form or a program says it; None where it says nothing.

    ``at`` is ``home``, ``building:7``, ``estate:3``, ``place:<code>`` or empty; a program may say
    ``building`` by itself. Then ``lon``, ``lat`` and ``datum`` (the browser's own datum, WGS-84, where it is
    left out). Raises ``Refused`` (``no_place``, ``bad_point``).
    """
    kind, _colon, key = str(data.get("at", "")).partition(":")
    building = data.get("building", "") or (key if kind == "building" else "")
    if building:
        return Spot(building=_row(Building.objects.select_related("estate", "grid"), building))
    if kind == "estate":
        return _estate(_row(Estate.objects.select_related("place"), key))
    if kind == "place":
        return Spot(place=_place(key))
    if kind == "home" and home is not None:
        return _home(home)
    if data.get("lon") or data.get("lat"):
        return Spot(point=_point(data))
    return None


def _home(home: Resident) -> Spot:
    return Spot(building=home.building) if home.building else Spot(place=home.place)


def _estate(estate: Estate) -> Spot:
    """Its grid where all its buildings lie in one, else its community; its name says the rest."""
    grids = Place.objects.active().filter(pk__in=estate.buildings.values("grid"))[:2]
    return Spot(place=grids[0] if len(grids) == 1 else estate.place, name=estate.name)


def _place(code: str) -> Place:
    found = Place.objects.active().filter(code=code).first()
    if found is None or Level(found.level).depth < Level.COMMUNITY.depth:
        raise _gone()
    return found


def _point(data: Any) -> tuple[float, float, str]:
    try:
        return float(data.get("lon", "")), float(data.get("lat", "")), data.get("datum") or "WGS-84"
    except ValueError as error:
        raise Refused("bad_point", _("That is no point on the map."), field="point") from error


def _row(rows: Any, key: str) -> Any:
    found = rows.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 16 else None
    if found is None:
        raise _gone()
    return found


def _gone() -> Refused:
    return Refused("no_place", _("We do not find that place any more. Please choose again."), field="at")
