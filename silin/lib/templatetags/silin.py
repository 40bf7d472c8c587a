"""The components of every page: ``{% load silin %}``. What each looks like: ``silin/parts/``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, FileInput, ModelChoiceField, Textarea
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from silin.lib import clockview
from silin.lib.basemap import base_map
from silin.lib.clockview import ClockView, Scale, TimeBar
from silin.lib.dates import clock_time, day_words, exact_words, moment_words, weekday_words, when_words
from silin.lib.ids import show_number
from silin.lib.refusal import Words
from silin.lib.text import listed

register = template.Library()

ROWS = 4
DASHES = ("---------", "—")
"""What Django and we write for a choice not made; a person reads words instead."""

LIGHTS: dict[str, tuple[str, Words]] = {
    "red": ("late", pgettext_lazy("light", "red")),
    "yellow": ("warn", pgettext_lazy("light", "yellow")),
    "green": ("ok", pgettext_lazy("light", "green")),
}
MARKS: dict[str, tuple[str, Words]] = {
    "safe": ("安", pgettext_lazy("type", "safe")),
    "easy": ("便", pgettext_lazy("type", "convenient")),
    "fair": ("美", pgettext_lazy("type", "beautiful")),
    "happy": ("福", pgettext_lazy("type", "happy")),
}


@register.simple_tag
def html_lang() -> str:
    """The ``lang`` of the page; Chinese names its region so that phones pick the right characters."""
    language = get_language() or "zh-hans"
    return "zh-CN" if language == "zh-hans" else language


@register.simple_tag
def today() -> str:
    """``11月20日 周五``."""
    day = timezone.localtime().date()
    return f"{day_words(day)} {weekday_words(day)}"


@register.simple_tag
def time_now() -> str:
    """``14:12``, when the page was made."""
    return clock_time(timezone.localtime())


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """``{% capture as name %}…{% endcapture %}``: what stands inside, trimmed; empty when nothing does."""
    return mark_safe(content.strip())


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """A drawing of the sprite ``frontend/icons.svg``; with ``words`` it speaks, without it is decoration."""
    label = format_html('role="img" aria-label="{}"', words) if words else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="i" {}><use href="{}#i-{}"/></svg>', label, static("silin/icons.svg"), name
    )


@register.inclusion_tag("silin/parts/mark.html")
def mark(code: str) -> dict[str, Any]:
    """The type mark 安 便 美 福 of ``safe easy fair happy``; nothing for another code."""
    character, words = MARKS.get(code, ("", ""))
    return {"code": code, "character": character, "words": words}


@register.inclusion_tag("silin/parts/clock.html")
def clock(view: ClockView | None, bare: bool = False) -> dict[str, Any]:
    """The clock chip: shape, colour and words; nothing where no clock runs (None)."""
    if view is None:
        return {"view": None}
    return {
        "view": view,
        "bare": bare,
        "words": clockview.chip_words(view),
        "sentence": clockview.sentence(view),
    }


@register.inclusion_tag("silin/parts/time_bar.html")
def time_bar(bar: TimeBar, thin: bool = False) -> dict[str, Any]:
    """Received to now, pauses hatched, the yellow and the due mark; ``thin`` for one unit among several."""
    scale, end = Scale(bar), bar.ended_at or bar.now
    return {
        "bar": bar,
        "thin": thin,
        "lanes": clockview.lanes(bar),
        "due_at": scale.at(bar.due),
        "end_at": scale.at(end),
        "warn_at": scale.at(bar.warn_at) if bar.warn_at else None,
        "over": end > bar.due,
    }


@register.inclusion_tag("silin/parts/steps.html", takes_context=True)
def steps(context: template.Context, entries: Iterable[Any], photos: str = "") -> dict[str, Any]:
    """The timeline, newest first. An entry has ``sentence`` (or ``who`` and ``text``), ``at``, and may have
    ``words`` (what was written), ``note`` (why), ``chip``, ``state`` (now, todo, late) or ``now``, and
    ``photos``, shown by the template named ``photos`` (it gets ``step``)."""
    return {"entries": entries, "photos_template": photos, "matter": context.get("matter")}


@register.inclusion_tag("silin/parts/crumb.html")
def crumb(items: Sequence[Any]) -> dict[str, Any]:
    """Street › community › grid. An item: a text, a pair (text, address), or has ``name`` and ``url``."""
    return {"items": [_crumb_item(item) for item in items]}


def _crumb_item(item: Any) -> dict[str, Any]:
    if isinstance(item, tuple):
        return {"label": item[0], "url": item[1] or ""}
    if isinstance(item, Mapping):
        return {"label": item["label"], "url": item.get("url", "")}
    return {"label": getattr(item, "name", item), "url": getattr(item, "url", "")}


@register.inclusion_tag("silin/parts/field.html")
def field(bound: BoundField, row: bool = False) -> dict[str, Any]:
    """A field as a person reads it: label, hint, what is wrong, control. ``row``: choices side by side."""
    widget = bound.field.widget
    described = [f"{bound.auto_id}_hint"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "row": row,
        "kind": _kind_of(bound),
        "many": getattr(widget, "allow_multiple_selected", False),
        "attrs": attrs,
        "control": _control(bound, attrs),
        "options": _options(bound, attrs) if widget.use_fieldset else [],
    }


def _kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.use_fieldset:
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "tick"
    sounds = str(widget.attrs.get("accept", "")).startswith("audio/")
    return "file" if isinstance(widget, FileInput) and not sounds else "input"


def _control(bound: BoundField, attrs: Mapping[str, Any]) -> SafeString | str:
    kind = _kind_of(bound)
    if kind == "choices":
        return ""
    if isinstance(bound.field, ModelChoiceField) and bound.field.empty_label in DASHES:
        bound.field.empty_label = _("Please choose") if bound.field.required else _("None of them")
    own = bound.field.widget.attrs
    if kind == "file":
        photo = {"accept": own.get("accept", "image/jpeg,image/png,image/webp"), "data-shrink": True}
        return bound.as_widget(attrs={**photo, **attrs})
    css = "sr" if kind == "tick" else f"input {own.get('class', '')}".strip()
    rows: dict[str, Any] = (
        {"rows": ROWS} if isinstance(bound.field.widget, Textarea) and own.get("rows") == "10" else {}
    )
    return bound.as_widget(attrs={**rows, **attrs, "class": css})


def _options(bound: BoundField, attrs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Radio buttons and check boxes one by one, so that each can be drawn as a choice."""
    found = bound.field.widget.subwidgets(
        bound.html_name, bound.value(), attrs={"id": bound.auto_id, "class": "sr", **attrs}
    )
    return list(found)


