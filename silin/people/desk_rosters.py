"""The roster as desks keep it: a week of a place or an organisation, filled, copied, swapped and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.lib.dates import day_words, weekday_words
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.people import queries
from silin.people.doors import for_posts, place_at, viewer
from silin.people.forms import EveryWeekForm, SwapForm, read_day
from silin.people.models import Organisation, Post, PostQuerySet, Shift, today
from silin.people.rosters import DAY, fill_week, set_week, swap_days, week_mark
from silin.people.times import Times, read_times, say_times
from silin.people.weeks import AT_MOST, DAYS, Week, copied, monday_of, read_week, seats_of
from silin.places.models import Place

SEE, EDIT = "people.see", "rosters.edit"


@dataclass(frozen=True)
class Asked:
    """Which roster a page shows: of a place, perhaps of one organisation or with the grids, in which week."""

    place: Place
    organisation: Organisation | None
    grids: bool
    monday: date

    @property
    def seats(self) -> PostQuerySet:
        """Its seats."""
        return seats_of(self.place, self.organisation, grids=self.grids)

    def address(self, name: str = "desk_roster", weeks: int = 0, **more: str) -> str:
        """The address of the same roster, so many weeks later."""
        said = {"week": (self.monday + weeks * DAYS * DAY).isoformat(), **more}
        if self.organisation is not None:
            said["organisation"] = str(self.organisation.pk)
        if self.grids:
            said["grids"] = "1"
        query = "&".join(f"{key}={value}" for key, value in said.items())
        return f"{reverse(f'people:{name}', args=[self.place.code])}?{query}"


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``people.see``: to the roster of their own place."""
    own = queries.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("people:desk_roster", own.code)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: a week of its roster; who may fill it does so here."""
    user, now = viewer(request), timezone.now()
    asked = _asked(request, code, now)
    if request.method != "POST":
        typed = copied(asked.seats, asked.monday, now) if request.GET.get("copy") == "1" else None
        return _page(request, asked, now, typed=typed)
    if not user.has_perm(EDIT, asked.place):
        raise NotAllowed
    return (
        _swap(request, asked, user, now) if request.POST.get("do") == "swap" else _fill(request, asked, now)
    )


def _fill(request: HttpRequest, asked: Asked, now: datetime) -> HttpResponseBase:
    """Save the week; what is no time is said at its field, and everything typed stays."""
    typed = {name: str(value) for name, value in request.POST.items() if name.startswith("t-")}
    week = read_week(asked.seats, asked.monday, now, typed)
    wanted: dict[tuple[UUID, date], Times | None] = {}
    wrong: list[tuple[str, str]] = []
    for cell in (cell for line in week.lines for cell in line.cells if cell.name in typed):
        try:
            wanted[cell.post, cell.day] = read_times(cell.typed)
        except Refused as refusal:
            wrong.append((cell.name, str(refusal.message)))
    if wrong:
        return _page(request, asked, now, typed=typed, wrong=wrong, status=400)
    try:
        n = fill_week(
            [line.post for line in week.lines],
            wanted,
            lambda: read_week(asked.seats, asked.monday, now).mark,
            seen=request.POST.get("seen", ""),
            actor=viewer(request),
            now=now,
        )
    except Refused as refusal:
        return _page(request, asked, now, typed=typed, refusal=refusal, status=refusal.status)
    said = _("Saved: %(n)s seats have other times.") % {"n": n} if n else _("Nothing of it was different.")
    messages.success(request, said)
    return HttpResponseRedirect(asked.address(), status=303)


def _swap(request: HttpRequest, asked: Asked, user: User, now: datetime) -> HttpResponseBase:
    week = read_week(asked.seats, asked.monday, now)
    form = _swap_form(week, request.POST)

    def swap() -> bool:
        posts = {str(line.post.pk): line.post for line in week.lines}
        sent = form.cleaned_data
        days = {date.fromisoformat(sent[name]) for name in ("day", "other_day") if sent[name]}
        swap_days(posts[sent["one"]], posts[sent["other"]], days, actor=user, now=now)
        return True

    if form.try_to(swap) is None:
        return _page(request, asked, now, swap=form, status=form.status)
    messages.success(request, _("Swapped. The same swap once more takes it back."))
    return HttpResponseRedirect(asked.address(), status=303)


def _page(
    request: HttpRequest,
    asked: Asked,
    now: datetime,
    *,
    typed: dict[str, str] | None = None,
    wrong: list[tuple[str, str]] | None = None,
    refusal: Refused | None = None,
    swap: SwapForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    week = read_week(asked.seats, asked.monday, now, typed)
    changed = refusal is not None and refusal.code == "changed"
    context = {
        "asked": asked,
        "week": week,
        "on": [line for line in week.lines if line.on],
        "heads": [(weekday_words(day), day_words(day), day == today(now)) for day in week.days],
        "title": f"{day_words(week.days[0])} – {day_words(week.days[-1])}",
        "edits": request.user.has_perm(EDIT, asked.place) and week.days[-1] >= today(now),
        "copies": request.GET.get("copy") == "1",
        "changed": changed,
        "refusal": refusal,
        "errors": wrong or [],
        "wrong": {name for name, _words in wrong or []},
        "swap": swap or _swap_form(week),
        "full": len(week.lines) >= AT_MOST,
        "before_url": asked.address(weeks=-1),
        "after_url": asked.address(weeks=1),
        "copy_url": asked.address(copy="1"),
        "sheet_url": asked.address("desk_roster_sheet"),
        "here_url": asked.address(),
    }
    return render(request, "people/desk/roster.html", context, status=status)


def _swap_form(week: Week, data: Any = None) -> SwapForm:
    seats = [(str(line.post.pk), _seat_words(line.post)) for line in week.lines]
    days = [
        (day.isoformat(), f"{weekday_words(day)} {day_words(day)}")
        for day in week.days
        if day >= today(timezone.now())
    ]
    return SwapForm(data, seats=seats, days=days, auto_id="swap_%s")


def _seat_words(post: Post) -> str:
    held = [str(each.user) for each in getattr(post, "now_held", [])[:1]]
    number = [str(post.serial)] if post.serial > 1 else []
    return " ".join([str(post.kind), *number, *held])


@for_posts(SEE)
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: a week of its roster to print and hang up."""
    now = timezone.now()
    asked = _asked(request, code, now)
    week = read_week(asked.seats, asked.monday, now)
    context = {
        "asked": asked,
        "week": week,
        "heads": [(weekday_words(day), day_words(day)) for day in week.days],
        "title": f"{day_words(week.days[0], with_year=True)} – {day_words(week.days[-1])}",
        "here_url": asked.address(),
    }
    return render(request, "people/desk/roster_sheet.html", context)


