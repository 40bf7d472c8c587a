"""A file to send: for which place, and for outlines in which datum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.imports.models import BatchState
from silin.imports.queries import Line, Wanted
from silin.lib.datum import Datum

DATUMS = [
    ("", _("The file has no outlines")),
    (Datum.CGCS2000, _("CGCS2000 (surveys, planning)")),
    (Datum.WGS84, _("WGS-84 (GPS)")),
    (Datum.GCJ02, _("GCJ-02 (AMap, Tencent)")),
    (Datum.BD09, _("BD-09 (Baidu)")),
]
ENDINGS = ".xlsx,.xls,.et,.ods,.csv,.txt,.geojson,.json,.zip,.gpkg"


class WantedForm(forms.Form):
    """Which files the list shows."""

    sheet = forms.ChoiceField(label=_("Table"), required=False)
    state = forms.ChoiceField(label=_("Where it stands"), required=False)
    by = forms.ChoiceField(label=_("Sent by"), required=False)

    def __init__(self, data: Any, *, lines: Sequence[Line], people: Iterable[User]) -> None:
        super().__init__(data)
        lists: dict[str, list[tuple[Any, Any]]] = {
            "sheet": [(line.sheet.key, line.sheet.title) for line in lines],
            "state": list(BatchState.choices),
            "by": [(str(user.pk), user) for user in people],
        }
        for name, rows in lists.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("any")), *rows]
            field.widget.attrs["class"] = "input"

    @property
    def wanted(self) -> Wanted:
        """What is asked; whatever is none of the choices is not asked."""
        self.full_clean()
        return Wanted(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class FileForm(forms.Form):
    """What the page of a sheet asks."""

    place = forms.ChoiceField(label=_("For which place"))
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ENDINGS, "class": "input"}),
        error_messages={"required": _("Please choose a file."), "empty": _("There is nothing in the file.")},
    )
    datum = forms.ChoiceField(label=_("Datum of the outlines"), choices=DATUMS, required=False)

    def __init__(self, *args: Any, line: Line, **options: Any) -> None:
        super().__init__(*args, **options)
        place, datum = self.fields["place"], self.fields["datum"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = [(each.code, each.full_name()) for each in line.places]
        for field in (place, datum):
            field.widget.attrs["class"] = "input"
        if not line.sheet.shape:
            del self.fields["datum"]