@register.inclusion_tag("silin/parts/error_summary.html")
def error_summary(source: BaseForm | Sequence[tuple[str, Words]] | None) -> dict[str, Any]:
    """What is still to be mended, on top of the page: a form, or pairs of (id of the control, words)."""
    if source is None:
        return {"errors": []}
    return {"errors": _form_errors(source) if isinstance(source, BaseForm) else list(source)}


def _form_errors(form: BaseForm) -> list[tuple[str, Words]]:
    found: list[tuple[str, Words]] = [("", str(words)) for words in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        first = f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else bound.auto_id
        found += [(first or "", str(words)) for words in bound.errors]
    return found


@register.inclusion_tag("silin/parts/receipt.html")
def receipt(number: str, what: str, at: datetime, how: str = "") -> dict[str, Any]:
    """A number to keep in groups of four, what it is for, when, and how to check it."""
    shown = number if "-" in number else show_number(number)
    return {"number": shown, "what": what, "at": at, "how": how}


@register.inclusion_tag("silin/parts/empty.html")
def empty(words: str, next: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """Nothing here: what is true, what comes next, and one door."""
    return {"words": words, "next": next, "url": url, "label": label}


@register.simple_tag
def meter(part: float, whole: float, label: str, colour: str = "") -> SafeString:
    """A bar of ``part`` out of ``whole`` with its words for screen readers; ``colour`` ok warn late stop."""
    percent = max(0.0, min(100.0, part / whole * 100)) if whole else 0.0
    return format_html(
        '<svg class="meter{}" role="img" aria-label="{} {} / {}">'
        '<rect width="{}%" height="100%" rx="4"/></svg>',
        f" meter--{colour}" if colour else "",
        label,
        f"{round(part, 1):g}",
        f"{round(whole, 1):g}",
        round(percent, 1),
    )


@register.simple_tag
def light(colour: str, words: object = "") -> SafeString:
    """The light ``red``, ``yellow`` or ``green`` by shape, colour and name, with a value or a number."""
    kind, name = LIGHTS[colour]
    return format_html(
        '<span class="clock clock--{} clock--bare">{}{}<span class="sr">{}</span></span>',
        kind,
        _shape(kind),
        localize(words),
        name,
    )


@cache
def _shape(colour: str) -> SafeString:
    return render_to_string("silin/parts/shape.html", {"colour": colour})


@register.simple_tag
def share(part: int, whole: int) -> SafeString:
    """``94.1% 412 / 438``: a percentage never stands without its two counts."""
    percent = f"{part / whole * 100:.1f}%" if whole else "—"
    return format_html(
        '<span class="num">{}</span> <span class="of num">{} / {}</span>', percent, f"{part:,}", f"{whole:,}"
    )


@register.inclusion_tag("silin/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """The page before and the next one of a ``silin.lib.paging.Page``, keeping the filters of the address."""
    query = context["request"].GET.copy()
    query.pop("pick", None)
    places = {}
    for name in ("previous", "next"):
        query["after"] = getattr(page, name, "")
        places[name] = f"?{query.urlencode()}" if query["after"] else ""
    return places


@register.inclusion_tag("silin/parts/map_assets.html")
def map_assets(on_tap: bool = False) -> dict[str, Any]:
    """In block ``scripts`` of a page with a ``<silin-map>``: the script, and whose map lies under it.

    ``on_tap``: where each map of the page is opened by a tap, its script comes then.
    """
    return {"base_map": base_map(), "on_tap": on_tap}


@register.filter
def when(moment: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Relative under seven days, absolute after; the exact time in the title."""
    if moment is None:
        return ""
    now = now or timezone.now()
    fresh = mark_safe(" data-ago") if 0 <= (now - moment).total_seconds() < 3600 else ""
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        timezone.localtime(moment).isoformat(timespec="minutes"),
        exact_words(moment),
        fresh,
        when_words(moment, now),
    )


@register.filter
def exact(moment: datetime | None) -> str:
    """``2026年11月20日 14:12``."""
    return exact_words(moment) if moment else ""


@register.filter
def moment(at: datetime | None) -> str:
    """``11月20日 14:12``."""
    return moment_words(at) if at else ""


@register.filter
def day(of: date | None) -> str:
    """``2026年11月20日``; of a moment, its day here."""
    if of is None:
        return ""
    return day_words(timezone.localtime(of).date() if isinstance(of, datetime) else of, with_year=True)


@register.filter(name="listed")
def listed_words(words: Iterable[object]) -> str:
    """``甲、乙``."""
    return listed(words)


@register.filter
def thousands(number: int | None) -> str:
    """``3,206``."""
    return "" if number is None else f"{number:,}"
