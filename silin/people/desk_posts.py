"""One post as desks see it: who holds it, giving and ending it; setting posts up; what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people.actions import appoint, close_post, end, seat_mark
from silin.people.doors import for_posts, viewer
from silin.people.forms import AppointForm
from silin.people.inviting import person_for
from silin.people.models import Holding, Post, today
from silin.people.vacancies import gaps
from silin.places.models import Place

SEE, EDIT = "people.see", "people.edit"
PAST = 20


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, post: UUID) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: one post and its people; who may edit gives and ends it."""
    user, now = viewer(request), timezone.now()
    row = Post.objects.select_related("kind", "place__parent", "building__estate", "organisation").filter(
        pk=post
    )
    found = row.first()
    if found is None or not user.has_perm(SEE, found):
        raise NotFound
    form = _form(found, now)
    refusal: Refused | None = None
    if request.method == "POST":
        if not user.has_perm(EDIT, found):
            raise NotAllowed
        form, refusal = _act(request, found, user, now)
        if form.status == 200 and refusal is None:
            return HttpResponseRedirect(f"{reverse('people:desk_post', args=[found.pk])}?done=1", status=303)
    context = _context(found, user, now)
    context |= {"form": form, "refusal": refusal, "done": request.GET.get("done") == "1"}
    status = refusal.status if refusal else form.status
    return render(request, "people/desk/post.html", context, status=status)


def _form(post: Post, now: datetime, data: Any = None) -> AppointForm:
    initial = {"seen": seat_mark(post, now)}
    return AppointForm(data, initial=initial, with_origin=post.kind.with_origin)


def _act(request: HttpRequest, post: Post, user: User, now: datetime) -> tuple[AppointForm, Refused | None]:
    """Do what was asked; a form that was refused comes back as it was typed."""
    if request.POST.get("do") == "appoint":
        form = _form(post, now, request.POST)
        form.try_to(lambda: _appoint(form, post, user, now))
        if form.refusal is not None and form.refusal.code == "changed":
            sent = request.POST.copy()
            sent["seen"] = seat_mark(post, now)
            form.data = sent
        return form, None
    try:
        if request.POST.get("do") == "close":
            close_post(post, actor=user, now=now)
        else:
            end(_holding(request, post), actor=user, now=now)
    except NotFound:
        raise
    except Refused as refusal:
        return _form(post, now), refusal
    return _form(post, now), None


@transaction.atomic
def _appoint(form: AppointForm, post: Post, actor: User, now: datetime) -> Holding:
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


def _context(post: Post, user: User, now: datetime) -> dict[str, Any]:
    day = today(now)
    rows = post.holdings.select_related("user").order_by("stand_in", "-valid_from")
    going = [each for each in rows if each.valid_until is None or each.valid_until > day]
    return {
        "post": post,
        "going": going,
        "past": [each for each in rows if each not in going][:PAST],
        "day": day,
        "edits": user.has_perm(EDIT, post) and post.closed_on is None,
        "list_url": reverse("people:desk_posts_place", args=[post.place.code]),
    }


@for_posts(SEE)
@require_safe
def missing(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: grids without leader or worker, buildings without a head."""
    place = Place.objects.filter(code=code).first()
    if place is None or not request.user.has_perm(SEE, place):
        raise NotFound
    context = {"place": place, "gaps": gaps(place, timezone.now())}
    context["list_url"] = reverse("people:desk_posts_place", args=[place.code])
    return render(request, "people/desk/gaps.html", context)
