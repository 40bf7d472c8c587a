"""What a worker says about a finding, in one submission: sent on, or settled on the spot (当场办结)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.finding.kind import KIND
from silin.lib.refusal import Refused
from silin.lib.text import clean_words
from silin.matters.candidates import community_path
from silin.matters.categories import leaves, suggest
from silin.matters.deeds import WORDS_AT_MOST, By
from silin.matters.forms import EMPTY, PhotosField, category_choices, choice_field, set_choices, words_field
from silin.matters.models import Matter
from silin.matters.noting import PlacedForm, listed
from silin.matters.raising import Report, needs_photo, raise_matter, settle_at_once
from silin.places.locating import Located, locate

COMMON = 6
OTHER = "other"
SEND = "send"
POINT_FIELDS = ("lon", "lat", "datum")


class FindForm(PlacedForm):
    """Seen: for others to do (``do`` is ``send``), or put right already, with what was done and a photo.

    Words may be missing where a category is chosen, the category where the words say it.
    """

    do = "find"
    capability = "matters.handle"
    fields_of_engine = {"place": "at", "point": "at"}
    before = PhotosField(label=_("Photos"), required=False)
    words = words_field(
        _("What is wrong?"),
        _("A few words, or what neighbours wrote in their group."),
        required=False,
        rows=2,
    )
    category = choice_field(_("What is it?"), (), required=False)
    another = choice_field(_("Something else"), (), required=False, radio=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput())
    lat = forms.FloatField(required=False, widget=forms.HiddenInput())
    datum = forms.CharField(required=False, widget=forms.HiddenInput())
    done = words_field(_("What did you do?"), required=False, rows=2)
    after = PhotosField(label=_("Photos of afterwards"), required=False)

    def __init__(self, user: User, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(user, now, *args, **options)
        self.settles = self.is_bound and self.data.get("do") != SEND
        self.categories = {each.pk: each for each in leaves()}
        self._offer_categories()
        if self.grids:
            self.fields["at"].widget = forms.Select()
            self.fields["at"].required = True
            self.offer(listed(self.grids))
            self.initial.setdefault("at", f"g:{self.grids[0].pk}")
        else:
            self.offer(self.search() if self.asked else [])

    def submit(self) -> Matter | None:
        """Put it down; None when the form now says why not."""
        return self.try_to(self._put_down)

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data
        sent["chosen"] = self.categories.get(self._code())
        if sent["chosen"] is None:
            name = "another" if sent.get("category") == OTHER else "category"
            self.add_error(name, forms.ValidationError(str(_("Please choose one.")), code="missing"))
        elif not (sent.get("words") or "").strip():
            sent["words"] = sent["chosen"].name
        if self.settles:
            self._clean_settled()
        return sent

    def _clean_settled(self) -> None:
        sent = self.cleaned_data
        try:
            sent["done"] = clean_words(sent.get("done", ""), field="done", at_most=WORDS_AT_MOST)
        except Refused as refusal:
            self.add_error("done", forms.ValidationError(str(refusal.message), code=refusal.code))
            return
        if not sent["done"]:
            self.add_error("done", forms.ValidationError(str(EMPTY), code="missing"))
        if KIND.proof and "after" in sent and not sent["after"]:
            missing = needs_photo()
            self.add_error("after", forms.ValidationError(str(missing.message), code=missing.code))

    def _code(self) -> str:
        """The chosen category, else the likeliest for the words."""
        sent = self.cleaned_data
        if sent.get("category") == OTHER:
            return sent.get("another") or ""
        if sent.get("category"):
            return str(sent["category"])
        likely = suggest(sent.get("words") or "", list(self.categories.values()))
        return next((category.pk for category, _score in likely), "")

    def _put_down(self) -> Matter:
        sent = self.cleaned_data
        where = self._located() or self.where_it_is()
        raised = () if self.settles else sent["before"]
        report = Report(
            words=sent["words"], category=sent["chosen"], channel="worker", photos=raised, **where
        )
        by = By(self.user, self.now, client_id=sent["client_id"], words=sent["done"] if self.settles else "")
        if self.settles:
            return settle_at_once(KIND.key, by, report, after=sent["after"], before=sent["before"])
        return raise_matter(KIND.key, by, report)

    def _located(self) -> dict[str, Any] | None:
        lon, lat, datum = (self.cleaned_data.get(name) for name in POINT_FIELDS)
        if lon is None or lat is None:
            return None
        found: Located = locate(lon, lat, datum or "WGS-84")
        return {"located": found, "spot": self.cleaned_data["spot"]}

    def _offer_categories(self) -> None:
        """The commonest as buttons; what was proposed for the words counts as one of them."""
        known = [code for code in self._commonest() if code in self.categories]
        codes = list(dict.fromkeys([*known, *self.categories]))[:COMMON]
        sent = str(self.data.get("category", "")) if self.is_bound else ""
        if sent in self.categories and sent not in codes:
            codes.insert(0, sent)
        choices = [(code, str(self.categories[code])) for code in codes]
        set_choices(self, "category", [*choices, (OTHER, _("Something else"))])
        every = category_choices(list(self.categories.values()), _("Please choose a category"))
        set_choices(self, "another", every)

    def _commonest(self) -> list[str]:
        """The categories that come up most in the own communities, most first. One statement."""
        if not self.territory:
            return []
        path = community_path(self.territory[0])
        rows = Matter.objects.filter(placed_path__gte=path, placed_path__lt=path + "a").values("category")
        return [row["category"] for row in rows.annotate(n=Count("pk")).order_by("-n", "category")[:COMMON]]
