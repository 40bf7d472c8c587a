"""What residents see of the matters they raised, and the review by a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.history.live import live
from silin.lib.clockview import ClockView
from silin.lib.http import wants_json
from silin.lib.ids import new_id
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters import queries
from silin.matters.forms import GRADES, ActForm
from silin.matters.models import OPEN, Matter, Review, State
from silin.matters.opening import SeeOther, fetch
from silin.matters.raisers import FORMS, SAID, ReviewForm, forms_of_raiser
from silin.matters.review import is_reviewed, matter_of_token, review_by_token
from silin.matters.showing import clock_of, crumb_of, photos_by_stage, spot_of
from silin.matters.table import allowed
from silin.matters.timeline import steps, unseen
from silin.people import queries as people
from silin.places.numbers import number as city_number
from silin.places.queries import calendar

OPEN_AT_MOST = 50
FOLLOWED_AT_MOST = 50
PAGE = 20


@dataclass(frozen=True)
class Card:
    """A row of ``raised_by`` in a list: its clock, and the ids of the two answers to it."""

    matter: Matter
    clock: ClockView | None
    photo: UUID | None
    yes: UUID
    no: UUID

    @property
    def spot(self) -> str:
        return spot_of(self.matter) or self.matter.place.short_name


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everyone: what they raised, by whose turn it is; a visitor is told how to find theirs."""
    if not isinstance(request.user, User):
        return render(request, "matters/resident/nobody.html")
    raised, now = queries.raised_by(request.user), timezone.now()
    running = raised.filter(state__in=OPEN)[:OPEN_AT_MOST]
    over = page_by_key(raised.exclude(state__in=OPEN), ("-closed_at",), request.GET.get("after", ""), PAGE)
    every = cards([*running, *over.rows], now)
    context = {
        "turn": [card for card in every if is_turn(card.matter)],
        "going": [card for card in every if card.matter.is_open and not is_turn(card.matter)],
        "over": [card for card in every if not card.matter.is_open],
        "page": over,
        "followed": queries.followed_by(request.user)[:FOLLOWED_AT_MOST],
    }
    return render(request, "matters/resident/mine.html", context)


@live
@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whoever raised it, and staff who may see it; a visitor is asked to sign in and comes back."""
    user = request.user
    if not isinstance(user, User):
        if wants_json(request):
            raise NotFound
        return redirect_to_login(request.get_full_path())
    found, now = fetch(user, number), timezone.now()
    tried = None
    if request.method == "POST":
        tried = _tried(request, found, user, now)
        if tried.refusal is None:
            messages.success(request, str(SAID[tried.do]))
            return SeeOther(f"{reverse('matters:resident_matter', args=[found.number])}?done={tried.do}")
        found = fetch(user, number)
    context = _page(found, user, now, tried) | {"done": request.GET.get("done", "")}
    return render(request, "matters/resident/matter.html", context, status=tried.status if tried else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def review_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the link that was sent to the raiser, or a slip: a grade and, if one likes, words; once.

    Afterwards, and when the same form comes twice, it says thanks. Where somebody of the office is signed in,
    it is shown to nobody but the raiser.
    """
    now = timezone.now()
    try:
        found = matter_of_token(secret, now)
        if _is_staff_device(request, found, now):
            return render(request, "matters/resident/staff_device.html", status=403)
        form = ReviewForm(found, request.POST or None)
        if request.method == "POST" and form.is_valid():
            sent = form.cleaned_data
            given = {name: sent[name] for name in ("words", "tags", "client_id")}
            review_by_token(secret, grade=int(sent["grade"]), **given, now=now)
            return SeeOther(reverse("matters:review_thanks"))
        if is_reviewed(found):
            return SeeOther(reverse("matters:review_thanks"))
    except Refused as refusal:
        if wants_json(request):
            raise
        if refusal.field in ReviewForm.base_fields:
            form.add_error(refusal.field, str(refusal.message))
        else:
            status = 404 if refusal.code == "token_unknown" else 410
            return render(request, "matters/resident/no_review.html", {"refusal": refusal}, status=status)
    status = 400 if form.errors else 200
    return render(request, "matters/resident/review.html", {"matter": found, "form": form}, status=status)


