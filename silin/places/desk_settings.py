"""The texts of the city, as its administrator changes them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.history import queries as history
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.places.texts import EDIT, LONGEST, NAMES, SUBJECT, set_texts, texts

SHOWN = 20
HINTS = {
    "platform_name": gettext_lazy("Stands on top of every page and in its title. Empty: Silin."),
    "map_approval": gettext_lazy("Like GS(2024)0650. Stands in the footer."),
    "police": gettext_lazy("As the public security registration gave it."),
    "open311_contact": gettext_lazy("Programs of others read it. Empty: who runs it, and the telephone."),
    "open311_keys": gettext_lazy("An address or a telephone. Empty: the same."),
    "open311_test": gettext_lazy("Where others may try out their programs. Empty: there is none."),
}


class TextsForm(forms.Form):
    """One field a text; an empty one is not shown on the pages."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, label in NAMES.items():
            self.fields[name] = forms.CharField(
                label=str(label),
                required=False,
                help_text=HINTS.get(name, ""),
                widget=forms.TextInput(attrs={"maxlength": LONGEST, "autocomplete": "off"}),
            )


@require_http_methods(["GET", "HEAD", "POST"])
def city(request: HttpRequest) -> HttpResponse:
    """Staff with ``settings.edit``: the texts of the city, and who changed them."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(EDIT):
        raise NotFound
    if request.method != "POST":
        return _page(request, TextsForm(initial=dict(texts())))
    form = TextsForm(request.POST)
    try:
        changed = set_texts(
            {name: request.POST.get(name, "") for name in NAMES}, actor=user, now=timezone.now()
        )
    except Refused as refusal:
        mend(form, refusal)
        return _page(request, form, status=refusal.status)
    messages.success(request, _("Noted.") if changed else _("Nothing was different."))
    return redirect("places:desk_settings")


def _page(request: HttpRequest, form: TextsForm, *, status: int = 200) -> HttpResponse:
    entries = [
        {"entry": each, "label": NAMES.get(each.fields["name"], each.fields["name"])}
        for each in history.of(SUBJECT)[:SHOWN]
    ]
    return render(request, "places/desk_settings.html", {"form": form, "entries": entries}, status=status)
