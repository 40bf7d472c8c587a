"""What the desks of communities, streets and above see: the inbox with its preview, and the whole matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.history.live import live
from silin.lib.clockview import ClockView
from silin.lib.dates import exact_words
from silin.lib.http import own_address, wants_json
from silin.lib.masking import cover, find_personal
from silin.lib.refusal import Words
from silin.lib.sheets.answering import FORMS, list_answer
from silin.lib.workdays import WorkCalendar
from silin.matters import queries, taking_back
from silin.matters.acts import SendForm, TakeBackForm
from silin.matters.candidates import hands
from silin.matters.categories import leaves
from silin.matters.covering import watched_in
from silin.matters.filters import Filters
from silin.matters.forms import ActForm
from silin.matters.models import Matter, MatterQuerySet, Photo
from silin.matters.noting import NoteForm
from silin.matters.opening import PLACES, Opened, SeeOther, act, fetch, opened
from silin.matters.outside import systems_on
from silin.matters.outside_rows import copies, with_ticket
from silin.matters.queries import TABS
from silin.matters.saved_views import PARTS, query_of, views_of
from silin.matters.searching import found
from silin.matters.showing import AT_MOST, channel_words, clock_of, crumb_of, listed, spot_of, tab_counts
from silin.matters.similar import Similar, of_matter, similar
from silin.matters.table import allowed
from silin.people.doors import for_posts, viewer
from silin.places.queries import calendar

TRIAGE = "matters.triage"
SIZE = 50
CHUNK = 500
SEVERAL: dict[str, Words] = {
    "send": _("Send on"),
    "release": _("Release"),
    "close": _("Close it"),
}
"""What may be done with several at once, by the name of its form; nothing for which somebody has to go."""
SENT = "sent"  # the number of what was just sent on from the list
HEADS = (
    _("Number"),
    _("Matter"),
    _("Category"),
    _("Grid"),
    _("Where exactly"),
    _("State"),
    pgettext_lazy("clock", "Time"),
    _("With"),
    _("Came in"),
    _("Raised"),
    _("Due"),
    _("Answered"),
    _("Closed"),
    _("Outcome"),
    _("Number in another system"),
)


@for_posts(TRIAGE)
@live
@require_safe
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: what waits for their hand, by the time that is left, with a preview."""
    user, now, days = viewer(request), timezone.now(), calendar()
    number = request.GET.get("m", "")
    if number and request.headers.get("X-Fragment") == "preview":
        shown = preview_of(fetch(user, number), user, now, days)
        return render(request, "matters/desk/preview.html", {"shown": shown, "back": _list(request)})
    tab, q = _asked(request)
    filters = Filters.read(request.GET)
    page = queries.inbox(user, tab, now, filters.narrow, q=q, after=request.GET.get("after", ""), size=SIZE)
    number = number or next((row.number for row in page.rows), "")
    picked = fetch(user, number) if number else None
    counts = tab_counts(user, now)
    sent = _sent(request, user, now)
    context = {
        "sent": sent,
        "undo": TakeBackForm(sent) if sent else None,
        "undo_until": taking_back.until(sent, user, now) if sent else None,
        "lines": listed(page.rows, now, days),
        "tabs": [
            (each, counts[each.key], counts[each.key] >= AT_MOST)
            for each in TABS.values()
            if counts[each.key] or each.key == tab or not each.seldom
        ],
        "several": SEVERAL.items(),
        "views": views_of(user),
        "query": query_of(request.GET),
        "only": [(words, _list(request, **{name: ""})) for name, words in filters.words],
        "tab": tab,
        "q": q,
        "back": _list(request),
        "pick": f"{_list(request)}{'&' if _query(request) else '?'}m=",
        "next": _list(request, after=page.next) if page.next else "",
        "previous": _list(request, after=page.previous) if page.previous else "",
        "sheets": _sheets(request),
        "picked": picked,
        "shown": preview_of(picked, user, now, days) if picked else None,
    }
    return render(request, "matters/desk/inbox.html", context)


