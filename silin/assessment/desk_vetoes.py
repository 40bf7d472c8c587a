"""Vetoes: those of a place and what lies in it, one of them with its story, and a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.assessment.asking import Asked
from silin.assessment.league import is_on
from silin.assessment.models import Veto
from silin.assessment.models.vetoes import VetoQuerySet
from silin.assessment.veto_forms import FORMS as DECISIONS
from silin.assessment.veto_forms import DecisionForm, DeclareForm
from silin.assessment.vetoing import DECIDE, appeal, deciders, declare, may_rule, rule, withdraw
from silin.lib.http import wants_json
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotAllowed, NotFound, Words
from silin.lib.sheets.answering import FORMS, list_answer
from silin.matters.opening import SeeOther
from silin.people.doors import for_posts, viewer
from silin.people.league import SEE

SIZE, CHUNK = 40, 500
BESIDE = ("place__parent", "declared_by", "appealed_by", "ruled_by")
LISTS: dict[str, Words] = {
    "in_force": gettext_lazy("In force"),
    "appealed": gettext_lazy("Appealed"),
    "past": gettext_lazy("Past"),
}
VERBS: dict[str, Callable[..., Veto]] = {"appeal": appeal, "rule": rule, "withdraw": withdraw}

pages = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Line:
    """A veto in the list, with how it stands today."""

    veto: Veto
    url: str

    @property
    def state(self) -> Veto.State:
        return self.veto.state(localdate())


@dataclass(frozen=True)
class Step:
    """Something that happened to a veto, for its story."""

    by: User | None
    done: str
    words: str
    at: datetime

    @property
    def sentence(self) -> str:
        return _("%(name)s %(done)s") % {"name": self.by or _("Somebody"), "done": self.done}


@for_posts(SEE)
@require_safe
def vetoes(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the league: the vetoes of a place and of what lies in it."""
    asked = Asked.of(request, viewer(request), code)
    which = request.GET.get("list", "")
    which = which if which in LISTS else "in_force"
    page = page_by_key(_listed(asked, which), ("-declared_at",), request.GET.get("after", ""), SIZE)
    tally = _tally(asked)
    context = {
        "asked": asked,
        "place": asked.root,
        "crumb": asked.crumb(_("Vetoes")),
        "lists": [(key, words, tally[key], asked.url("vetoes", list=key)) for key, words in LISTS.items()],
        "which": which,
        "page": page,
        "lines": [Line(row, _url(asked, row)) for row in page.rows],
        "on": is_on(asked.root),
        "new_url": asked.url("veto_new") if asked.user.has_perm(DECIDE, asked.root) else "",
        "sheets": [(form.upper(), asked.url("vetoes_sheet", form=form)) for form in FORMS],
    }
    return render(request, "assessment/desk/vetoes.html", context)


