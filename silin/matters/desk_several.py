"""One action on several matters: each is shown first with what will happen, and done for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from silin.accounts.models import User
from silin.lib.http import own_address, wants_json
from silin.lib.refusal import NotFound, Refused, Words
from silin.matters.acts import CloseForm, ReleaseForm, SendForm
from silin.matters.candidates import LIKELIEST, Candidate, hands
from silin.matters.covering import watched_in
from silin.matters.desk import SEVERAL, SIZE, TRIAGE
from silin.matters.forms import ActForm
from silin.matters.models import Matter, State, WatchedWord
from silin.matters.opening import PLACES, SeeOther
from silin.matters.table import allowed
from silin.people.doors import for_posts, viewer
from silin.receipts.queries import answered_before

NEEDS = {"send": "dispatch", "release": "release", "close": "close"}


@dataclass(frozen=True)
class Row:
    """One of the marked matters: where it could go; why nothing happens with it (``""``: it will be done).

    ``told`` is why the last try was refused.
    """

    matter: Matter
    why: Words = ""
    told: Words = ""
    candidates: list[Candidate] = field(default_factory=list)
    watched: list[WatchedWord] = field(default_factory=list)
    to: str = ""
    client_id: str = ""


@for_posts(TRIAGE)
@require_POST
def several(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: the marked rows and what will happen; once confirmed, it is done."""
    user, now, do = viewer(request), timezone.now(), request.POST.get("do", "")
    if do not in SEVERAL:
        raise NotFound
    marked = _marked(request, user)
    if not marked:
        messages.warning(request, _("Mark the rows first: with the box before each, or with X."))
        return SeeOther(_back(request))
    refused: list[Row] = []
    if request.POST.get("sure") == "yes":
        refused = _do_each(request, do, marked, user, now)
        if not refused:
            return SeeOther(_back(request))
    rows = refused or [_row(do, matter, user, now) for matter in marked]
    context = {
        "do": do,
        "title": SEVERAL[do],
        "rows": [row for row in rows if not row.why],
        "left_out": [row for row in rows if row.why],
        "words": request.POST.get("words", ""),
        "next": _back(request),
    }
    return render(request, "matters/desk/several.html", context, status=409 if refused else 200)


def _do_each(request: HttpRequest, do: str, marked: list[Matter], user: User, now: datetime) -> list[Row]:
    """Act on each in a transaction of its own; what was refused comes back as it stands now, with why."""
    told: dict[str, Refused] = {}
    ids = [request.POST.get(f"{matter.number}-client_id", "") for matter in marked]
    sent_twice = answered_before(ids, user)
    for client_id, matter in zip(ids, marked, strict=True):
        if client_id in sent_twice:
            continue
        try:
            _do(request.POST, do, matter, user, now)
        except Refused as refusal:
            told[matter.number] = refusal
    if told and wants_json(request):
        raise next(iter(told.values()))
    if done := len(marked) - len(told):
        said = ngettext("Done with %(n)d matter.", "Done with %(n)d matters.", done)
        messages.success(request, said % {"n": done})
    again = _fetch(user, told)
    return [_row(do, matter, user, now, told=told[matter.number].message) for matter in again]


def _do(sent: QueryDict, do: str, matter: Matter, user: User, now: datetime) -> None:
    """Do it with one, by the form of its own page. Raises ``Refused``."""
    data = QueryDict(mutable=True)
    for name in ("client_id", "version", "to"):
        data[name] = sent.get(f"{matter.number}-{name}", "")
    data["words"], data["public"] = sent.get("words", ""), "on"
    if do == "send":
        found = hands(matter, user, now).candidates
        posts = [str(each.post.pk) for each in found]
        if data["to"] in posts[LIKELIEST:]:
            data["to"], data["elsewhere"] = posts[0], data["to"]
        form: ActForm = SendForm(matter, data, candidates=found)
    elif do == "close" and matter.state != State.ANSWERED:
        raise Refused("not_now", _why_not("close", matter), status=409)
    else:
        form = {"release": ReleaseForm, "close": CloseForm}[do](matter, data)
    form.submit(matter, user, now)
    if form.refusal is not None:
        raise form.refusal


def _row(do: str, matter: Matter, user: User, now: datetime, *, told: Words = "") -> Row:
    if NEEDS[do] not in allowed(matter, user, now):
        return Row(matter, why=_("Not as it stands now: %(state)s.") % {"state": matter.get_state_display()})
    if why := _why_not(do, matter):
        return Row(matter, why=why)
    candidates = hands(matter, user, now).candidates if do == "send" else []
    if do == "send" and not candidates:
        return Row(matter, why=_("There is nobody to whom it could go."))
    watched = watched_in(matter) if do == "release" else []
    return Row(matter, told=told, candidates=candidates, watched=watched, client_id=str(uuid4()))


def _why_not(do: str, matter: Matter) -> Words:
    if do == "close" and matter.state != State.ANSWERED:
        return _("Nobody has reported it done yet.")
    if do == "release" and matter.category.private:
        return _("What is about “%(category)s” is never shown to neighbours.") % {"category": matter.category}
    if do == "release" and matter.public:
        return _("It is released already.")
    return ""


def _marked(request: HttpRequest, user: User) -> list[Matter]:
    return _fetch(user, request.POST.getlist("number")[:SIZE])


def _fetch(user: User, numbers: Iterable[str]) -> list[Matter]:
    """The matters with these numbers that ``user`` may see, in this order."""
    wanted = list(dict.fromkeys(numbers))
    rows = Matter.objects.worked_by(user).with_names().select_related(PLACES).filter(number__in=wanted)
    return sorted(rows, key=lambda row: wanted.index(row.number))


def _back(request: HttpRequest) -> str:
    return own_address(request, request.POST.get("next", "")) or reverse("matters:desk")