def _sheets(request: HttpRequest) -> list[tuple[str, str]]:
    """The forms in which the list goes out, each with its address."""
    query = query_of(request.GET)
    return [(form.upper(), f"{reverse('matters:desk_export', args=[form])}?{query}") for form in FORMS]


@for_posts(TRIAGE)
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Staff with ``matters.triage``: the rows of the present tab or search as a spreadsheet, xlsx or csv."""
    user, now = viewer(request), timezone.now()
    tab, q = _asked(request)
    rows, order = _rows(user, now, tab, q)
    rows = with_ticket(Filters.read(request.GET).narrow(rows)).order_by(*order, "pk")
    name = f"silin-{'search' if q else tab}-{timezone.localdate(now):%Y%m%d}"
    return sheet(form, name, str(_("Inbox")), rows.iterator(chunk_size=CHUNK))


@for_posts(TRIAGE)
@live
@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: HttpRequest, number: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` who may see the matter: its time, its story, and all that may be done."""
    return whole(request, fetch(viewer(request), number), (_("Inbox"), "matters:desk", "matters:desk_matter"))


def whole(request: HttpRequest, found: Matter, doors: tuple[Words, str, str]) -> HttpResponseBase:
    """The page of ``found``, which the person may see: read, or acted on.

    ``doors``: what the list is called from which they come, its address, and that of the page, by name.
    """
    user, now, tried = viewer(request), timezone.now(), None
    more = _more(found, user, now)
    if request.method == "POST":
        tried = act(request, found, user, now, **more)
        if tried.refusal is None:
            return SeeOther(_after(request, found, tried, doors[2]))
        found = fetch(user, found.number)
        more = _more(found, user, now)
    context = _of_matter(request, opened(found, user, now, tried, **more))
    context["crumb"] = [(doors[0], reverse(doors[1])), *context["shown"].crumb]
    return render(request, "matters/desk/matter.html", context, status=tried.status if tried else 200)