@require_safe
def review_slip(request: HttpRequest) -> HttpResponse:
    """Everyone: type the code of a slip to say how it was."""
    code = "".join(request.GET.get("code", "").upper().split()).replace("-", "")
    if code:
        return redirect("matters:review", secret=code)
    return render(request, "matters/resident/slip_code.html")


@require_safe
def review_thanks(request: HttpRequest) -> HttpResponse:
    """Everyone: thanks for a review."""
    return render(request, "matters/resident/review_thanks.html")


def cards(matters: Iterable[Matter], now: datetime) -> list[Card]:
    """The rows of a resident's list."""
    rows: list[Any] = list(matters)
    days = calendar() if rows else None
    return [
        Card(row, clock_of(row, now, days) if days else None, row.newest_photo, new_id(), new_id())
        for row in rows
    ]


def is_turn(matter: Matter) -> bool:
    """Whether it waits for whoever raised it: somebody else reports it done."""
    return matter.state == State.ANSWERED and matter.raiser_id != matter.handler_id


def _is_staff_device(request: HttpRequest, found: Matter, now: datetime) -> bool:
    """Whether somebody of the office, who did not raise it, is signed in here."""
    user = request.user
    return isinstance(user, User) and user.pk != found.raiser_id and bool(people.posts_of(user, now))


def _tried(request: HttpRequest, found: Matter, user: User, now: datetime) -> ActForm:
    form_class = FORMS.get(request.POST.get("do", ""))
    if form_class is None or found.raiser_id != user.pk:
        raise NotFound
    form = form_class(found, request.POST)
    form.submit(found, user, now)
    if form.refusal is not None and wants_json(request):
        raise form.refusal
    return form


def _page(found: Matter, user: User, now: datetime, tried: ActForm | None) -> dict[str, Any]:
    told = steps(found, user, for_resident=True)
    given = Review.objects.filter(matter=found).first() if found.state == State.CLOSED else None
    same_as = queries.goes_on_in(found)
    may = [name for name in _open_to(found, user, given, now) if not (same_as and name == "review")]
    forms = forms_of_raiser(found, may)
    if tried is not None and tried.do in forms:
        tried.look_again(found)
        forms[tried.do] = tried
    lost = str(tried.data.get("words", "")) if tried and tried.do not in forms else ""
    too_late = tried is not None and tried.do == "reject" and tried.do not in forms and "reopen" in forms
    if too_late:
        forms["reopen"] = FORMS["reopen"](found, initial={"words": lost})
    photos = photos_by_stage(photo for step in told for photo in step.photos)
    return {
        "matter": found,
        "is_mine": found.raiser_id == user.pk,
        "clock": clock_of(found, now, calendar()),
        "crumb": crumb_of(found),
        "steps": told,
        "before": (photos["before"] or photos["raised"])[:1],
        "after": photos["after"][:1],
        "forms": forms,
        "form": tried,
        "missed": unseen(told, tried.seen_version) if tried is not None and tried.changed else [],
        "lost_words": "" if too_late else lost,
        "too_late": too_late,
        "same_as": same_as,
        "grade": dict(GRADES).get(given.grade) if given else None,
        "follows": found.followed_by.filter(raiser=user).first() if given else None,
        "verify_days": int(city_number("matters.verify_days", found.placed_path)),
        "reopen_days": int(city_number("matters.reopen_days", found.placed_path)),
    }


def _open_to(found: Matter, user: User, given: Review | None, now: datetime) -> list[str]:
    """What the raiser may do now, as far as the pages of residents offer it."""
    if found.raiser_id != user.pk:
        return []
    closed: set[str] = set()
    if given is not None or not found.declared.reviewed:
        closed.add("review")
    days = city_number("matters.reopen_days", found.placed_path)
    if found.closed_at is None or now > found.closed_at + timedelta(days=days):
        closed.add("reopen")
    return [name for name in allowed(found, user, now) if name not in closed]
