"""One entry of the register: put right, a copy for whoever asks at the counter, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.people import register, register_pages
from silin.people.asking import ANSWER, note_at_counter
from silin.people.doors import for_posts, viewer
from silin.people.drawers import drawers_of_entry, looks_at_entry, packed
from silin.people.erasing_entries import erase_entry
from silin.people.models import DataRequest, Household, Person
from silin.people.register import EDIT
from silin.people.register_forms import CounterForm, EraseForm, OwnForm
from silin.people.revealing import post_of

pages = require_http_methods(["GET", "HEAD", "POST"])
FORMS = {"correct": OwnForm, "copy": CounterForm, "erase": EraseForm}


@for_posts(EDIT)
@pages
def desk(request: HttpRequest, household: UUID, entry: UUID) -> HttpResponseBase:
    """Staff with ``households.edit`` over the home: an entry of it, put right, copied for them or deleted."""
    return _page(request, household, entry, "silin/desk.html", "people:desk_household")


@for_posts(EDIT)
@pages
def worker(request: HttpRequest, household: UUID, entry: UUID) -> HttpResponseBase:
    """Staff with ``households.edit`` over the home: an entry of it, put right (offices copy, delete)."""
    return _page(request, household, entry, "silin/worker.html", "people:worker_household")


def _page(request: HttpRequest, household: UUID, entry: UUID, shell: str, home: str) -> HttpResponse:
    user, now = viewer(request), timezone.now()
    found = register_pages.fetch(user, household)
    person = register_pages.member(found, str(entry))
    if not user.has_perm(EDIT, person):
        raise NotFound
    do = request.POST.get("do", "") if request.method == "POST" else ""
    first = {"name": person.name, "birth_year": person.birth_year}
    forms: dict[str, Any] = {name: form(auto_id=f"{name}_%s") for name, form in FORMS.items()}
    forms["correct"] = OwnForm(initial=first, auto_id="correct_%s")
    may_answer = user.has_perm(ANSWER, person)
    if request.method == "POST":
        if do not in FORMS or (do != "correct" and not may_answer):
            raise NotFound
        form = forms[do] = FORMS[do](request.POST, auto_id=f"{do}_%s")
        if form.is_valid() and (answer := _done(request, form, do, found, person, user, now, home)):
            return answer
    back = reverse(home, args=[found.pk])
    context = {"shell": shell, "back": back, "household": found, "about": person, "forms": forms, "do": do}
    context["may_answer"] = may_answer
    answer = render(request, "people/register/entry.html", context, status=400 if do else 200)
    return _private(answer)


def _done(
    request: HttpRequest,
    form: Any,
    do: str,
    household: Household,
    person: Person,
    user: User,
    now: datetime,
    home: str,
) -> HttpResponse | None:
    """Do it; None where it was refused, with the words in the form."""
    said = dict(form.cleaned_data)
    try:
        if do == "copy":
            return _copy(person, said, user, now)
        if do == "erase":
            erase_entry(person, said["asker"], said["identity"], actor=user, now=now)
        else:
            changed = {key: value or None for key, value in said.items()}
            register.correct(person, actor=user, now=now, **changed)
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return None
    messages.success(request, _("Deleted.") if do == "erase" else _("Noted."))
    return redirect(home, household.pk)


@transaction.atomic
def _copy(person: Person, said: dict[str, str], user: User, now: datetime) -> HttpResponse:
    """What is held, for whoever asked; that it was given stands in the history of the person."""
    Person.objects.select_for_update().get(pk=person.pk)
    made = note_at_counter(
        person, DataRequest.Kind.COPY, said["asker"], said["identity"], actor=user, now=now
    )
    fields = {"request": str(made.pk), "asker": made.asker, "identity": made.identity}
    post = post_of(user, EDIT, now)
    record(subject=person.subject, action="copy", actor=user, post=post, now=now, fields=fields)
    data = packed(drawers_of_entry(person), looks_at_entry(person), now)
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="silin.zip"'
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
