"""Django's admin for set-up tables, and for nothing else: rows that one administrator changes now and then.

It writes through the verbs of the rooms: each save is one transaction with its line in the history, says by
``seen`` what its person looked at, and nothing is ever deleted. Its pages are the desk's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history import queries as history
from silin.history.rows import line_of, mark
from silin.lib.dates import day_words
from silin.lib.mending import mend
from silin.lib.paging import page_by_key
from silin.lib.refusal import Changed, NotFound, Refused, Words
from silin.people.doors import for_posts, for_signed_in, viewer

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm

SYSTEM, RIGHTS = "system.run", "rights.edit"
SIZE = 50
EMPTY = {"required": _("Please fill this in.")}


class RowForm(ModelForm):
    """One row, with the mark of what its person looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    refusal: Refused | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["seen"] = "" if self.instance._state.adding else mark(self.instance)
        for field in self.fields.values():
            field.error_messages.update(EMPTY)

    def clean(self) -> dict[str, Any]:
        """What the verb has refused before stands at the field it names."""
        cleaned = super().clean() or {}
        if self.refusal is not None:
            mend(self, self.refusal)
        return cleaned


class Table(ModelAdmin):
    """A set-up table: whose it is, its words, its columns, and ``verb``, which its saves go through.

    ``kind`` is what its rows are called in the history; ``fixed`` are columns that stay as they were when
    the row was made.
    """

    verb: ClassVar[Callable[..., object]]
    capability = SYSTEM
    kind = ""
    one: Words = ""
    many: Words = ""
    why: Words = ""
    closed: Words = ""
    labels: dict[str, Words] = {}
    columns: Sequence[str] = ()
    fixed: Sequence[str] = ()
    order: Sequence[str] = ("pk",)
    form = RowForm
    stacked = False
    """Whether a phone shows its list as blocks: rows with whole sentences are no columns there."""
    actions = None
    change_form_template = add_form_template = "operation/tables/row.html"

    def __init__(self, model: type[models.Model], site: admin.AdminSite) -> None:
        super().__init__(model, site)
        # The words belong to the table: said on the model they would need a migration for each.
        model._meta.verbose_name, model._meta.verbose_name_plural = cast(Any, self.one), cast(Any, self.many)

    def write(self, row: Any, *, actor: User, now: datetime, seen: str) -> object:
        """Hand the row to the verb of its room. Raises ``Refused``."""
        return self.verb(row, actor=actor, now=now, seen=seen)

    def get_urls(self) -> list[URLPattern]:
        """The list, a new row, a row and its history; there is no address at which something is deleted."""
        start, one = f"{self.opts.app_label}_{self.opts.model_name}", f"<str:row_of_{self.opts.model_name}>"
        return [
            path("", self._door(self.list_view, "the rows of a table."), name=f"{start}_changelist"),
            path("add/", self._door(self.add_view, "a new row."), name=f"{start}_add"),
            path(f"{one}/", self._door(self.change_view, "one row."), name=f"{start}_change"),
            path(f"{one}/history/", self._door(self.lines_view, "its history."), name=f"{start}_history"),
        ]

    def _door(self, view: Callable[..., HttpResponseBase], about: str) -> Callable[..., HttpResponseBase]:
        @for_posts(self.capability)
        def page(request: HttpRequest, /, **row: str) -> HttpResponseBase:
            return view(request, *row.values())

        page.__doc__ = f"Staff with ``{self.capability}``: {about}"
        return page

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """Every row with a door to its page."""
        page = page_by_key(self.get_queryset(request), self.order, request.GET.get("after", ""), SIZE)
        rows = [(self.url_of("change", row), row, self.cells(row)) for row in page.rows]
        context = {"table": self, "page": page, "rows": rows, "heads": self.heads()}
        context["add_url"] = self.url_of("add") if self.has_add_permission(request) else ""
        return render(request, "operation/tables/list.html", context)

    def lines_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """What was changed in one row, when and by whom, newest first."""
        row = self._row(request, key)
        page = page_by_key(self.lines_of(row), ("-seq",), request.GET.get("after", ""), SIZE)
        lines = [(each, self._differences(each.fields)) for each in page.rows]
        context = {"table": self, "row": row, "page": page, "lines": lines}
        context["back"] = self.url_of("change", row)
        return render(request, "operation/tables/lines.html", context)

    def lines_of(self, row: Any) -> models.QuerySet[Any]:
        """The lines of the history about a row."""
        return history.of(line_of(self.kind, row))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form; what the verb refuses is said at the form, and what was typed stays."""
        row = self._row(request, object_id) if object_id is not None else None
        context = {"table": self, "row": row, "list_url": self.url_of("changelist"), **(extra_context or {})}
        context |= self.beside(request, row)
        if row is not None:
            context["lines_url"] = self.url_of("history", row)
            context["fixed"] = [
                (self.label(name), self.cell(row, name)) for name in self._closed(request, row)
            ]
            context["may_change"] = self.has_change_permission(request, row)
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refusal:
            self._refuse(request, refusal, object_id)
            answer: Any = super().changeform_view(request, object_id, form_url, context)
            answer.status_code = refusal.status
            return answer

    def beside(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What else the page of a row shows; ``row`` is None where a new one is written."""
        return {}

    def _refuse(self, request: HttpRequest, refusal: Refused, object_id: str | None) -> None:
        """Who came second reads what stands there now; saving once more is then done knowingly."""
        if isinstance(refusal, Changed) and object_id is not None:
            row = self._row(request, object_id)
            there = "; ".join(f"{self.label(name)}: {self.cell(row, name)}" for name in self.shown(row))
            message = _(
                "Somebody changed it since you looked. Now there: %(there)s. Save again to replace it."
            )
            refusal = Changed(message % {"there": there})
            said = request.POST.copy()
            said["seen"] = mark(row)
            request.POST = said  # type: ignore[assignment]
        request.refusal = refusal  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the verb of the room, in the transaction that the admin has opened."""
        self.write(obj, actor=viewer(request), now=timezone.now(), seen=form.cleaned_data["seen"])

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        made = super().get_form(request, obj, change, **options)
        return type(made.__name__, (made,), {"refusal": getattr(request, "refusal", None)})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self._closed(request, obj)) if obj is not None else []

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """The house's own fields, with the words of the table."""
        return db_field.formfield(**{"label": self.label(db_field.name), **options})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.capability)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what a row once meant stays readable."""
        return False

    def log_addition(self, *_said: Any, **_more: Any) -> Any:
        """Nothing: the verb has written its line."""

    def log_change(self, *_said: Any, **_more: Any) -> Any:
        """Nothing: the verb has written its line."""

    def label(self, name: str) -> Words:
        """A column in words."""
        return self.labels.get(name, name)

    def shown(self, row: Any) -> Sequence[str]:
        """The columns that the form shows of a row."""
        return [name for name in self.labels if name in (self.fields or ()) and name not in self.fixed]

    def heads(self) -> list[Words]:
        return [self.label(name) for name in self.columns]

    def cells(self, row: Any) -> list[Any]:
        return [self.cell(row, name) for name in self.columns]

    def cell(self, row: Any, name: str) -> Any:
        """A value as people read it."""
        own = getattr(self, f"say_{name}", None)
        value = own(row) if own else getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return day_words(value, with_year=True)
        return "–" if value in (None, "", []) else value

    def url_of(self, page: str, row: Any = None) -> str:
        """The address of one of the table's pages."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[row.pk] if row is not None else [])

    def _closed(self, request: HttpRequest, row: Any) -> Sequence[str]:
        """The columns that cannot be changed: those that were fixed when the row was made, or all."""
        return self.fixed if self.has_change_permission(request, row) else list(self.labels)

    def _row(self, request: HttpRequest, key: str) -> Any:
        row = self.get_object(request, key)
        if row is None:
            raise NotFound
        return row

    def _differences(self, fields: dict[str, Any]) -> list[tuple[Words, Any, Any]]:
        before, after = fields.get("before", {}), fields.get("after", {})
        return [(self.label(name.removesuffix("_id")), before.get(name), after[name]) for name in after]


