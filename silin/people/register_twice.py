"""The desk's page of what may stand twice in the register: made one, said to be two, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.lib.http import wants_json
from silin.lib.refusal import NotFound, Refused
from silin.people import doubles, merging
from silin.people.doors import for_posts, viewer
from silin.people.models import Apart, Household, Merge, Person
from silin.people.register_desk import place_of
from silin.people.register_pages import SEE, key_of
from silin.places.models import Place

SHOWN = 20


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def twice(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``households.see`` over the place: who and which home may stand twice in the register."""
    place = place_of(request, code)
    if request.method == "POST":
        try:
            _act(request, viewer(request), timezone.now())
        except Refused as refusal:
            if wants_json(request) or isinstance(refusal, NotFound):
                raise
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("Noted."))
        return redirect("people:desk_households_twice", place.code)
    context = {
        "place": place,
        "people": doubles.people_twice(place),
        "homes": doubles.homes_twice(place),
        "merges": _merges(place),
        "aparts": _aparts(place),
    }
    return render(request, "people/register/twice.html", context)


def _act(request: HttpRequest, user: User, now: datetime) -> None:
    do = request.POST.get("do")
    if do == "undo":
        made = Merge.objects.filter(pk=key_of(request, "merge")).first()
        row = _find(user, made.kind, made.kept) if made else None
        if made is None or row is None:
            raise NotFound
        merging.undo(made, actor=user, now=now)
        return
    kind = request.POST.get("kind", Merge.Kind.PERSON)
    one, other = (_find(user, kind, key_of(request, name)) for name in ("kept", "gone"))
    if one is None or other is None:
        raise NotFound
    if do == "apart":
        doubles.keep_apart(one, other, actor=user, now=now)
    elif do == "again":
        low, high = sorted((one.pk, other.pk))
        for apart in Apart.objects.filter(one=low, other=high):
            doubles.ask_again(apart, actor=user, now=now)
    else:
        merging.merge(one, other, actor=user, now=now)


def _find(user: User, kind: str, key: Any) -> Any:
    model: Any = Household if kind == Merge.Kind.HOUSEHOLD else Person
    row = model.objects.filter(pk=key).first()
    return row if row is not None and user.has_perm(SEE, row) else None


def _homes(place: Place) -> Any:
    within = {"building__grid__path__gte": place.path, "building__grid__path__lt": place.path + "a"}
    return Household.objects.filter(**within)


def _people(place: Place) -> Any:
    return Person.objects.filter(memberships__household__in=_homes(place))


def _merges(place: Place) -> list[Merge]:
    """What was merged here and still stands."""
    people = merging.merges_into(_people(place).values("pk"), Merge.Kind.PERSON, SHOWN)
    return people + merging.merges_into(_homes(place).values("pk"), Merge.Kind.HOUSEHOLD, SHOWN)


def _aparts(place: Place) -> list[Apart]:
    """The pairs of which somebody said that they are two, newest first, each with both rows."""
    rows = Apart.objects.filter(one__in=_people(place).values("pk")) | Apart.objects.filter(
        one__in=_homes(place).values("pk")
    )
    found = list(rows.select_related("by").order_by("-pk")[:SHOWN])
    keys = {key for each in found for key in (each.one, each.other)}
    about = {**Person.objects.in_bulk(keys), **Household.objects.with_home().in_bulk(keys)}
    for each in found:
        each.rows = [about.get(each.one), about.get(each.other)]  # type: ignore[attr-defined]
    return found