@for_posts(TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: put down what somebody tells them by telephone or at the counter."""
    user, now = viewer(request), timezone.now()
    form = NoteForm.read(request, user, now, channel="phone")
    if form.is_bound:
        noted = form.submit()
        if noted is not None:
            return SeeOther(f"{reverse('matters:desk_matter', args=[noted.number])}?done=note")
        if form.refusal is not None and wants_json(request):
            raise form.refusal
    context = {"form": form, "errors": form.errors if form.is_bound else None}
    return render(request, "matters/desk/new.html", context, status=form.status)


@dataclass(frozen=True)
class Preview:
    """What the pane beside the list shows of the row that is picked."""

    matter: Matter
    clock: ClockView | None
    crumb: list[str]
    photos: list[Photo]
    holders: list[User]
    actions: list[str]
    send: ActForm | None
    returned: str = ""


def preview_of(row: Matter, user: User, now: datetime, days: WorkCalendar) -> Preview:
    """The preview of ``row``: two statements."""
    actions = allowed(row, user, now)
    concerned = hands(row, user, now)
    sends = "triage" in actions and bool(concerned.candidates)
    return Preview(
        matter=row,
        clock=clock_of(row, now, days),
        crumb=crumb_of(row),
        photos=list(row.photos.all()[:2]),
        holders=concerned.holders,
        actions=actions,
        send=SendForm(row, candidates=concerned.candidates) if sends else None,
        returned=concerned.returned,
    )


def sheet(form: str, name: str, title: str, rows: Iterable[Matter]) -> HttpResponseBase:
    """Matters as a spreadsheet: what the list shows, without the words of residents."""
    return list_answer(form, name, title, [str(head) for head in HEADS], (_cells(row) for row in rows))


def _cells(row: Matter) -> list[object]:
    times = (row.raised_at, row.handle_due, row.answered_at, row.closed_at)
    return [
        row.shown_number,
        row.title,
        row.category,
        row.place.short_name,
        spot_of(row),
        row.get_state_display(),
        row.get_colour_display(),
        row.holder or "",
        channel_words(row.channel),
        *(exact_words(moment) if moment else "" for moment in times),
        row.get_outcome_display(),
        getattr(row, "ticket", None) or "",
    ]


def _sent(request: HttpRequest, user: User, now: datetime) -> Matter | None:
    """What the person has just sent on from the list, as long as they may take it back."""
    number = request.GET.get(SENT, "")
    matter = Matter.objects.seen_by(user).with_hands().filter(number=number).first() if number else None
    return matter if matter is not None and taking_back.until(matter, user, now) else None


def _of_matter(request: HttpRequest, shown: Opened) -> dict[str, Any]:
    found, personal = shown.matter, find_personal(shown.matter.words)
    is_open = found.public and "open" in settings.SILIN_FRONTS
    return {
        "shown": shown,
        "matter": found,
        "undo": shown.forms.get("take_back"),
        "undo_until": taking_back.until(found, viewer(request), timezone.now()),
        "forms": shown.forms,
        "errors": shown.tried.errors if shown.tried else None,
        "done": request.GET.get("done", ""),
        "channel": channel_words(found.channel),
        "open_url": reverse("matters:open_matter", args=[found.number]) if is_open else "",
        "personal": personal,
        "covered": cover(found.words, personal),
        "watched": watched_in(found),
        "copies": copies(found, shown.tickets, viewer(request), timezone.now()),
        "alike": _alike(found, viewer(request)) if "merge" in shown.forms else [],
    }


def _alike(found: Matter, user: User) -> list[Similar]:
    """Open matters within the desk's reach that may be the same, the likeliest first."""
    rows = Matter.objects.worked_by(user).exclude(pk=found.pk).select_related("category")
    return similar(rows, of_matter(found), timezone.now())


def _rows(user: User, now: datetime, tab: str, q: str) -> tuple[MatterQuerySet, tuple[str, ...]]:
    """What the tab (or the search) holds for ``user``, with the places round each, and its order."""
    seen = Matter.objects.worked_by(user).with_names().select_related(PLACES)
    if q:
        return found(seen, q, user, now), queries.SEARCH_ORDER
    return TABS[tab].narrow(seen, user, now), TABS[tab].order


def _more(found: Matter, user: User, now: datetime) -> dict[str, Any]:
    """Whose hands it is in, to whom it could go, and the categories where they may be changed."""
    concerned = hands(found, user, now)
    return {
        "hands": concerned,
        "candidates": concerned.candidates,
        "callable": concerned.callable,
        "leaves": leaves(),
        "systems": systems_on(now),
    }


def _after(request: HttpRequest, found: Matter, tried: ActForm, page: str) -> str:
    """Back to the list it was sent from, else to the matter."""
    if there := own_address(request, request.POST.get("next", "")):
        sent = f"{'&' if '?' in there else '?'}{SENT}={found.number}"
        return there + (sent if tried.do == "send" else "")
    return f"{reverse(page, args=[found.number])}?done={tried.do}"


def _asked(request: HttpRequest) -> tuple[str, str]:
    tab = request.GET.get("tab", "")
    return tab if tab in TABS else next(iter(TABS)), request.GET.get("q", "").strip()


def _list(request: HttpRequest, **changes: str) -> str:
    """The address of this list, without the row that is picked."""
    query = _query(request, **changes)
    return f"{reverse('matters:desk')}?{query}" if query else reverse("matters:desk")


def _query(request: HttpRequest, **changes: str) -> str:
    kept = QueryDict(mutable=True)
    for name in (*PARTS, "after"):
        value = changes.get(name, request.GET.get(name, ""))
        if value:
            kept[name] = value
    return kept.urlencode()