@for_posts(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, post: UUID) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: what every week says of one seat; who may fills it."""
    user, now = viewer(request), timezone.now()
    row = Post.objects.select_related("kind", "place", "organisation").filter(pk=post).first()
    if row is None or not user.has_perm(SEE, row):
        raise NotFound
    form = EveryWeekForm(initial={"seen": week_mark(row)})
    if request.method == "POST":
        if not user.has_perm(EDIT, row):
            raise NotAllowed
        sent = request.POST.copy()
        form = EveryWeekForm(sent)
        if form.try_to(lambda: _set(form, row, user, now)) is not None:
            messages.success(request, _("Written down."))
            return HttpResponseRedirect(request.path, status=303)
        sent["seen"] = week_mark(row)
    weekly = Shift.objects.filter(post=row, day=None).exclude(valid_until__lte=today(now))
    context = {
        "post": row,
        "weekly": weekly.order_by("valid_from", "weekday", "starts"),
        "form": form if user.has_perm(EDIT, row) and row.closed_on is None else None,
        "list_url": reverse("people:desk_roster", args=[row.place.code]),
    }
    return render(request, "people/desk/seat_week.html", context, status=form.status)


def _set(form: EveryWeekForm, post: Post, user: User, now: datetime) -> list[Shift]:
    sent = form.cleaned_data
    times = read_times(sent["times"]) if sent["weekdays"] else ()
    if sent["weekdays"] and (not times or len(times) != 1):
        said = say_times(times) if times else sent["times"]
        words = _("“%(text)s” is not one time from when to when, like 8:30-17:30.") % {"text": said}
        raise Refused("bad_times", words, field="times")
    starts, ends = times[0] if times else NOON
    return set_week(
        post, sent["weekdays"], starts, ends, actor=user, now=now, since=sent["since"], seen=sent["seen"]
    )


NOON = ((datetime.min.time()), datetime.max.time())
"""Stands for the times of a week without weekdays, which has none."""


def _asked(request: HttpRequest, code: str, now: datetime) -> Asked:
    place = place_at(request, code, SEE)
    organisation = None
    if wanted := request.GET.get("organisation"):
        try:
            organisation = Organisation.objects.under(place).filter(pk=wanted).first()
        except ValidationError as error:
            raise NotFound from error
        if organisation is None:
            raise NotFound
    try:
        day = read_day(request.GET.get("week", "")) or today(now)
    except ValidationError as error:
        raise NotFound from error
    return Asked(place, organisation, request.GET.get("grids") == "1", monday_of(day))
