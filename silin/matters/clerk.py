"""What a department's or contractor's clerk sees behind the link in a message: one part, and its verbs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.forms import CodeForm
from silin.files.http import answer
from silin.lib.http import wants_json
from silin.lib.masking import cover, find_personal, mask_phone
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.matters import by_link, linking
from silin.matters.forms import ActForm
from silin.matters.linking import Part
from silin.matters.opening import Opened, SeeOther, act, opened
from silin.matters.timeline import Step

ASKED = "part_code_sent"  # in the session: for which link a code is on its way
ASKING = ("dispatch", "whistle", "reject", "reopen")
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
def part(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Whoever has the link of a message, and the phone it was for: the one part it leads to, nothing else."""
    now = timezone.now()
    try:
        found = linking.read(secret, now)
    except Refused as refusal:
        return _gone(request, refusal, now)
    if not by_link.is_open(request, found, now):
        return _door(request, found, secret, now)
    tried = None
    if request.method == "POST":
        if request.POST.get("do") == "leave":
            by_link.leave(request, found)
            return _again(secret)
        tried = _tried(request, found, now)
        if tried.refusal is None:
            return _again(secret)
        found = linking.read(secret, now)
    shown = opened(found.matter, found.user, now, tried)
    status = tried.status if tried else 200
    return render(request, "matters/clerk/part.html", _page(found, shown, secret), status=status)


@require_safe
def photo(request: HttpRequest, secret: str, pk: uuid.UUID, thumb: bool = False) -> HttpResponse:
    """Whoever has opened the link in this browser: one photo of the matter, or its small picture."""
    found = _opened_here(request, secret)
    return answer(get_object_or_404(found.matter.photos.select_related("file"), pk=pk).file, thumb=thumb)


@require_safe
def voice(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has opened the link in this browser: what the raiser said into their phone."""
    note = getattr(_opened_here(request, secret).matter, "voice_note", None)
    if note is None:
        raise NotFound
    return answer(note.file, request=request)


def _opened_here(request: HttpRequest, secret: str) -> Part:
    now = timezone.now()
    try:
        found = linking.read(secret, now)
    except Refused as refusal:
        raise NotFound from refusal
    if not by_link.is_open(request, found, now):
        raise NotFound
    return found


def _door(request: HttpRequest, found: Part, secret: str, now: datetime) -> HttpResponse:
    """The page that asks for the code; looking alone sends none."""
    form, problem = CodeForm(request.POST if request.POST.get("do") == "enter" else None), None
    try:
        if request.method == "POST" and _passed(request, found, form, now):
            return _again(secret)
    except Refused as refusal:
        if wants_json(request):
            raise
        problem = refusal
    if problem is not None and form.is_bound:
        mend(form, problem)
    context = {
        "form": form,
        "errors": form.errors or problem,
        "summary": form if form.is_bound else [("", problem.message)] if problem else None,
        "sent": form.is_bound or request.session.get(ASKED) == str(found.token.pk),
        "phone": mask_phone(found.user.phone) if found.user.phone else "",
        "menu": [],
    }
    status = problem.status if problem else 400 if form.errors else 200
    return render(request, "matters/clerk/door.html", context, status=status)


def _passed(request: HttpRequest, found: Part, form: CodeForm, now: datetime) -> bool:
    """Whether what was sent leads on: a code is on its way, or was the right one."""
    if request.POST.get("do") == "code":
        by_link.send_code(request, found, now)
        request.session[ASKED] = str(found.token.pk)
        return True
    if not form.is_bound:
        raise Refused("code_first", _("Please show once more that it is you: have a code sent."), status=401)
    if form.is_valid():
        by_link.enter(request, found, form.cleaned_data["code"], now)
        return True
    return False


def _gone(request: HttpRequest, refusal: Refused, now: datetime) -> HttpResponse:
    """In plain words why the link leads no further; it tells nothing about the matter."""
    if refusal.code == "token_unknown":
        by_link.count_stray(request, now)
    if wants_json(request):
        raise refusal
    status = 404 if refusal.code == "token_unknown" else 410
    return render(request, "matters/clerk/gone.html", {"refusal": refusal, "menu": []}, status=status)


def _tried(request: HttpRequest, found: Part, now: datetime) -> ActForm:
    if request.POST.get("do") not in by_link.MAY:
        raise Refused("bad_form", _("This page is not complete. Please load it again."))
    return act(request, found.matter, found.user, now, via=by_link.VIA)


def _page(found: Part, shown: Opened, secret: str) -> dict[str, Any]:
    matter = found.matter
    return {
        "part": found,
        "shown": shown,
        "matter": matter,
        "words": cover(matter.words, find_personal(matter.words)),
        "asked": _asked(shown.steps),
        "forms": {do: form for do, form in shown.forms.items() if do in by_link.MAY},
        "errors": shown.tried.errors if shown.tried else None,
        "secret": secret,
        "menu": [],
    }


def _asked(steps: list[Step]) -> Step | None:
    """What whoever sent it wants, in their words."""
    return next((step for step in steps if step.action in ASKING and step.words), None)


def _again(secret: str) -> SeeOther:
    return SeeOther(reverse("matters:part", args=[secret]))
