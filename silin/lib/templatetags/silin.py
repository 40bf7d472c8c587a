"""The components of every page: ``{% load silin %}``."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from silin.lib.dates import day_words, weekday_words

register = template.Library()


@register.simple_tag
def html_lang() -> str:
    """The ``lang`` of the page; Chinese names its region so that phones pick the right characters."""
    language = get_language() or "zh-hans"
    return "zh-CN" if language == "zh-hans" else language


@register.simple_tag
def today() -> str:
    """``11月20日 周五``."""
    day = localtime().date()
    return f"{day_words(day)} {weekday_words(day)}"


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