@for_posts(SEE)
@require_safe
def export(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Staff with ``league.see`` as for the page: every veto of the place as a spreadsheet, old ones too."""
    asked = Asked.of(request, viewer(request), code)
    heads = [
        *(_("Code"), _("Place"), _("Event"), _("Day of the event"), _("Legal basis"), _("Best grade left")),
        *(_("Counts from"), _("Counts up to"), _("State of the veto"), _("Declared by"), _("Declared on")),
        *(_("Appeal"), _("Appealed by"), _("Appealed on"), _("Decision"), _("Decided by"), _("Decided on")),
    ]
    name = f"silin-vetoes-{code}-{localdate():%Y%m%d}"
    return list_answer(form, name, _("Vetoes"), heads, _rows(asked))


@for_posts(SEE)
@pages
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``league.see`` and ``vetoes.decide`` over the place: declare a veto there or below it."""
    asked = Asked.of(request, viewer(request), code)
    if not asked.user.has_perm(DECIDE, asked.root):
        raise NotFound
    now, sent = timezone.now(), request.POST if request.method == "POST" else None
    form = DeclareForm(sent, asked.root)
    if sent is not None:
        made = form.try_to(
            lambda: declare(form.about(), key=form.cleaned_data["key"], actor=asked.user, now=now)
        )
        if made is not None:
            messages.success(request, _("Declared. The desk of the place has been told and may appeal."))
            return SeeOther(f"{_url(asked, made)}?declared=1")
        if form.refusal is not None and wants_json(request):
            raise form.refusal
    context = {"asked": asked, "place": asked.root, "form": form, "on": is_on(asked.root)}
    context |= {"crumb": asked.crumb(_("Declare a veto")), "list_url": asked.url("vetoes")}
    return render(request, "assessment/desk/veto_new.html", context, status=form.status)


@for_posts(SEE)
@pages
def veto(request: HttpRequest, code: str, veto: UUID) -> HttpResponseBase:
    """Staff with ``league.see`` as for the list: one veto; its place appeals, another one rules."""
    asked, now = Asked.of(request, viewer(request), code), timezone.now()
    row = Veto.objects.under(asked.root).select_related(*BESIDE).filter(pk=veto).first()
    if row is None:
        raise NotFound
    sent = _sent(request, asked.user, row, now)
    if sent is not None:
        if sent.try_to(lambda: VERBS[sent.do](row, **sent.said, actor=asked.user, now=now)) is not None:
            messages.success(request, str(sent.thanks))
            return SeeOther(_url(asked, row))
        if sent.refusal is not None and wants_json(request):
            raise sent.refusal
        row = Veto.objects.select_related(*BESIDE).get(pk=veto)
    context = {
        "asked": asked,
        "place": row.place,
        "line": Line(row, ""),
        "crumb": [*asked.crumb("")[:-1], (_("Vetoes"), asked.url("vetoes")), row.place.short_name],
        "forms": _forms(asked.user, row, now, sent),
        "steps": list(_story(row)),
        "on": is_on(row.place),
        "card_url": asked.url("card", code=row.place.code),
        "declared": "declared" in request.GET,
        **_waiting(row, now),
    }
    return render(request, "assessment/desk/veto.html", context, status=200 if sent is None else sent.status)


def _listed(asked: Asked, which: str) -> VetoQuerySet:
    """One of ``LISTS``, as it stands today."""
    rows, today = Veto.objects.under(asked.root).select_related(*BESIDE), localdate()
    if which == "appealed":
        return rows.appealed()
    return rows.past(today) if which == "past" else rows.in_force(today)


def _tally(asked: Asked) -> dict[str, int]:
    """How many are in each list. One statement."""
    every = Veto.objects.under(asked.root)
    counted = {key: Count("pk", filter=Q(pk__in=_listed(asked, key).values("pk"))) for key in LISTS}
    return every.aggregate(**counted)


def _url(asked: Asked, row: Veto) -> str:
    code = asked.root.code if row.place.path.startswith(asked.root.path) else row.place.code
    return reverse("assessment:veto", args=[code, row.pk])


def _sent(request: HttpRequest, user: User, row: Veto, now: datetime) -> DecisionForm | None:
    """The form that was sent. Raises ``NotFound`` for none of them, ``NotAllowed`` for one of others."""
    if request.method != "POST":
        return None
    found = DECISIONS.get(request.POST.get("do", ""))
    if found is None:
        raise NotFound
    form, may = found
    if not may(user, row, now):
        raise NotAllowed
    return form(request.POST)


def _forms(user: User, row: Veto, now: datetime, sent: DecisionForm | None) -> list[DecisionForm]:
    """What may be done with it now; what was just refused stays, with what was typed."""
    fits = {
        "rule": row.appeal_is_open,
        "appeal": row.appealed_at is None and not row.ruling,
        "withdraw": row.appealed_at is None and not row.ruling,
    }
    open_now = [form() for do, (form, may) in DECISIONS.items() if fits[do] and may(user, row, now)]
    rest = [form for form in open_now if sent is None or form.do != sent.do]
    return rest if sent is None else [sent, *rest]


def _waiting(row: Veto, now: datetime) -> dict[str, Any]:
    """Who may rule, while an appeal waits. One statement then."""
    if not row.appeal_is_open:
        return {}
    return {"rulers": [user for user in deciders(row, now) if may_rule(user, row, now)]}


def _story(row: Veto) -> Iterator[Step]:
    """What happened, the latest first."""
    if row.ruled_at is not None:
        said = {
            Veto.Ruling.UPHELD: _("upheld the veto"),
            Veto.Ruling.LIFTED: _("lifted the veto"),
            Veto.Ruling.WITHDRAWN: _("withdrew the veto"),
        }
        yield Step(row.ruled_by, said[Veto.Ruling(row.ruling)], row.why, row.ruled_at)
    if row.appealed_at is not None:
        yield Step(row.appealed_by, _("appealed against it"), row.appeal, row.appealed_at)
    yield Step(row.declared_by, _("declared the veto"), row.event, row.declared_at)


def _rows(asked: Asked) -> Iterator[list[object]]:
    today = localdate()
    rows = Veto.objects.under(asked.root).select_related(*BESIDE).order_by("-declared_at", "pk")
    for row in rows.iterator(chunk_size=CHUNK):
        yield [
            *(row.place.code, row.place.short_name, row.event, row.happened_on, row.basis),
            *(row.get_cap_display(), row.first.name, row.last.name, row.state(today).label),
            *(row.declared_by, row.declared_at, row.appeal, row.appealed_by, row.appealed_at),
            *(row.why, row.ruled_by, row.ruled_at),
        ]
