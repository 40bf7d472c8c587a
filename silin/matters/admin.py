"""Categories and who may whistle whom, as the system administrator changes them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from silin.matters.called import set_whistle_rule
from silin.matters.category_forms import LABELS, MARKS, CategoryForm
from silin.matters.covering import set_watched_word
from silin.matters.models import Category, FollowUp, ReviewTag, SignRule, WatchedWord, WhistleRule
from silin.matters.registry import kinds
from silin.matters.review import set_follow_up, set_review_tag
from silin.matters.signed import set_sign_rule
from silin.matters.terms import set_category
from silin.operation.tables import RowForm, Table, site
from silin.people.models import Post


@admin.register(Category, site=site)
class Categories(Table):
    verb = staticmethod(set_category)
    kind, fixed, order = "category", ("code", "parent"), ("order", "code")
    one, many = _("category"), _("Categories of matters")
    why = _("What residents report, in how many hours it is taken and in how many days it is done.")
    labels = LABELS
    columns = ("name", "parent", "mark", "respond_hours", "handle_days", "private", "active")
    fields = tuple(LABELS)
    form = CategoryForm

    def say_mark(self, row: Category) -> object:
        return dict(MARKS)[row.mark]


class SignRuleForm(RowForm):
    """The heads to choose from are the posts of organisations."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "head" in self.fields:
            rows = Post.objects.open().exclude(organisation=None).select_related("kind", "organisation")
            head = self.fields["head"]
            assert isinstance(head, forms.ModelChoiceField)
            head.queryset = rows.order_by("organisation__name", "serial")
            head.choices = [("", head.empty_label), *((post.pk, _seat(post)) for post in head.queryset)]


def _seat(post: Post) -> str:
    serial = f" {post.serial}" if post.serial > 1 else ""
    return f"{post.organisation} · {post.kind}{serial}"


@admin.register(WhistleRule, site=site)
class WhistleRules(Table):
    verb = staticmethod(set_whistle_rule)
    kind, fixed, order = "whistle_rule", ("from_kind", "to_kind"), ("from_kind", "to_kind", "pk")
    one, many = _("whistle rule"), _("Who may whistle whom")
    why = _("Which posts may call which others to a matter that lies at their place.")
    labels = {
        "from_kind": _("Who whistles"),
        "to_kind": _("Who is called"),
        "active": _("In use"),
    }
    columns = fields = ("from_kind", "to_kind", "active")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("from_kind", "to_kind")


@admin.register(SignRule, site=site)
class SignRules(Table):
    verb = staticmethod(set_sign_rule)
    kind, fixed, order = (
        "sign_rule",
        ("organisation", "valid_from"),
        ("organisation", "valid_from", "pk"),
    )
    one, many = _("sign rule"), _("Whose answers their head signs")
    why = _("An answer of such an organisation leaves when its head has signed it; the clock goes on.")
    labels = {
        "organisation": _("Organisation"),
        "head": _("Post of the head"),
        "valid_from": _("From"),
        "valid_until": _("Until (that day no longer)"),
    }
    columns = ("organisation", "head", "valid_from", "valid_until")
    fields = tuple(labels)
    form = SignRuleForm

    def get_queryset(self, request: Any) -> Any:
        beside = ("organisation", "head__kind", "head__place")
        return super().get_queryset(request).select_related(*beside)


@admin.register(WatchedWord, site=site)
class WatchedWords(Table):
    verb = staticmethod(set_watched_word)
    kind, fixed, order = "watched_word", ("word",), ("word",)
    one, many = _("watched word"), _("Words at which a desk looks twice")
    why = _("Where one stands in a report, the desk that releases it is shown why. It keeps nothing back.")
    labels = {"word": _("Word"), "why": _("Why"), "active": _("In use")}
    columns = fields = ("word", "why", "active")


@admin.register(ReviewTag, site=site)
class ReviewTags(Table):
    verb = staticmethod(set_review_tag)
    kind, fixed, order = "review_tag", ("code",), ("order", "code")
    one, many = _("review tag"), _("Tags of reviews")
    why = _("What residents may tick when they say how it was.")
    labels = {
        "code": _("Code"),
        "name": _("Chinese name"),
        "name_en": _("English name"),
        "good": _("Praise"),
        "order": _("Place in the list"),
        "active": _("In use"),
    }
    columns = ("name", "good", "active")
    fields = tuple(labels)


class FollowUpForm(RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        every = [(kind.key, kind.title) for kind in kinds().values()]
        for name, choices in (("kind", [("", _("any kind")), *every]), ("raises", every)):
            if name in self.fields:
                label = self.fields[name].label
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=name == "raises")


@admin.register(FollowUp, site=site)
class FollowUps(Table):
    verb = staticmethod(set_follow_up)
    kind, fixed, order = "follow_up", ("kind",), ("kind", "pk")
    one, many = _("follow-up"), _("What follows a low grade")
    why = _("Which kind of matter is raised when somebody is dissatisfied.")
    labels = {
        "kind": _("After which kind of matter"),
        "grade_at_most": _("Grade of at most"),
        "raises": _("What is raised"),
        "active": _("In use"),
    }
    columns = fields = ("kind", "grade_at_most", "raises", "active")
    form = FollowUpForm

    def say_kind(self, row: FollowUp) -> object:
        return kinds()[row.kind].title if row.kind in kinds() else _("any kind")

    def say_raises(self, row: FollowUp) -> object:
        return kinds()[row.raises].title if row.raises in kinds() else row.raises
