"""What matters may be about, as the city changes it: names, limits, words, questions, from a day on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.models import User
from silin.forms.asking import QuestionsForm
from silin.forms.editing import Editor
from silin.forms.schema import Schema, day_or_none
from silin.history import queries as history
from silin.history.models import Entry
from silin.history.rows import line_of, mark
from silin.lib.mending import mend, set_values
from silin.lib.refusal import Changed, NotFound, Refused, Words
from silin.matters.category_forms import LABELS, DatedForm, dated_form
from silin.matters.models import Category, CategoryTerms
from silin.matters.terms import KIND, drop_plan, set_category, set_questions
from silin.people.doors import for_posts, viewer

SET_UP = "city.set_up"
SHOWN = 20
DEEDS: dict[str, Words] = {
    "add": gettext_lazy("written down"),
    "change": gettext_lazy("changed"),
    "plan": gettext_lazy("planned for later"),
    "drop": gettext_lazy("plan taken back"),
}


@for_posts(SET_UP)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Staff with ``city.set_up``: the tree of categories with their limits, retired ones too."""
    rows = list(Category.objects.select_related("questions"))
    planned = CategoryTerms.objects.filter(since__gt=localdate()).order_by("-since")
    soon = dict(planned.values_list("category", "since"))
    groups = [
        (group, [(row, soon.get(row.pk)) for row in rows if row.parent_id == group.pk])
        for group in rows
        if group.parent_id is None
    ]
    return render(request, "matters/desk/categories.html", {"groups": groups})


@for_posts(SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, category: str = "") -> HttpResponseBase:
    """Staff with ``city.set_up``: one category, what it asks, what is planned, what it said before."""
    now = timezone.now()
    rows = Category.objects.select_related("parent", "questions")
    row = get_object_or_404(rows, pk=category) if category else None
    asked: Schema = row.questions.schema if row is not None and row.questions else ()
    if request.method != "POST":
        return _page(request, row, dated_form()(instance=row), Editor(asked))
    if row is not None and request.POST.get("do") == "drop":
        return _drop(request, row, now)
    form = dated_form()(request.POST, instance=row)
    editor = Editor(asked, request.POST)
    good = [form.is_valid(), editor.is_valid()]
    if request.POST.get("do") == "preview" or not all(good):
        status = 200 if all(good) else 400
        return _page(request, row, form, editor, status=status)
    try:
        kept = _keep(form, editor, viewer(request), now)
    except Refused as refusal:
        return _refused(request, category, form, editor, refusal)
    messages.success(request, _("Noted."))
    return redirect("matters:desk_category", kept.pk)


@transaction.atomic
def _keep(form: DatedForm, editor: Editor, user: User, now: datetime) -> Category:
    row: Category = form.instance
    row.questions = set_questions(row.pk, editor.schema, actor=user, now=now)
    seen, since = form.cleaned_data["seen"], form.cleaned_data["since"]
    return set_category(row, actor=user, now=now, seen=seen, since=since if since != localdate(now) else None)


def _drop(request: HttpRequest, row: Category, now: datetime) -> HttpResponseBase:
    since = day_or_none(request.POST.get("since", ""))
    if since is None:
        raise NotFound
    drop_plan(row, since, actor=viewer(request), now=now)
    messages.success(request, _("The plan is taken back."))
    return redirect("matters:desk_category", row.pk)


def _refused(
    request: HttpRequest, code: str, form: DatedForm, editor: Editor, refusal: Refused
) -> HttpResponse:
    """Who came second is told; saving once more is then done knowingly."""
    row = Category.objects.select_related("parent", "questions").filter(pk=code).first() if code else None
    mend(form, refusal)
    if isinstance(refusal, Changed) and row is not None:
        set_values(form, seen=mark(row))
    return _page(request, row, form, editor, status=refusal.status)


def _page(
    request: HttpRequest, row: Category | None, form: DatedForm, editor: Editor, status: int = 200
) -> HttpResponse:
    terms = list(row.terms.select_related("questions").order_by("-since")) if row is not None else []
    lines = history.of(line_of(KIND, row)).select_related("actor")[:SHOWN] if row is not None else []
    context = {
        "row": row,
        "form": form,
        "editor": editor,
        "preview": QuestionsForm(editor.schema),
        "terms": terms,
        "wrong": editor.refusal is not None or any(each.errors for each in editor.rows),
        "today": localdate(),
        "lines": [(line, DEEDS.get(line.action, line.action), _differences(line)) for line in lines],
    }
    return render(request, "matters/desk/category.html", context, status=status)


def _differences(line: Entry) -> list[tuple[Words, Any, Any]]:
    before, after = line.fields.get("before", {}), line.fields.get("after", {})
    names = {name: LABELS.get(name.removesuffix("_id")) for name in after}
    return [
        (label, _shown(before.get(name)), _shown(after[name]))
        for name, label in names.items()
        if label is not None and before.get(name) != after[name]
    ]


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return " ".join(value) if isinstance(value, list) else "–" if value in (None, "") else value
