"""What the pages of the register share, whoever looks: one home, what may be done there, one number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from silin.accounts.models import User
from silin.lib.addresses import as_code, whole
from silin.lib.http import wants_json
from silin.lib.masking import mask_phone
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.people import caring, joining, merging, moving, register
from silin.people.finding import homes_meant, people_meant
from silin.people.models import AttentionKind, Household, HouseholdQuerySet, Merge, Move, Person
from silin.people.register_forms import CareForm, PersonForm, RevealForm, SameForm
from silin.people.revealing import note_opening, reveal
from silin.places.models import Place

SEE = "households.see"
MOVES_SHOWN = 5


def fetch(user: User, key: UUID) -> Household:
    """The home, if ``user`` may see it. Raises ``NotFound``."""
    household = Household.objects.with_home().filter(pk=key, merged_into=None).first()
    if household is None or not user.has_perm(SEE, household):
        raise NotFound
    return household


def member(household: Household, key: str) -> Person:
    """Somebody who lives there now. Raises ``NotFound``."""
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFound from None
    person = Person.objects.registered().filter(
        pk=wanted, memberships__household=household, memberships__until=None
    )
    if (found := person.first()) is None:
        raise NotFound
    return found


def living_in(household: Household) -> list[Person]:
    """Who lives there now, whoever came first first."""
    rows = Person.objects.registered().filter(memberships__household=household, memberships__until=None)
    return list(rows.order_by("memberships__since", "pk"))


def narrowed(place: Place, q: str, state: str) -> HouseholdQuerySet:
    """The homes of ``place`` with how many live there, narrowed to a state and to what was searched."""
    rows = Household.objects.under(place).with_home()
    if state in Household.State.values:
        rows = rows.filter(state=state)
    if q:
        people = people_meant(q).filter(memberships__until=None)
        there = Q(pk__in=people.values("memberships__household"))
        rows = rows.filter(there | Q(pk__in=homes_meant(q, [place.path]).values("pk")))
    living = Count("memberships", filter=Q(memberships__until=None, memberships__person__merged_into=None))
    return rows.annotate(n=living)


def page(
    request: HttpRequest, household: Household, user: User, now: datetime, template: str, **more: Any
) -> HttpResponse:
    """The page of a home; that it was opened is written down."""
    status = more.pop("status", 200)
    if request.method in ("GET", "HEAD"):
        note_opening(household, actor=user, now=now)
    members = [_shown(person) for person in living_in(household)]
    context = {
        "household": household,
        "members": members,
        "may_edit": user.has_perm(register.EDIT, household),
        "states": Household.State.choices,
        "moves": moving.moves_of(household, MOVES_SHOWN),
        "merges": merging.merges_into([household.pk], Merge.Kind.HOUSEHOLD, MOVES_SHOWN),
        "form": more.pop("form", None) or PersonForm(),
        "same": more.pop("same", None) or SameForm(),
        "looked_in": caring.seen_in(household, user, now),
        "care": care_form(more.pop("care", None), members),
        **more,
    }
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def care_form(form: CareForm | None, members: list[dict[str, Any]]) -> CareForm:
    """The form by which somebody of the home is put down as looked in on, with what there is to choose."""
    form = form or CareForm()
    fields: Any = form.fields
    fields["person"].choices = [(str(each["person"].pk), str(each["person"])) for each in members]
    first = ("", _("Please choose"))
    fields["kind"].choices = [first] + [
        (each.pk, str(each)) for each in AttentionKind.objects.filter(in_use=True)
    ]
    return form


def _shown(person: Person) -> dict[str, Any]:
    return {
        "person": person,
        "phone": mask_phone(person.phone) if person.phone else "",
        "account": joining.account_of(person),
    }


def act(
    request: HttpRequest, household: Household, user: User, now: datetime, template: str, there: str
) -> HttpResponse:
    """Do what the page of a home asks for; what was typed comes back with what was wrong."""
    do = request.POST.get("do", "")
    if (verb := ACTS.get(do)) is None:
        raise NotFound
    name, form_class = FORMS.get(do, ("", None))
    form = form_class(request.POST) if form_class else None
    if isinstance(form, CareForm):
        care_form(form, [{"person": person} for person in living_in(household)])
    try:
        if form is None or form.is_valid():
            return verb(request, household, user, now) or _noted(request, there)
    except Refused as refusal:
        if wants_json(request) or isinstance(refusal, NotFound):
            raise
        if form is None:
            messages.error(request, str(refusal.message))
            return redirect(there)
        mend(form, refusal)
    return page(request, household, user, now, template, status=400, **{name: form})


def _noted(request: HttpRequest, there: str) -> HttpResponse:
    messages.success(request, _("Noted."))
    return redirect(there)


def _add_member(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    form = PersonForm(request.POST)
    form.is_valid()
    register.put_down_person(household, actor=user, now=now, **form.cleaned_data)


def _set_state(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    moving.change_state(household, request.POST.get("state", ""), actor=user, now=now)


def _leave(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    person = member(household, request.POST.get("person", ""))
    moving.move_people(household, [person], None, actor=user, now=now)


def _move_back(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    made = Move.objects.filter(pk=key_of(request, "move"), household=household).first()
    if made is None:
        raise NotFound
    moving.undo_move(made, actor=user, now=now)


def _same(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    """The home is written a second time under another door: that writing goes into this one."""
    entrance, door = (register.read_door(request.POST.get(name, ""), name) for name in ("entrance", "door"))
    other = register.find_home(household.building, entrance, door)
    if other is None or not user.has_perm(SEE, other):
        raise Refused("no_such_home", _("No home of this building is written like that."), field="door")
    merging.merge(household, other, actor=user, now=now)


def _care(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    kind = AttentionKind.objects.filter(pk=request.POST.get("kind", ""), in_use=True).first()
    if kind is None:
        raise Refused("bad_choice", _("Please choose one of the list."), field="kind")
    person = member(household, request.POST.get("person", ""))
    caring.look_in_on(person, kind, agreed=request.POST.get("agreed", ""), actor=user, now=now)


def _end_care(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    key = key_of(request, "attention")
    row = next((each for each in caring.seen_in(household, user, now) if each.pk == key), None)
    if row is None:
        raise NotFound
    caring.end_attention(row, actor=user, now=now)


def _unmerge(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    made = Merge.objects.filter(pk=key_of(request, "merge"), kept=household.pk).first()
    if made is None:
        raise NotFound
    merging.undo(made, actor=user, now=now)


def _join(request: HttpRequest, household: Household, user: User, now: datetime) -> None:
    person = member(household, request.POST.get("person", ""))
    account = joining.account_of(person)
    if account is None:
        raise Refused("no_account", _("No account has this number yet."))
    joining.join(person, account, actor=user, now=now)


def _code(request: HttpRequest, household: Household, user: User, now: datetime) -> HttpResponse:
    person = member(household, request.POST.get("person", ""))
    return _given(request, person, code=joining.give_code(person, actor=user, now=now))


def _slip(request: HttpRequest, household: Household, user: User, now: datetime) -> HttpResponse:
    key = request.POST.get("person", "")
    row = member(household, key) if key else household
    secret = joining.give_slip(row, actor=user, now=now)
    path = f"/join/{secret}/"  # a page of residents, where another process may serve it
    link = whole(request, path)
    return _given(request, row, link=link, picture=as_code(link, scale=6))


def _given(request: HttpRequest, row: Person | Household, **more: Any) -> HttpResponse:
    """A code or a slip, shown once."""
    back = request.path
    answer = render(request, "people/register/given.html", {"row": row, "back": back, **more})
    answer["Cache-Control"] = "no-store"
    return answer


ACTS: dict[str, Callable[[HttpRequest, Household, User, datetime], HttpResponse | None]] = {
    "member": _add_member,
    "state": _set_state,
    "leave": _leave,
    "move_back": _move_back,
    "same": _same,
    "unmerge": _unmerge,
    "care": _care,
    "end_care": _end_care,
    "join": _join,
    "code": _code,
    "slip": _slip,
}
FORMS: dict[str, tuple[str, type[Form]]] = {
    "member": ("form", PersonForm),
    "same": ("same", SameForm),
    "care": ("care", CareForm),
}
"""What comes back with what was typed, by the button: its name in the page and its form."""


def number(
    request: HttpRequest,
    about: Person | User,
    right: tuple[str, Any],
    now: datetime,
    *,
    back: str,
    shell: str,
    named: bool = True,
) -> HttpResponse:
    """Ask what a number is needed for, then show it once. Never kept by the browser.

    ``named`` False: the name too is read only then.
    """
    assert isinstance(request.user, User)
    context: dict[str, Any] = {"shell": shell, "back": back, "about": about}
    status = 200
    if request.method == "POST":
        form = RevealForm(request.POST)
        try:
            if form.is_valid():
                context["number"] = reveal(
                    about, "phone", **form.cleaned_data, right=right, actor=request.user, now=now
                )
            else:
                status = 400
        except Refused as refusal:
            if wants_json(request):
                raise
            mend(form, refusal)
            status = refusal.status
    else:
        form = RevealForm(initial={"client_id": uuid4(), "purpose": "call_back"})
    context |= {"form": form, "named": named or "number" in context}
    answer = render(request, "people/register/number.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def key_of(request: HttpRequest, name: str) -> UUID:
    """A key that a button sent. Raises ``NotFound``."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise NotFound from None
