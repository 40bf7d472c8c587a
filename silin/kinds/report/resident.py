"""Reporting: what, where, check, sent. Four taps and a sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.forms import PhoneForm
from silin.accounts.models import User
from silin.accounts.signing_in import count_guest, guest_of, person_of, see_other
from silin.files.http import answer
from silin.forms.models import FormVersion
from silin.kinds.report import actions, queries
from silin.kinds.report.danger import emergencies
from silin.kinds.report.forms import (
    CategoryForm,
    SpotForm,
    WordsForm,
    chosen_code,
    read_answers,
    read_category,
    read_id,
    read_spot,
)
from silin.kinds.report.models import Draft, DraftPhoto
from silin.lib.addresses import as_code, whole
from silin.lib.http import wants_json
from silin.lib.ids import read_number
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.matters.asking import Asking
from silin.matters.models import Matter
from silin.matters.open import released_photos
from silin.people.models import Resident
from silin.people.queries import resident_of
from silin.places import queries as places
from silin.places.locating import locate
from silin.places.models import Building, Place

SAME_POINT = 1e-6  # degrees: the map tells six digits

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def words(request: HttpRequest) -> HttpResponse:
    """Everyone: what is it? Words and photos; what was typed stays, whatever is wrong with it."""
    now = timezone.now()
    if request.method != "POST":
        draft = _draft(request, request.GET.get("draft", ""), now)
        if draft is not None and draft.number:
            return see_other(reverse("report:sent", args=[draft.number]))
        return _ask_words(request, draft, WordsForm(initial={"words": draft.words if draft else ""}))
    draft = actions.open_draft(person_of(request, now), read_id(request.POST.get("client_id", "")), now)
    if draft.number:
        return see_other(reverse("report:sent", args=[draft.number]))
    refused = actions.add_photos(draft, request.FILES.getlist("photos"), now)
    form = WordsForm(request.POST, request.FILES)
    if "drop" in request.POST or "drop_voice" in request.POST:
        _drop(draft, request, now)
        return _ask_words(request, draft, WordsForm(initial={"words": request.POST.get("words", "")}))
    try:
        if form.is_valid():
            if form.cleaned_data["voice"]:
                actions.keep_voice(draft, form.cleaned_data["voice"], now)
            actions.write_words(draft, form.cleaned_data["words"], now)
            if code := chosen_code(request.POST):
                actions.choose_category(draft, read_category(code), now)
    except Refused as refusal:
        refused.insert(0, refusal)
    for each in refused:
        mend(form, each)
    if form.errors:
        return _ask_words(request, draft, form, status=400)
    return see_other(_step("report:where", draft))


@get_or_post
def where(request: HttpRequest) -> HttpResponse:
    """Everyone who has begun: where is it? The map's point, my home, or a building found by its name."""
    now = timezone.now()
    wanted = request.POST.get("client_id", "") or request.GET.get("draft", "")
    if _waits_for_its_owner(request, wanted):
        return redirect_to_login(f"{reverse('report:where')}?draft={wanted}")
    draft = _draft(request, wanted, now)
    if draft is None or not actions.has_said(draft):
        return see_other(reverse("report:words"))
    home = resident_of(draft.user)
    if request.method != "POST":
        return _ask_where(request, draft, home, SpotForm(initial={"spot": draft.spot}))
    form = SpotForm(request.POST)
    try:
        actions.note_spot(draft, request.POST.get("spot", ""), now)
        if request.POST.get("at") == "search":
            return _ask_where(request, draft, home, form, asked=request.POST.get("q", ""))
        spot = read_spot(request.POST, home)
        if spot is not None and not _is_untouched(spot, draft, home):
            actions.choose_spot(draft, spot, now)
        elif not draft.is_placed:
            message = _("Please move the map to where it is, or look for the building by its number.")
            raise Refused("no_place", message, field="at")
    except Refused as refusal:
        mend(form, refusal)
        return _ask_where(request, draft, home, form, status=refusal.status)
    pointed = request.POST.get("at") == "here" and request.POST.get("seen") == "yes"
    seen = pointed or not queries.similar_to(draft, now)
    return see_other(_step("report:check" if seen else "report:near", draft))


@get_or_post
def near(request: HttpRequest) -> HttpResponse:
    """Everyone who has begun: is it one of those that are being done already? "Me too", or on to sending.

    As a fragment (``X-Fragment: near``) with a point it says the same while the place is being chosen.
    """
    now = timezone.now()
    wanted = request.POST.get("client_id", "") or request.GET.get("draft", "")
    if _waits_for_its_owner(request, wanted):
        return redirect_to_login(f"{reverse('report:near')}?draft={wanted}")
    draft = _draft(request, wanted, now)
    if draft is None or not actions.has_said(draft):
        return see_other(reverse("report:words"))
    if request.method == "POST":
        matter = get_object_or_404(Matter.objects.public(), number=read_number(request.POST.get("join", "")))
        count_guest(request, draft.user, "follows", now)
        actions.join_instead(draft, matter, now)
        return see_other(f"{reverse('matters:neighbour', args=[matter.number])}?done=report")
    fragment = request.headers.get("X-Fragment") == "near"
    if fragment:
        _look_at(draft, request)
    found = queries.similar_to(draft, now)
    if not found and not fragment:
        return see_other(_step("report:check" if draft.is_placed else "report:where", draft))
    context = {"draft": draft, "found": found, "photos": released_photos(each.matter for each in found)}
    return render(request, "report/parts/near.html" if fragment else "report/near.html", context)


@get_or_post
def check(request: HttpRequest) -> HttpResponse:
    """Everyone who has begun: what neighbours will see, who gets it, until when; then it is sent.

    A program may say everything in one POST (``client_id words category answers at|building|lon,lat,datum
    spot photos``; ``answers`` is a JSON object) and read the answer as JSON.
    """
    now = timezone.now()
    wanted = request.POST.get("client_id", "") or request.GET.get("draft", "")
    if _waits_for_its_owner(request, wanted):
        return redirect_to_login(f"{reverse('report:check')}?draft={wanted}")
    if request.method != "POST":
        draft = _draft(request, wanted, now)
        if draft is None or not actions.has_said(draft) or not draft.is_placed:
            return see_other(_step("report:where", draft) if draft else reverse("report:words"))
        return _ask_check(request, draft)
    draft = actions.open_draft(person_of(request, now), read_id(wanted), now)
    if draft.number and not wants_json(request):
        return see_other(reverse("report:sent", args=[draft.number]))
    if not wants_json(request):
        actions.withhold_name(draft, "name_withheld" in request.POST, now)
    if request.POST.get("do") == "cover":
        actions.cover_words(draft, now)
        return see_other(_step("report:check", draft))
    if wants_json(request):
        _take(request, draft, now)
        matter = _send(request, draft, now, read_answers(request.POST), None)
        return JsonResponse(_told(matter), status=201)
    form = CategoryForm(actions.likely(draft), request.POST)
    asking = Asking(None, now)
    try:
        _take(request, draft, now)
        asking = Asking(actions.category_of(draft), now, request.POST)
        if asking.fresh or (asking.form.is_bound and not asking.form.is_valid()):
            return _ask_check(request, draft, asking=asking, status=200 if asking.fresh else 400)
        matter = _send(request, draft, now, asking.answers, asking.version)
    except Refused as refusal:
        mend(form, refusal)
        return _ask_check(request, draft, form, asking, status=refusal.status)
    return see_other(reverse("report:sent", args=[matter.number]))


@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever raised it: the receipt; a stranger gets "not found"."""
    mine = Matter.objects.filter(raiser=_me(request)).with_names()
    matter = get_object_or_404(mine, number=read_number(number))
    there = reverse("matters:resident_matter", args=[matter.number])  # whoever scans it signs in first
    context = {
        "matter": matter,
        "emergencies": emergencies(matter.words),
        "is_guest": guest_of(request) is not None,
        "phone_form": PhoneForm(),
        "picture": as_code(whole(request, there), scale=4),
    }
    return render(request, "report/sent.html", context)


@require_safe
def photo(request: HttpRequest, draft: UUID, sha256: str) -> HttpResponse:
    """Whoever is writing it: the small picture of a photo; a stranger gets "not found"."""
    mine = DraftPhoto.objects.filter(draft__user=_me(request)).select_related("file")
    row = get_object_or_404(mine, draft=draft, file=sha256)
    return answer(row.file, thumb=True, request=request)


@require_safe
def voice(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Whoever is writing it: their voice note; a stranger gets "not found"."""
    mine = Draft.objects.filter(user=_me(request), voice__isnull=False).select_related("voice")
    file = get_object_or_404(mine, pk=draft).voice
    assert file is not None
    return answer(file, request=request)


def _drop(draft: Draft, request: HttpRequest, now: datetime) -> None:
    """Take a photo or the voice note away again."""
    if "drop_voice" in request.POST:
        actions.drop_voice(draft, now)
    else:
        actions.drop_photo(draft, request.POST["drop"])


def _look_at(draft: Draft, request: HttpRequest) -> None:
    """Where the needle stands just now; it is not kept. Raises ``Refused`` as ``locate`` does."""
    spot = read_spot(request.GET, None)
    if spot is not None and spot.point is not None:
        located = locate(*spot.point)
        draft.place, draft.building = located.place, located.building
        draft.lon, draft.lat, draft.datum = spot.point


