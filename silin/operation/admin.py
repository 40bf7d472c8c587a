"""The set-up tables of the rooms below: whose each is, its words, and the verb that writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history import queries as history
from silin.lib.masking import mask_phone
from silin.notices.models import SmsTemplate
from silin.notices.sms import sms_names, text_of
from silin.operation.actions import set_sms_template
from silin.operation.tables import RIGHTS, RowForm, Table, site
from silin.operation.words import NUMBERS
from silin.people.doors import viewer
from silin.people.models import PostKind
from silin.people.post_kind_actions import set_post_kind
from silin.people.post_kinds import CAPABILITIES
from silin.places.actions import CALENDAR, set_day_off
from silin.places.kind_actions import set_facility_kind, set_net_kind
from silin.places.levels import Level
from silin.places.models import DayOff, FacilityKind, NetKind, Number, Place
from silin.places.numbers import set_number

CHINESE, ENGLISH = _("Chinese name"), _("English name")
FOLLOWS_THE_WEEK = _("follows the week again")


class SmsTemplateForm(RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "name" in self.fields:
            choices = [(name, f"{name} · {Truncator(text_of(name).words).chars(40)}") for name in sms_names()]
            self.fields["name"] = forms.ChoiceField(label=self.fields["name"].label, choices=choices)
        self.fields["blanks"].help_text = _("One after another, as in title, link. All are named below.")


@admin.register(SmsTemplate, site=site)
class SmsTemplates(Table):
    verb = staticmethod(set_sms_template)
    kind, fixed = "sms_template", ("name",)
    one, many = _("text message at the carrier"), _("Text messages at the carrier")
    why = _("Under which number the carrier knows each text.")
    labels = {
        "name": _("Message"),
        "words": _("Its own words"),
        "number": _("Number at the carrier"),
        "blanks": _("Names of its blanks, in the carrier's order"),
    }
    columns, fields = ("name", "words", "number", "blanks"), ("name", "number", "blanks")
    form = SmsTemplateForm
    stacked = True
    change_form_template = add_form_template = "operation/tables/sms_template.html"

    def say_words(self, row: SmsTemplate) -> object:
        return text_of(row.name).words

    def beside(self, request: HttpRequest, row: SmsTemplate | None) -> dict[str, Any]:
        """The message in its own words, filled with an example, and what the carrier gets for each blank."""
        names = sms_names()
        chosen = row.name if row is not None else request.POST.get("name", "")
        if chosen not in names:
            return {"texts": [text_of(name) for name in names]}
        text = text_of(chosen)
        values = text.values(row.blanks) if row is not None else []
        return {"text": text, "values": values, "phone": mask_phone(viewer(request).phone)}


@admin.register(FacilityKind, site=site)
class FacilityKinds(Table):
    verb: ClassVar[Callable[..., object]] = staticmethod(set_facility_kind)
    kind, fixed, order = "facility_kind", ("code",), ("serial", "code")
    one, many = _("kind of facility"), _("Kinds of facilities")
    why = _("What a facility can be: canteen, clinic, bus stop.")
    labels = {"code": _("Code"), "title": CHINESE, "title_en": ENGLISH, "serial": _("Place in the list")}
    columns = ("title", "title_en", "code", "serial")
    fields = ("code", "title", "title_en", "serial")


@admin.register(NetKind, site=site)
class NetKinds(FacilityKinds):
    verb = staticmethod(set_net_kind)
    kind = "net_kind"
    one, many = _("kind of older net"), _("Kinds of older nets")
    why = _("What the nets were for that were merged into the grids.")


class NumberForm(RowForm):
    place = forms.CharField(label=_("Code of the place"), required=False, help_text=_("Empty: everywhere."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "name" in self.fields:
            known = Number.objects.order_by("name").values_list("name", flat=True).distinct()
            choices = [(name, NUMBERS.get(name, name)) for name in known]
            self.fields["name"] = forms.ChoiceField(label=self.fields["name"].label, choices=choices)
            day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            self.fields["valid_from"].widget = day
        else:
            del self.fields["place"]

    def clean_place(self) -> str:
        code = str(self.cleaned_data["place"]).strip()
        place = Place.objects.filter(code=code).first()
        if code and place is None:
            raise forms.ValidationError(_("We know no place with this number."), code="not_found")
        self.instance.place_path = place.path if place else ""
        return code


@admin.register(Number, site=site)
class Numbers(Table):
    kind, fixed, order = (
        "number",
        ("name", "place", "valid_from"),
        ("name", "place_path", "-valid_from", "pk"),
    )
    one, many = _("number of the city"), _("Numbers of the city")
    why = _("Deadlines, shares and hours, for the city or for one place, each from a day on.")
    closed = _("It counts already. Add a row with the day from which another value counts.")
    labels = {
        "name": _("What it counts"),
        "value": _("Value"),
        "place": _("Place"),
        "valid_from": _("From"),
    }
    columns = ("name", "value", "place", "valid_from")
    fields = ("name", "value", "valid_from")
    form = NumberForm

    def write(self, row: Number, *, actor: User, now: datetime, seen: str) -> object:
        day, path = row.valid_from, row.place_path
        written = set_number(row.name, row.value, valid_from=day, path=path, actor=actor, now=now, seen=seen)
        row.pk = written.pk
        return written

    def has_change_permission(self, request: Any, obj: Number | None = None) -> bool:
        """What counts already is not rewritten."""
        later = obj is None or obj.valid_from >= localdate()
        return later and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return [name for name in super().get_readonly_fields(request, obj) if name != "place"]

    def say_name(self, row: Number) -> object:
        return NUMBERS.get(row.name, row.name)

    def say_value(self, row: Number) -> object:
        return f"{row.value:g}"

    def say_place(self, row: Number) -> object:
        return Place.objects.filter(path=row.place_path).first() if row.place_path else _("everywhere")


class DayOffForm(RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = list(DayOff.Kind.choices)
        if "day" in self.fields:
            self.fields["day"].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        else:
            choices.append(("", FOLLOWS_THE_WEEK))
        self.fields["kind"] = forms.ChoiceField(
            label=self.fields["kind"].label, choices=choices, required="day" in self.fields
        )


@admin.register(DayOff, site=site)
class DaysOff(Table):
    kind, fixed, order = "day_off", ("day",), ("-day",)
    one, many = _("day off or made up"), _("Days off and make-up workdays")
    why = _("As the State Council's yearly notice says; deadlines follow it.")
    labels = {"day": _("Day"), "kind": _("What it is"), "name": _("Name of the holiday")}
    columns = fields = ("day", "kind", "name")
    form = DayOffForm

    def write(self, row: DayOff, *, actor: User, now: datetime, seen: str) -> object:
        set_day_off(row.day, row.kind, name=row.name, actor=actor, now=now, seen=seen)
        row.pk = getattr(DayOff.objects.filter(day=row.day).first(), "pk", None)
        return row

    def lines_of(self, row: DayOff) -> Any:
        return history.of(CALENDAR).filter(fields__day=row.day.isoformat())


class PostKindForm(RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["capabilities"] = forms.MultipleChoiceField(
            label=self.fields["capabilities"].label,
            choices=[(name, words) for name, words in CAPABILITIES.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        if "level" in self.fields:
            self.fields["level"] = forms.ChoiceField(label=self.fields["level"].label, choices=Level.choices)


@admin.register(PostKind, site=site)
class PostKinds(Table):
    verb = staticmethod(set_post_kind)
    capability = RIGHTS
    kind, fixed, order = "post_kind", ("code", "level", "reach", "belongs_to"), ("rank", "code")
    one, many = _("kind of post"), _("Kinds of posts")
    why = _("What each post is called and may do. Everybody who holds one may do it at once.")
    labels = {
        "code": _("Code"),
        "title": CHINESE,
        "title_en": ENGLISH,
        "level": _("Level of its places"),
        "reach": _("Over what"),
        "belongs_to": _("Kind of organisation it belongs to"),
        "rank": _("Rank: who comes next above"),
        "family": _("Listed under"),
        "is_public": _("Residents see who holds it"),
        "with_origin": _("Where its holder comes from is noted"),
        "capabilities": _("What it may do"),
    }
    columns = ("title", "title_en", "level", "rank", "is_public")
    fields = tuple(labels)
    form = PostKindForm

    def say_level(self, row: PostKind) -> object:
        return Level(row.level).label if row.level else _("any")
