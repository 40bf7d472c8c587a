"""The forms about outside systems: what is said of one, its columns, a number that a matter has there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silin.accounts.models import Client
from silin.lib.refusal import Words
from silin.lib.sheets.checking import HEADING_LINES
from silin.lib.sheets.reading import Line, read_table
from silin.matters.forms import ActForm, category_choices, choice_field, set_choices
from silin.matters.models import TICKET_AT_MOST, Matter, OutsideSystem
from silin.matters.outside import FIXED_AT_MOST, HEADING_AT_MOST, give_ticket
from silin.matters.outside_fields import FIELDS, guess
from silin.matters.terms import leaves
from silin.operation.tables import RowForm

if TYPE_CHECKING:
    from django.forms.formsets import BaseFormSet

LABELS: dict[str, Words] = {
    "code": _("Code"),
    "name": _("Chinese name"),
    "name_en": _("English name"),
    "kind": _("What it is"),
    "link": _("Link to a matter there"),
    "connected": _("Programs pass matters on, nobody types them twice"),
    "client": _("With which key it comes in"),
    "valid_from": _("From"),
    "valid_until": _("Until (that day no longer)"),
    "takes": _("What belongs there"),
}
DAYS = ("valid_from", "valid_until")
MORE = 3
DAYS_AT_MOST = 92


class SystemForm(RowForm):
    """One outside system; its code is chosen once."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["link"].help_text = _(
            "https:// and the address of one matter; {number} stands for their number, {matter} for ours."
        )
        choices = category_choices(leaves())
        self.fields["takes"] = forms.MultipleChoiceField(
            label=str(LABELS["takes"]),
            choices=[row for _group, rows in choices for row in rows],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Matters of these categories stand in its daily sheet, also without a number there."),
        )
        known = Q(ended_at=None) | Q(pk=self.instance.client_id)
        clients = Client.objects.filter(known).select_related("user").order_by("user__name", "pk")
        self.fields["client"] = forms.ModelChoiceField(
            clients, label=str(LABELS["client"]), required=False, empty_label=str(_("no key"))
        )
        self.fields["client"].widget.attrs["class"] = "input"
        for name in DAYS:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name].widget = widget
        if not self.instance._state.adding:
            del self.fields["code"]
        else:
            self.initial["valid_from"] = localdate()


def system_form() -> type[SystemForm]:
    """The form with the fields of a system."""
    labels = cast(dict[str, str], LABELS)
    made = forms.modelform_factory(OutsideSystem, form=SystemForm, fields=list(LABELS), labels=labels)
    return cast(type[SystemForm], made)


class ColumnForm(forms.Form):
    """A column of their sheet; without a heading it is left out."""

    use_required_attribute = False
    heading = forms.CharField(label=_("Their heading"), required=False, max_length=HEADING_AT_MOST)
    field = choice_field(_("What stands in it"), (), required=False, radio=False)
    fixed = forms.CharField(label=_("Always these words"), required=False, max_length=FIXED_AT_MOST)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(each.name, each.title) for each in FIELDS.values()]
        set_choices(self, "field", [("", _("nothing of ours")), *known])
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["fixed"].widget.attrs["placeholder"] = self.fields["fixed"].label


ColumnSet = forms.formset_factory(ColumnForm, extra=MORE, max_num=80, absolute_max=80)


def columns_form(data: Any = None, columns: Sequence[Sequence[str]] = ()) -> BaseFormSet[ColumnForm]:
    """The columns of a system, and some empty ones."""
    initial = [{"heading": heading, "field": field, "fixed": fixed} for heading, field, fixed in columns]
    return ColumnSet(data, initial=initial, prefix="columns")


def columns_said(form: BaseFormSet[ColumnForm]) -> list[list[str]]:
    """What was typed, without what has no heading."""
    rows = [each.cleaned_data for each in form.forms]
    kept = [row for row in rows if row.get("heading", "").strip()]
    return [[row["heading"].strip(), row["field"], row["fixed"].strip()] for row in kept]


def columns_of_sheet(data: bytes, before: Sequence[Sequence[str]] = ()) -> list[list[str]]:
    """The headings of a sheet of theirs, each with the field that it was given before, or likely means.

    Raises ``Refused`` as ``read_table`` does.
    """
    lines = read_table(data).lines[:HEADING_LINES]
    known = {heading: [field, fixed] for heading, field, fixed in before}
    headings = [cell.strip() for cell in max(lines, key=_headings).cells if cell.strip()]
    rows = [[each[:HEADING_AT_MOST], *known.get(each, [guess(each), ""])] for each in dict.fromkeys(headings)]
    taken: set[str] = set()
    for row in rows:
        row[1] = "" if row[1] in taken else row[1]
        taken |= {row[1]} - {""}
    return rows


class SheetForm(forms.Form):
    """A sheet of theirs."""

    file = forms.FileField(
        label=_("A sheet of theirs"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.et,.csv"}),
        error_messages={"required": _("Please choose a file."), "empty": _("There is nothing in the file.")},
    )


def day_input() -> forms.DateInput:
    """A field for a day."""
    return forms.DateInput(attrs={"type": "date", "class": "input"})


class RangeForm(forms.Form):
    """From which day to which, both included; at most three months."""

    use_required_attribute = False
    since = forms.DateField(label=pgettext_lazy("day", "From"), widget=day_input())
    until = forms.DateField(label=pgettext_lazy("day", "To"), widget=day_input())

    def clean(self) -> dict[str, Any]:
        """The days in their order, and not too many of them."""
        sent = super().clean() or {}
        since, until = sent.get("since"), sent.get("until")
        if since and until and not timedelta() <= until - since <= timedelta(days=DAYS_AT_MOST):
            raise forms.ValidationError(_("The first day comes first, and three months are the most."))
        return sent

    @classmethod
    def read(cls, data: Any, now: datetime) -> RangeForm:
        """What the address asks for; today where it asks for nothing."""
        day = localdate(now).isoformat()
        return cls(
            {"since": data.get("since") or day, "until": data.get("until") or data.get("since") or day}
        )

    @property
    def days(self) -> tuple[date, date]:
        """First and last day; today twice where what was asked for makes no sense."""
        if not self.is_valid():
            return localdate(), localdate()
        return self.cleaned_data["since"], self.cleaned_data["until"]


class TicketForm(ActForm):
    do = "ticket"
    verb = staticmethod(give_ticket)
    title, button = _("Number in another system"), _("Note the number")
    system = choice_field(_("Which system?"), (), radio=False)
    ticket = forms.CharField(
        label=_("Its number there"),
        max_length=TICKET_AT_MOST,
        error_messages={"required": _("Please write the number that it has there.")},
    )

    def __init__(
        self,
        matter: Matter,
        data: Any = None,
        files: Any = None,
        *,
        systems: Sequence[OutsideSystem],
        **options: Any,
    ) -> None:
        super().__init__(matter, data, files, **options)
        self.systems = systems
        set_choices(self, "system", [(each.pk, str(each)) for each in systems])

    def said(self) -> dict[str, Any]:
        code = self.cleaned_data["system"]
        system = next(each for each in self.systems if each.pk == code)
        return {"system": system, "number": self.cleaned_data["ticket"]}


def _headings(line: Line) -> tuple[int, int]:
    """How likely a line is that of the headings: what is understood, then how much there is."""
    cells = [cell for cell in line.cells if cell.strip()]
    return sum(bool(guess(cell)) for cell in cells), len(set(cells))
