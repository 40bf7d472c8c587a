"""The form in which a desk writes a routing rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.history.rows import mark
from silin.lib.ids import new_id
from silin.lib.refusal import Refused
from silin.lib.text import listed
from silin.matters.categories import leaves
from silin.matters.forms import set_choices
from silin.matters.models import Category, DutyItem, RoutingRule, not_over
from silin.matters.registry import kinds
from silin.matters.rules import AboutRule, answers_of, may_be_sent
from silin.people.forms import EMPTY, DayField, TriedForm
from silin.people.models import Organisation, PostKind, today
from silin.places.finding import find_places
from silin.places.models import Place
from silin.places.queries import around

FEW = 5
BODIES_AT_MOST = 300


def time_field(label: Any, hint: Any = "") -> forms.TimeField:
    """A time of day, by the clock of the browser; it may stay empty."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    bad = {"invalid": _("A time looks like 22:00.")}
    return forms.TimeField(label=label, help_text=hint, required=False, widget=widget, error_messages=bad)


def place_named(said: str, places: Sequence[Place]) -> Place:
    """The one place of that code or name at ``places`` or beneath them.

    Raises ``Refused`` (``no_place``, ``which_place``) at the field ``place``.
    """
    coded = Place.objects.active().filter(code=said).first()
    if coded is not None and any(place.contains(coded.path) for place in places):
        return coded
    found = list(dict.fromkeys(row for place in places for row in find_places(said, place)))
    exact = [row for row in found if said in (row.name, row.short_name)] or found
    if not exact:
        message = _("We know no such place, or it is not yours. Write its name or its code.")
        raise Refused("no_place", message, field="place")
    if len(exact) > 1:
        message = _("There are several: %(places)s. Write the code of the one you mean.")
        words = listed(f"{row.full_name()} {row.code}" for row in exact[:FEW])
        raise Refused("which_place", message % {"places": words}, field="place")
    return exact[0]


def category_and_group_choices(blank: Any) -> list[tuple[Any, Any]]:
    """Every category under its group, the whole group first; ``blank`` stands before them."""
    groups: dict[Any, list[tuple[str, Any]]] = {}
    for leaf in leaves():
        group = leaf.parent
        assert group is not None
        whole = _("%(group)s: all of it") % {"group": group}
        groups.setdefault(group.pk, [(group.pk, whole)]).append((leaf.pk, str(leaf)))
    return [("", blank), *((rows[0][1], rows) for rows in groups.values())]


def bodies_round(places: Sequence[Place]) -> Any:
    """The organisations of the places, of those above and of those beneath, that have posts."""
    rows = Organisation.objects.filter(around(places), active_until=None)
    rows = rows.filter(posts__closed_on=None, posts__isnull=False)
    return rows.distinct().order_by("place__path", "name")[:BODIES_AT_MOST]


class RuleForm(TriedForm):
    """A rule: what, where, when; to whom; citing which line of a duty list; from which day on."""

    category = forms.ChoiceField(label=_("Which matters"), required=False, error_messages=EMPTY)
    answer = forms.ChoiceField(
        label=_("Only where they answered"),
        help_text=_("What the category asks beside the words. Choose that very category above."),
        required=False,
        error_messages=EMPTY,
    )
    kind = forms.ChoiceField(label=_("Of which kind"), required=False, error_messages=EMPTY)
    place = forms.CharField(
        label=_("Where"),
        help_text=_("The name or the code of a street, a community, a grid …, and all beneath it."),
        error_messages=EMPTY,
        max_length=60,
    )
    when = forms.ChoiceField(
        label=_("At which times"),
        choices=[("", _("at any time")), *RoutingRule.When.choices],
        required=False,
        error_messages=EMPTY,
    )
    begins = time_field(_("From which hour"), _("Leave both empty: the whole day."))
    ends = time_field(_("Until which hour"), _("Before the first one: over midnight."))
    post_kind = forms.ChoiceField(label=_("Goes to"), error_messages=EMPTY)
    organisation = forms.ChoiceField(
        label=_("Of which organisation"),
        help_text=_("Only where a post belongs to one, as a bureau's clerk."),
        required=False,
        error_messages=EMPTY,
    )
    duty = forms.ChoiceField(label=_("By which line of a duty list"), required=False, error_messages=EMPTY)
    day = DayField(label=_("From which day on"))
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data: Any, places: Sequence[Place], now: Any, **options: Any) -> None:
        row: RoutingRule | None = options.pop("row", None)
        super().__init__(data, initial=_said(row, places, now), auto_id="rule_%s", **options)
        self.places = places
        self.posts = {each.pk: each for each in PostKind.objects.order_by("family", "-rank")}
        self.posts = {key: each for key, each in self.posts.items() if may_be_sent(each)}
        self.bodies = {str(each.pk): each for each in bodies_round(places)}
        self.duties = {str(each.pk): each for each in _duties(places, now)}
        set_choices(self, "category", category_and_group_choices(_("all of them")))
        set_choices(self, "answer", _answers())
        if len(_answers()) == 1:
            del self.fields["answer"]
        titles = [(each.key, str(each.title)) for each in kinds().values()]
        set_choices(self, "kind", [("", _("any")), *titles])
        set_choices(self, "post_kind", _families(self.posts.values()))
        set_choices(
            self, "organisation", [("", "—"), *((key, str(each)) for key, each in self.bodies.items())]
        )
        set_choices(self, "duty", [("", "—"), *((key, str(each)) for key, each in self.duties.items())])
        if not self.duties:
            del self.fields["duty"]

    def about(self) -> AboutRule:
        """What was written. Raises ``Refused`` as ``place_named``."""
        sent = self.cleaned_data
        asked, question, answer = (sent.get("answer") or "//").split("/")
        if asked != sent["category"] and question:
            message = _("That is not asked there. Choose an answer to what this very category asks.")
            raise Refused("bad_answer", message, field="answer")
        return AboutRule(
            place=place_named(sent["place"], self.places),
            post_kind=self.posts[sent["post_kind"]],
            category=Category.objects.select_related("parent").get(pk=sent["category"])
            if sent["category"]
            else None,
            question=question,
            answer=answer,
            kind=sent["kind"],
            when=sent["when"],
            begins=sent["begins"],
            ends=sent["ends"],
            organisation=self.bodies.get(sent["organisation"]),
            duty=self.duties.get(sent.get("duty", "")),
        )


class EndForm(TriedForm):
    """From which day on a rule says nothing more."""

    day = DayField(label=_("From which day on it says nothing"))
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, data: Any, row: RoutingRule, now: Any, **options: Any) -> None:
        first = {"day": max(today(now), row.valid_from), "seen": mark(row)}
        super().__init__(data, initial=first, auto_id="end_%s", **options)


def _said(row: RoutingRule | None, places: Sequence[Place], now: Any) -> dict[str, Any]:
    """What the form says before anybody writes in it."""
    if row is None:
        return {"place": places[0].name if places else "", "day": today(now), "key": new_id(), "seen": ""}
    same = {name: getattr(row, name) for name in ("kind", "when", "begins", "ends")}
    keys = ("category_id", "post_kind_id", "organisation_id", "duty_id")
    same |= {name.removesuffix("_id"): str(getattr(row, name) or "") for name in keys}
    if row.question:
        same |= {"answer": f"{row.category_id}/{row.question}/{row.answer}"}
    return same | {"place": row.place.code, "day": max(today(now), row.valid_from), "seen": mark(row)}


def _answers() -> list[tuple[Any, Any]]:
    """Every answer that a category lets choose, under the category; any of them first."""
    groups = []
    for leaf in leaves():
        found = answers_of(leaf)
        if found:
            rows = [(f"{leaf.pk}/{key}/{code}", words) for (key, code), words in found.items()]
            groups.append((str(leaf), rows))
    return [("", _("whatever they answered")), *groups]


def _families(posts: Any) -> list[tuple[Any, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in posts:
        groups.setdefault(each.get_family_display(), []).append((each.pk, str(each)))
    return [("", _("choose one")), *groups.items()]


def _duties(places: Sequence[Place], now: Any) -> Any:
    rows = DutyItem.objects.filter(around(places), not_over(today(now))).select_related("organisation")
    return rows.order_by("list", "code", "pk")[:BODIES_AT_MOST]
