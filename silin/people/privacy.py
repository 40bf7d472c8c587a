"""What is held about me: each field with its reason, who looked; taking along, mending and deleting it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.accounts.signing_in import known
from silin.lib.held import Said
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.lib.shells import front_of, in_own_front, own_url, shell_of
from silin.people import asking, register
from silin.people.caring import end_attention
from silin.people.drawers import Drawer, drawers, looks, packed
from silin.people.erasing import erase
from silin.people.models import DataRequest, Person
from silin.people.register_forms import OwnForm, WrongForm
from silin.places.numbers import number

SHOWN = 20
OWN_PAGES = ("privacy", "privacy_export", "privacy_delete")


@in_own_front
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: what is held about themselves, and who looked."""
    user = _user(request)
    person, form = Person.objects.filter(user=user).first(), None
    if request.method == "POST":
        if person is None:
            raise NotFound
        if request.POST.get("do") == "end_care":
            for each in person.attentions.current(timezone.localdate()):
                end_attention(each, actor=user, now=timezone.now())
            messages.success(request, _("Nobody looks in on you any more."))
            return redirect(own_url(request, "people:privacy"))
        form = OwnForm(request.POST)
        if _corrected(request, person, form, user):
            messages.success(request, _("Noted."))
            return redirect(own_url(request, "people:privacy"))
    context = {
        **_links(request),
        "drawers": drawers(user, at_most=SHOWN),
        "looks": looks(user),
        "asked": DataRequest.objects.filter(user=user).order_by("-asked_at")[:SHOWN],
        "may_ask": asking.office_of(user) is not None,
        "fields": asking.title_of_fields(),
        "person": person,
        "looked_in": bool(person and person.attentions.current(timezone.localdate()).exists()),
        "form": form or (_form(person) if person else None),
        "errors": form.errors if form else None,
    }
    return _private(render(request, "people/privacy/held.html", context, status=400 if form else 200))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: everything that is held about themselves, to take along: a page and JSON."""
    user = _user(request)
    answer = HttpResponse(
        packed(drawers(user), looks(user, at_most=None), timezone.now()), content_type="application/zip"
    )
    answer["Content-Disposition"] = 'attachment; filename="silin.zip"'
    return _private(answer)


@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: HttpRequest, field: str) -> HttpResponse:
    """Whoever is signed in: says that something held about themselves is wrong; the office answers."""
    user, fields = _user(request), asking.title_of_fields()
    office = asking.office_of(user)
    if field not in fields or office is None:
        raise NotFound
    form = WrongForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            asking.ask_correction(user, field, form.cleaned_data["words"], now=timezone.now())
        except Refused as refusal:
            if wants_json(request):
                raise
            mend(form, refusal)
        else:
            messages.success(request, _("Your community has it. You are told what comes of it."))
            return redirect("people:privacy")
    said = [each for drawer in drawers(user, SHOWN) for each in drawer.first if _is(drawer, each, field)]
    days = int(number(asking.DAYS, office.path))
    context = {"form": form, "title": fields[field], "said": said, "days": days}
    status = 400 if form.is_bound else 200
    return _private(render(request, "people/privacy/wrong.html", context, status=status))


def _is(drawer: Drawer, said: Said, field: str) -> bool:
    return f"{drawer.label}.{said.field}" == field


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
    context = {**_links(request), "form": form, "stays": stays}
    return _private(render(request, "people/privacy/delete.html", context, status=status))


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Everyone: said after a deletion."""
    return render(request, "people/privacy/gone.html", {"shell": shell_of(request)})


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


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer
