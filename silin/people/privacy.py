"""What is held about me: each field with its reason, who looked; taking along, mending and deleting it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.accounts.signing_in import known
from silin.history.models import Entry
from silin.lib.held import Said, kept_models, sayings
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused, Words
from silin.lib.shells import front_of, in_own_front, own_url, shell_of
from silin.people import register
from silin.people.erasing import erase
from silin.people.models import Membership, Person, PostKind
from silin.people.register_forms import OwnForm
from silin.people.retaining import days_kept
from silin.people.revealing import PURPOSES, REVEAL, TAKE_OUT

SHOWN = 20
LOOKS_SHOWN = 50
OWN_PAGES = ("privacy", "privacy_export", "privacy_delete")
LOOKS = (REVEAL, "open")
LOOKED: dict[str, Words] = {
    REVEAL: gettext_lazy("saw your number"),
    "open": gettext_lazy("opened the page of your home"),
    TAKE_OUT: gettext_lazy("took a list out in which you stand, without numbers"),
}


@dataclass(frozen=True)
class Drawer:
    """One sort of thing that is held: how many rows, what the first of them say, what would stay."""

    title: Words
    n: int
    rows: list[list[Said]]
    stays: Words

    @property
    def first(self) -> list[Said]:
        return [said for row in self.rows for said in row]


@dataclass(frozen=True)
class Look:
    """Somebody looked: when, by which post, what for."""

    at: datetime
    post: str
    what: Words
    why: Words
    words: str


@in_own_front
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: what is held about themselves, and who looked."""
    user = _user(request)
    person, form = Person.objects.filter(user=user).first(), None
    if request.method == "POST":
        if person is None:
            raise NotFound
        form = OwnForm(request.POST)
        if _corrected(request, person, form, user):
            messages.success(request, _("Noted."))
            return redirect(own_url(request, "people:privacy"))
    context = {
        **_links(request),
        "drawers": drawers(user, at_most=SHOWN),
        "looks": looks(user),
        "person": person,
        "form": form or (_form(person) if person else None),
        "errors": form.errors if form else None,
    }
    return _private(render(request, "people/privacy/held.html", context, status=400 if form else 200))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: everything that is held about themselves, to take along: a page and JSON."""
    user = _user(request)
    found, seen = drawers(user), looks(user, at_most=None)
    said = {
        "made_at": timezone.now().isoformat(),
        "held": [
            {"title": str(each.title), "rows": [[_as_json(said) for said in row] for row in each.rows]}
            for each in found
        ],
        "looked": [
            {"at": each.at.isoformat(), "post": each.post, "what": str(each.what), "why": str(each.why)}
            for each in seen
        ],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("silin.json", json.dumps(said, ensure_ascii=False, indent=1))
        context = {"drawers": found, "looks": seen, "now": timezone.now()}
        archive.writestr("silin.html", render_to_string("people/privacy/export.html", context))
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="silin.zip"'
    return _private(answer)


class DeleteForm(forms.Form):
    """A tick, so that nobody deletes by a slip of the thumb."""

    sure = forms.BooleanField(label=gettext_lazy("Yes, delete all of it"))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: deletes what is held about themselves."""
    user = _user(request)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            erase(user, now=timezone.now())
        except Refused as refusal:
            if wants_json(request):
                raise
            mend(form, refusal)
            status = refusal.status
        else:
            logout(request)
            return redirect(own_url(request, "people:privacy_gone"))
    stays = [(each.title, each.stays) for each in drawers(user, at_most=0) if each.n and each.stays]
    return _private(
        render(
            request,
            "people/privacy/delete.html",
            {**_links(request), "form": form, "stays": stays},
            status=status,
        )
    )


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Everyone: said after a deletion."""
    return render(request, "people/privacy/gone.html", {"shell": shell_of(request)})


def drawers(user: User, at_most: int | None = None) -> list[Drawer]:
    """What every room holds about ``user``; of each sort ``at_most`` rows are read."""
    days, found = days_kept(), []
    for kept in kept_models():
        rows = kept.rows(user.pk)
        n = rows.count()
        said = [sayings(kept, row, days) for row in rows.order_by("-pk")[:at_most]]
        if n:
            found.append(Drawer(kept.held.title, n, [row for row in said if row], kept.held.stays))
    return found


def looks(user: User, at_most: int | None = LOOKS_SHOWN) -> list[Look]:
    """Who looked at something of theirs, newest first."""
    looked = Q(subject__in=_subjects(user), action__in=LOOKS) | _lists_taken_out(user)
    rows = Entry.objects.filter(looked).select_related("words")
    kinds = {kind.code: str(kind) for kind in PostKind.objects.all()}
    others = rows.exclude(actor=user).order_by("-at", "-pk")
    return [_look(entry, kinds) for entry in others[:at_most]]


def _lists_taken_out(user: User) -> Q:
    """The lists that were taken out of a place while they lived there."""
    found = Q(pk=None)
    stays = Membership.objects.filter(Q(person__user=user) | Q(person__merged_into__user=user))
    for stay in stays.select_related("household__building__grid"):
        places = [f"places:{key}" for key in stay.household.building.grid.path_ids]
        found |= Q(subject__in=places, action=TAKE_OUT, at__date__gte=stay.since)
    return found


def _look(entry: Entry, kinds: dict[str, str]) -> Look:
    why = PURPOSES.get(str(entry.fields.get("purpose")), "") if entry.action == REVEAL else ""
    post = kinds.get(entry.post, entry.post) if entry.actor_id else _("The operator of the system")
    return Look(entry.at, post, LOOKED[entry.action], why, entry.text)


def _subjects(user: User) -> list[str]:
    people = Person.objects.filter(user=user).prefetch_related("memberships__household", "merged")
    found = [f"user:{user.pk}"]
    for person in people:
        found += [person.subject, *(each.subject for each in person.merged.all())]
        found += [each.household.subject for each in person.memberships.all()]
    return found


def _user(request: HttpRequest) -> User:
    """Whoever looks, by an account or as the guest of this browser. Raises ``NotFound``."""
    user = known(request) or request.user
    if not isinstance(user, User):
        raise NotFound
    return user


def _links(request: HttpRequest) -> dict[str, str]:
    """The shell of the page, and the pages beside it in the same front."""
    pages = {f"{name}_url": own_url(request, f"people:{name}") for name in OWN_PAGES}
    me = "/me/" if front_of(request) == "resident" else own_url(request, "people:me")
    return {"shell": shell_of(request), "me_url": me, **pages}


def _form(person: Person) -> OwnForm:
    return OwnForm(initial={"name": person.name, "birth_year": person.birth_year})


def _corrected(request: HttpRequest, person: Person, form: OwnForm, user: User) -> bool:
    if not form.is_valid():
        return False
    try:
        said = {key: value or None for key, value in form.cleaned_data.items()}
        register.correct(person, actor=user, now=timezone.now(), **said)
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return False
    return True


def _as_json(said: Said) -> dict[str, Any]:
    return {
        "what": str(said.title),
        "value": said.value,
        "purpose": _(said.purpose),
        "basis": _(said.basis),
        "owner": _(said.owner),
        "keep_days": said.keep_days,
    }


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
