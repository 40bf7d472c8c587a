"""The form of whoever gives something back: by which line of a duty list it is not theirs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.matters.duties import asks_for_a_line, items_about
from silin.matters.forms import ActForm, choice_field, set_choices
from silin.matters.models import DutyItem, Matter

OTHER = "other"


class CitingForm(ActForm):
    """With a list of the lines that are about such matters; without it where there are none, or in a grid."""

    item = choice_field(_("By which line of a duty list?"), (), radio=False)

    def __init__(self, matter: Matter, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(matter, data, files, **options)
        asked = asks_for_a_line(matter.holder) or bool(matter.calls)
        self.items: dict[str, DutyItem] = {}
        if asked:
            self.items = {str(row.pk): row for row in items_about(matter, timezone.now())}
        if not self.items:
            del self.fields["item"]
            return
        lines = [(key, str(row)) for key, row in self.items.items()]
        set_choices(self, "item", [("", _("choose one")), *lines, (OTHER, _("another reason"))])

    def said(self) -> dict[str, Any]:
        """Only what there was to choose: in a grid nobody is asked."""
        chosen = self.cleaned_data.get("item", "")
        return {"item": self.items.get(chosen), "other_reason": chosen == OTHER} if chosen else {}
