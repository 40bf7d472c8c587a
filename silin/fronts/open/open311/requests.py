"""Reading service requests: many by what they are about, when and where; one by its number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from silin.accounts.models import Client
from silin.fronts.open.open311.asking import PAGE, PAGES_AT_MOST, Asked, asked_of
from silin.fronts.open.open311.door import Said, answering, door, form_of, visiting
from silin.fronts.open.open311.shown import Shown, notes, with_beside
from silin.fronts.open.open311.statuses import CLOSED, ENDED, OPEN
from silin.fronts.open.open311.submitting import submitted
from silin.lib.datum import to_cgcs2000
from silin.lib.ids import read_number
from silin.lib.paging import Page, page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters.models import OPEN as STILL_OPEN
from silin.matters.models import Matter, MatterQuerySet
from silin.matters.released import inside, seen_among

ROOT = "service_requests"
RAISED, CHANGED = "raised_at", "changed_at"


@door("GET", "POST")
def requests(request: HttpRequest) -> Said | HttpResponse:
    """Everyone: the matters that desks have released; by POST a system with a key puts a new one down."""
    return submitted(request) if request.method == "POST" else listed(request)


def listed(request: HttpRequest) -> Said | HttpResponse:
    """The released matters that the parameters ask for, the newest first, a thousand at most.

    ``page`` counts from the front; the address that ``Link`` names goes on by the last row, which costs the
    same however far down it is.
    """
    asked = asked_of(request)
    datum, extended = asked.datum(), asked.words("extensions") == "true"
    if numbers := asked.listed("service_request_id"):
        asked.check()
        called, inner = _called(numbers[:PAGE], visiting(request), extended)
        return ROOT, Shown(called, request, datum, inner, extended).told()
    page, size = asked.whole("page", 1, PAGES_AT_MOST), asked.whole("page_size", PAGE, PAGE)
    column = CHANGED if asked.words("updated_after") or asked.words("updated_before") else RAISED
    rows = with_beside(_asked_for(asked, column, timezone.now()), extended=extended)
    asked.check()
    if asked.words("page"):
        found = Page(list(rows.order_by(f"-{column}", "-pk")[(page - 1) * size : page * size]), "", "")
    else:
        found = page_by_key(rows, (f"-{column}",), asked.words("after"), size)
    told = Shown(found.rows, request, datum, extended=extended).told()
    answer = answering(form_of(request.path), ROOT, told)
    if found.next:
        query = request.GET.dict() | {"after": found.next}
        answer["Link"] = f'<{request.build_absolute_uri(request.path)}?{urlencode(query)}>; rel="next"'
    return answer


@door("GET")
def one(request: HttpRequest, number: str) -> Said:
    """Everyone, where a desk has released it; the system that put it down, or has it in hand, also before."""
    asked = asked_of(request)
    datum, extended = asked.datum(), asked.words("extensions") == "true"
    asked.check()
    rows, inner = _called([number], visiting(request), extended)
    if not rows:
        raise NotFound(_("service_request_id: there is no such request."))
    told = Shown(rows, request, datum, inner, extended).told()
    if extended and rows[0].public:
        told[0]["notes"] = notes(rows[0])
    return ROOT, told


@door("GET")
def token(request: HttpRequest, number: str) -> Said:
    """Everyone, where a desk has released it; the system that put it down also before.

    Every request has its number at once here, so a token is the number itself.
    """
    asked_of(request)
    rows, _inner = _called([number], visiting(request), False)
    if not rows:
        raise NotFound(_("token: there is no such request."))
    return ROOT, [{"service_request_id": rows[0].number, "token": number}]


def _called(numbers: Iterable[str], client: Client | None, extended: bool) -> tuple[list[Matter], set[UUID]]:
    """The matters with these numbers that the client may see, and those of them it sees by its own right."""
    wanted = [number for number in map(_number, numbers) if number]
    found = with_beside(Matter.objects.filter(number__in=wanted), extended=extended)
    rows = list(found.order_by("-raised_at"))
    inner = seen_among(rows, client.user, looks=client.may("read")) if client is not None else set()
    return [row for row in rows if row.public or row.pk in inner], inner


def _asked_for(asked: Asked, column: str, now: datetime) -> MatterQuerySet:
    """The released matters of a window of time, narrowed by what else was asked."""
    rows = Matter.objects.public()
    if column == CHANGED:
        rows = _between(rows, CHANGED, asked.span("updated_after", "updated_before", now))
    if column == RAISED or asked.words("start_date") or asked.words("end_date"):
        rows = _between(rows, RAISED, asked.span("start_date", "end_date", now))
    if codes := asked.listed("service_code"):
        rows = rows.filter(category__in=codes)
    wanted = asked.one_of("status", (OPEN, CLOSED))
    if set(wanted) != {OPEN, CLOSED}:
        rows = rows.filter(state__in=STILL_OPEN if OPEN in wanted else ENDED)
    if box := asked.box("bbox"):
        west, south = to_cgcs2000(box[0], box[1], asked.datum())
        east, north = to_cgcs2000(box[2], box[3], asked.datum())
        rows = inside(rows, (west, south, east, north))
    return rows


def _between(rows: MatterQuerySet, column: str, span: tuple[datetime, datetime]) -> MatterQuerySet:
    return rows.filter(**{f"{column}__gte": span[0], f"{column}__lte": span[1]})


def _number(said: str) -> str:
    try:
        return read_number(said)
    except Refused:
        return ""