class SetUpSite(admin.AdminSite):
    """Two addresses of its own: the list of tables, and nothing to sign in by (that is ``accounts``)."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever may change one of its tables."""
        return request.user.has_perm(SYSTEM) or request.user.has_perm(RIGHTS)

    def each_context(self, request: HttpRequest) -> Any:
        """Nothing: the pages stand in the desk's shell."""
        return {}

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The tables; the admin's own pages for signing in, passwords and searching are not there."""
        urls: list[URLPattern | URLResolver] = [path("", index, name="index")]
        for model, table in self._registry.items():
            prefix = f"{model._meta.app_label}/{model._meta.model_name}/"
            urls += [path(prefix, _below(table.get_urls()))]
        return urls


def _below(patterns: list[URLPattern]) -> Any:
    return (patterns, None, None)


@for_signed_in
def index(request: HttpRequest) -> HttpResponse:
    """Staff: the set-up tables that their post lets them change; nobody else finds the page."""
    tables = [cast(Table, each) for each in site._registry.values() if each.has_module_permission(request)]
    if not tables:
        raise NotFound
    rows = sorted((str(each.many), each.why, each.url_of("changelist")) for each in tables)
    return render(request, "operation/tables/index.html", {"rows": rows})


site = SetUpSite(name="admin")
