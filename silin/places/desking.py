"""What the desk's pages of the register share: the place that is asked for, the crumb, sending a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypedDict, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused, Words
from silin.places import queries
from silin.places.changing import EDIT
from silin.places.levels import Level
from silin.places.models import Place

SEE = "places.see"
SAVED = _("Saved.")
T = TypeVar("T")


def seen_place(request: HttpRequest, code: str, *, edit: bool = False) -> Place:
    """The place, for whoever has ``places.see`` over it (``edit``: ``places.edit``). Raises ``NotFound``."""
    place = queries.get_place(code)
    if not request.user.has_perm(EDIT if edit else SEE, place):
        raise NotFound
    return place


class By(TypedDict):
    """Who changes something, and when: what every verb is told."""

    actor: User
    now: datetime


def by(request: HttpRequest) -> By:
    """Whoever asks, now. Raises ``NotFound`` for a visitor."""
    if not isinstance(request.user, User):
        raise NotFound
    return By(actor=request.user, now=timezone.now())


def found(row: T | None) -> T:
    """The row. Raises ``NotFound`` where there is none."""
    if row is None:
        raise NotFound
    return row


def community_of(place: Place) -> Place:
    """The community of a place: itself or the one it lies in. Raises ``NotFound`` for what is wider."""
    if place.level == Level.COMMUNITY:
        return place
    return found(next((each for each in place.ancestors() if each.level == Level.COMMUNITY), None))


def crumb(place: Place, *ends: tuple[Any, str]) -> list[tuple[str, str]]:
    """The place, then what leads to the page: pairs of words and address."""
    first = (place.short_name, reverse("places:desk_place", args=[place.code]))
    return [first, *((str(words), url) for words, url in ends)]


def send(
    request: HttpRequest, form: BaseForm, act: Callable[[dict[str, Any]], object], said: Words = SAVED
) -> bool:
    """Whether ``act`` did what the (bound) form asks; else the form says what is to be mended."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        mend(form, refusal)
        return False
    messages.success(request, str(said))
    return True
