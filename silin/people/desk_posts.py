"""One post as desks see it: who holds it, giving and ending it; setting posts up; what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people.actions import (
    appoint,
    change_post,
    close_post,
    end,
    reach_mark,
    reopen_post,
    seat_mark,
    take_back_end,
)
from silin.people.desk_seats import bodies_of
from silin.people.doors import for_posts, place_at, viewer
from silin.people.forms import AppointForm, ReachForm, TriedForm, read_day
from silin.people.inviting import person_for
from silin.people.models import Holding, Post, today
from silin.people.vacancies import gaps

SEE, EDIT = "people.see", "people.edit"
PAST = 20


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, post: UUID) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: one post and its people; who may edit gives and ends it."""
    user, now = viewer(request), timezone.now()
    row = (
        Post.objects.of_people()
        .select_related("kind", "place__parent", "building__estate", "organisation")
        .filter(pk=post)
    )
    found = row.first()
    if found is None or not user.has_perm(SEE, found):
        raise NotFound
    forms: dict[str, TriedForm] = {"appoint": _appoint_form(found, now), "change": _reach_form(found)}
    refusal: Refused | None = None
    if request.method == "POST":
        if not user.has_perm(EDIT, found):
            raise NotAllowed
        done, refusal = _act(request, found, user, now, forms)
        if done:
            return HttpResponseRedirect(f"{reverse('people:desk_post', args=[found.pk])}?done=1", status=303)
    context = _context(found, user, now)
    context |= {"forms": forms, "refusal": refusal, "done": request.GET.get("done") == "1"}
    status = refusal.status if refusal else max(each.status for each in forms.values())
    return render(request, "people/desk/post.html", context, status=status)


def _appoint_form(post: Post, now: datetime, data: Any = None) -> AppointForm:
    initial = {"seen": seat_mark(post, now)}
    return AppointForm(data, initial=initial, with_origin=post.kind.with_origin)


def _reach_form(post: Post, data: Any = None) -> ReachForm:
    initial = {"telephone": post.telephone, "organisation": post.organisation_id, "seen": reach_mark(post)}
    return ReachForm(data, initial=initial, bodies=bodies_of(post.place), auto_id="reach_%s")


def _act(
    request: HttpRequest, post: Post, user: User, now: datetime, forms: dict[str, TriedForm]
) -> tuple[bool, Refused | None]:
    """Do what was asked; whether it is done, and what was refused outside a form."""
    do = request.POST.get("do", "")
    by: dict[str, Any] = {"actor": user, "now": now}
    if do in forms:
        return _act_by_form(request, post, do, by, forms), None
    calls: dict[str, Callable[[], object]] = {
        "close": lambda: close_post(post, **by),
        "reopen": lambda: reopen_post(post, **by),
        "end": lambda: end(_holding(request, post), on=_day(request), **by),
        "take_back": lambda: take_back_end(_holding(request, post), **by),
    }
    if do not in calls:
        raise NotFound
    try:
        calls[do]()
    except NotFound:
        raise
    except Refused as refusal:
        return False, refusal
    return True, None


def _act_by_form(
    request: HttpRequest, post: Post, do: str, by: dict[str, Any], forms: dict[str, TriedForm]
) -> bool:
    """A form that was refused comes back as it was typed, with the mark of how things stand now."""
    sent = request.POST.copy()
    if do == "appoint":
        form: TriedForm = _appoint_form(post, by["now"], sent)
        done = form.try_to(lambda: _appoint(form, post, by["actor"], by["now"])) is not None
        mark = seat_mark(post, by["now"])
    else:
        form = _reach_form(post, sent)
        done = form.try_to(lambda: change_post(post, **form.cleaned_data, **by)) is not None
        post.refresh_from_db()
        mark = reach_mark(post)
    if form.refusal is not None and form.refusal.code == "changed":
        sent["seen"] = mark
    forms[do] = form
    return done


@transaction.atomic
def _appoint(form: TriedForm, post: Post, actor: User, now: datetime) -> Holding:
    sent = dict(form.cleaned_data)
    person = person_for(sent.pop("who"), sent.pop("name"), actor=actor, now=now)
    return appoint(post, person, actor=actor, now=now, **sent)


def _holding(request: HttpRequest, post: Post) -> Holding:
    try:
        wanted = UUID(request.POST.get("holding", ""))
    except ValueError as error:
        raise NotFound from error
    row = Holding.objects.filter(post=post, pk=wanted).select_related("post").first()
    if row is None:
        raise NotFound
    return row


def _day(request: HttpRequest) -> date | None:
    """The last day that was asked for; none is today. Raises ``Refused`` (``bad_dates``)."""
    try:
        return read_day(request.POST.get("on", ""))
    except ValidationError as error:
        raise Refused("bad_dates", " ".join(error.messages), field="on") from error


def _context(post: Post, user: User, now: datetime) -> dict[str, Any]:
    day = today(now)
    rows = post.holdings.select_related("user").order_by("stand_in", "-valid_from")
    going = [each for each in rows if each.valid_until is None or each.valid_until > day]
    return {
        "post": post,
        "going": going,
        "past": [each for each in rows if each not in going][:PAST],
        "day": day,
        "edits": user.has_perm(EDIT, post),
        "list_url": reverse("people:desk_posts_place", args=[post.place.code]),
    }


@for_posts(SEE)
@require_safe
def missing(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: grids without leader or worker, buildings without a head."""
    place = place_at(request, code, SEE)
    context = {
        "place": place,
        "gaps": gaps(place, timezone.now()),
        "edits": request.user.has_perm(EDIT, place),
    }
    context["list_url"] = reverse("people:desk_posts_place", args=[place.code])
    return render(request, "people/desk/gaps.html", context)