def _me(request: HttpRequest) -> User:
    """Whoever is signed in, be it as a guest. Raises ``NotFound``."""
    if not isinstance(request.user, User):
        raise NotFound
    return request.user


def _waits_for_its_owner(request: HttpRequest, wanted: str) -> bool:
    """Whether a session ended halfway: the draft of an account waits until its owner signs in again."""
    if request.user.is_authenticated:
        return False
    draft = read_id(wanted)
    return draft is not None and Draft.objects.filter(pk=draft, user__is_guest=False).exists()


def _draft(request: HttpRequest, wanted: str, now: datetime) -> Draft | None:
    """The visitor's draft of that id, or where they left off; None to somebody who has said nothing yet."""
    if not isinstance(request.user, User):
        return None
    return actions.open_draft(request.user, read_id(wanted), now)


def _take(request: HttpRequest, draft: Draft, now: datetime) -> None:
    """Take what the form or the program says."""
    data = request.POST
    if "words" in data:
        draft.words = data["words"]
    if "spot" in data:
        draft.spot = data["spot"]
    draft.category = read_category(chosen_code(data)) or draft.category
    draft.name_withheld = "name_withheld" in data
    spot = read_spot(data, None)
    if spot is not None:
        draft.place, draft.building = spot.place, spot.building
        draft.lon, draft.lat, draft.datum = spot.point or (None, None, "")
        draft.spot = draft.spot or spot.name


def _send(
    request: HttpRequest,
    draft: Draft,
    now: datetime,
    answers: dict[str, Any] | None,
    version: FormVersion | None,
) -> Matter:
    count_guest(request, draft.user, "report", now)
    photos = [actions.keep_photo(each) for each in request.FILES.getlist("photos")]
    return actions.send(draft, now, photos, answers, version)


def _told(matter: Matter) -> dict[str, object]:
    """What a program is told about a matter it sent."""
    holder = matter.holder
    return {
        "number": matter.number,
        "link": reverse("matters:resident_matter", args=[matter.number]),
        "title": matter.title,
        "state": matter.state,
        "category": matter.category_id,
        "place": matter.place.code,
        "holder": str(holder) if holder else "",
        "due": localtime(matter.handle_due).isoformat() if matter.handle_due else None,
        "emergencies": [each.number for each in emergencies(matter.words)],
    }


def _step(name: str, draft: Draft) -> str:
    return f"{reverse(name)}?{urlencode({'draft': draft.pk})}"


def _ask_words(request: HttpRequest, draft: Draft | None, form: WordsForm, status: int = 200) -> HttpResponse:
    draft = draft or Draft()
    saved = actions.files_of(draft)
    context = {"form": form, "draft": draft, "photos": saved, "room": actions.PHOTOS_AT_MOST - len(saved)}
    return render(request, "report/words.html", context, status=status)


def _middle(draft: Draft, home: Resident | None) -> Building | Place | None:
    """What the map opens at: what was chosen last, else the home; None where neither has a point."""
    middle: Building | Place | None = draft.building or draft.place
    if middle is None and home is not None:
        middle = home.building or home.place
    return middle if middle is not None and middle.lon is not None else None


def _is_untouched(spot: actions.Spot, draft: Draft, home: Resident | None) -> bool:
    """Whether the point is only where the map of the whole city opened: that says nothing."""
    if spot.point is None or draft.lon is not None or home is not None or _middle(draft, home) is not None:
        return False
    city = places.root()
    if city is None or city.lon is None or city.lat is None:
        return False
    lon, lat, _datum = spot.point
    return abs(lon - city.lon) <= SAME_POINT and abs(lat - city.lat) <= SAME_POINT


def _ask_where(
    request: HttpRequest,
    draft: Draft,
    home: Resident | None,
    form: SpotForm,
    *,
    asked: str = "",
    status: int = 200,
) -> HttpResponse:
    area = home.place if home else places.root()
    context = {
        "form": form,
        "draft": draft,
        "home": home,
        "asked": asked.strip(),
        "hits": queries.choices(asked) if asked.strip() else [],
        "middle": _middle(draft, home),
        "city": area if home is None else None,
        "city_zoom": queries.zoom(area) if area and home is None else None,
        "shapes": area.unit if area else "",
        "emergencies": emergencies(draft.words),
    }
    return render(request, "report/where.html", context, status=status)


def _ask_check(
    request: HttpRequest,
    draft: Draft,
    form: CategoryForm | None = None,
    asking: Asking | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    seen = queries.preview(draft, now)
    form = form or CategoryForm(actions.likely(draft), withheld=draft.name_withheld)
    context = {
        "form": form,
        "draft": draft,
        "seen": seen,
        "asking": asking or Asking(seen.category, now),
        "emergencies": emergencies(draft.words),
    }
    return render(request, "report/check.html", context, status=status)
