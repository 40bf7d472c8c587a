"""The components as a person reads them, and the weight of what a phone has to fetch."""

from __future__ import annotations

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles.finders import find
from django.template import engines
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils.translation import override

import silin
from silin.lib.clockview import ClockView, Pause, TimeBar, amount_words, chip_words, sentence
from silin.lib.context import page as page_context
from silin.lib.dates import when_words
from silin.lib.paging import Page
from silin.lib.reading import COOKIE
from silin.lib.refusal import Changed, NotFound, Refused

NOW = datetime(2026, 11, 20, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = 3600, 8 * 3600
KILOBYTE = 1024
pytestmark = pytest.mark.django_db
PACKAGE = Path(silin.__file__).parent


def show(source: str, **context: Any) -> str:
    """The template's text in Chinese, as a page of somebody who is not signed in."""
    request = RequestFactory().get("/list/?state=open&after=old")
    request.user = AnonymousUser()
    with override("zh-hans"):
        found = engines["django"].from_string("{% load silin %}" + source)
        return found.render({**page_context(request), **context}, request)


def words_of(html: str) -> str:
    """What is left of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (ClockView("ok", NOW, 3 * DAY), "剩 3 天"),
        (ClockView("warn", NOW, 5 * HOUR), "剩 5 小时"),
        (ClockView("warn", NOW, 4 * HOUR + 32 * 60), "剩 4 时 32 分"),
        (ClockView("warn", NOW, 40 * 60), "剩 40 分钟"),
        (ClockView("late", NOW, -(DAY + 2 * HOUR)), "超 1 天 2 时"),
        (ClockView("stop", NOW, 0, "等天气"), "等天气"),
        (ClockView("stop", NOW, 0), "钟已停"),
        (ClockView("ok", NOW, DAY, finished=True), "早 1 天"),
        (ClockView("late", NOW, -3 * HOUR, finished=True), "晚 3 小时"),
    ],
)
def test_clock_says_its_largest_two_units(view: ClockView, words: str) -> None:
    with override("zh-hans"):
        assert chip_words(view) == words
    assert f"clock--{view.colour}" in show("{% clock view %}", view=view)


def test_clock_is_a_shape_words_and_a_whole_sentence() -> None:
    html = show("{% clock view %}", view=ClockView("late", NOW, -3 * HOUR))
    assert "<svg" in html
    assert 'title="2026年11月20日 14:12"' in html
    assert "超期了：超 3 小时（工作时间），约定是 2026年11月20日 14:12。" in html


def test_no_clock_no_chip() -> None:
    assert show("{% clock view %}", view=None).strip() == ""


def test_clock_in_english() -> None:
    with override("en"):
        assert amount_words(DAY) == "1 day"
        assert chip_words(ClockView("late", NOW, -(2 * DAY + HOUR))) == "2 d 1 h over"
        assert sentence(ClockView("warn", NOW, HOUR)).startswith("Little time: 1 hour of working time left")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=12), "12 分钟前"),
        (timedelta(hours=5), "今天 9:12"),
        (timedelta(hours=20), "昨天 18:12"),
        (timedelta(days=3), "3 天前"),
        (timedelta(days=9), "11月11日 14:12"),
        (timedelta(days=400), "2025年10月16日 14:12"),
        (-timedelta(hours=2), "今天 16:12"),
        (-timedelta(days=1), "明天 14:12"),
        (-timedelta(days=3), "周一 14:12"),
    ],
)
def test_when_is_relative_under_seven_days(ago: timedelta, words: str) -> None:
    with override("zh-hans"):
        assert when_words(NOW - ago, NOW) == words


def test_when_keeps_the_exact_time() -> None:
    html = show("{{ at|when:now }}", at=NOW - timedelta(days=2), now=NOW)
    assert 'datetime="2026-11-18T14:12+08:00"' in html
    assert 'title="2026年11月18日 14:12"' in html
    assert "data-ago" in show("{{ at|when:now }}", at=NOW - timedelta(minutes=5), now=NOW)


def test_dates_and_numbers() -> None:
    shown = words_of(
        show("{{ at|moment }} / {{ at|exact }} / {{ n|thousands }} / {{ none|exact }}", at=NOW, n=3206)
    )
    assert shown == "11月20日 14:12 / 2026年11月20日 14:12 / 3,206 /"


def test_a_percentage_never_stands_without_its_counts() -> None:
    assert words_of(show("{% share 412 438 %}")) == "94.1% 412 / 438"
    assert words_of(show("{% share 0 0 %}")) == "— 0 / 0"


@pytest.mark.parametrize(
    ("code", "character", "words"),
    [("safe", "安", "平安型"), ("easy", "便", "便利型"), ("fair", "美", "美丽型"), ("happy", "福", "幸福型")],
)
def test_marks(code: str, character: str, words: str) -> None:
    html = show("{% mark code %}", code=code)
    assert f">{character}</text>" in html
    assert f'aria-label="{words}"' in html
    assert show("{% mark 'other' %}").strip() == ""


def test_crumb_takes_texts_and_pairs() -> None:
    html = show("{% crumb items %}", items=["东风路街道", ("宝石社区", "/p/1/"), {"label": "第5网格"}])
    assert words_of(html) == "东风路街道 宝石社区 第5网格"
    assert '<a href="/p/1/">宝石社区</a>' in html


def test_time_bar_hatches_pauses_and_marks_what_was_promised() -> None:
    start = NOW - timedelta(hours=50)
    pause = Pause(NOW - timedelta(hours=33), NOW - timedelta(hours=26), "夜间不清运")
    late = TimeBar(start, NOW - timedelta(hours=3), NOW, NOW - timedelta(hours=14), pauses=(pause,))
    html = show("{% time_bar bar %}", bar=late)
    assert 'class="over"' in html
    assert 'class="hold"' in html
    assert "夜间不清运" in words_of(html)
    assert "已超期" in html
    assert "style=" not in html
    thin = show(
        "{% time_bar bar thin=True %}", bar=TimeBar(start, NOW, NOW, ended_at=NOW - timedelta(hours=1))
    )
    assert 'class="done"' in thin
    assert "tick" not in thin


def test_steps_tell_who_did_what_then_when_and_why() -> None:
    entries = [
        {"sentence": "等您确认", "now": True, "at": NOW, "note": "7 天内没消息就结案"},
        {"who": "网格员王淑琴", "text": "到现场看过", "at": NOW, "words": "不冒水了", "chip": "名字不公开"},
    ]
    html = show("{% steps entries %}", entries=entries)
    assert '<li class="now">' in html
    assert "<b>网格员王淑琴</b>到现场看过" in html
    assert "“不冒水了”" in html


class Report(forms.Form):
    words = forms.CharField(label="出了什么事？", help_text="写几个字就行", widget=forms.Textarea)
    note = forms.CharField(label="记一句", required=False)
    grade = forms.ChoiceField(
        label="满意吗", choices=[("5", "满意"), ("1", "不满意")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="需要什么", choices=[("meal", "送餐")], widget=forms.CheckboxSelectMultiple, required=False
    )
    public = forms.BooleanField(label="邻居可以看", required=False)
    photo = forms.FileField(label="照片", required=False)


def test_field_has_label_hint_error_and_control_in_this_order() -> None:
    html = show("{% field form.words %}", form=Report({"words": "", "grade": "5"}))
    places = [
        html.index(part) for part in ("<label", 'id="id_words_hint"', 'id="id_words_error"', "<textarea")
    ]
    assert places == sorted(places)
    assert 'aria-describedby="id_words_hint id_words_error"' in html
    assert 'aria-invalid="true"' in html
    assert "placeholder" not in html


def test_optional_fields_say_so_and_no_field_has_a_star() -> None:
    html = show("{% for field in form %}{% field field %}{% endfor %}", form=Report())
    assert html.count("可以不写") == 3
    assert "*" not in words_of(html)


def test_choices_are_native_controls_that_keep_what_was_chosen() -> None:
    html = show(
        "{% field form.grade %}{% field form.needs %}", form=Report({"grade": "1", "needs": ["meal"]})
    )
    assert html.count("<fieldset") == 2
    assert re.search(r'type="radio" name="grade" value="1"[^>]* checked', html)
    assert not re.search(r'type="radio" name="grade" value="5"[^>]* checked', html)
    assert re.search(r'type="checkbox" name="needs" value="meal"[^>]* checked', html)
    assert "choice--sq" in html


def test_photo_field_asks_the_phone_to_shrink() -> None:
    html = show("{% field form.photo %}", form=Report())
    assert "data-shrink" in html
    assert 'accept="image/jpeg,image/png,image/webp"' in html


def test_error_summary_counts_and_links_to_the_fields() -> None:
    form = Report({})
    html = show("{% error_summary form %}", form=form)
    assert "有 2 处要看一下" in html
    assert 'href="#id_words"' in html
    assert 'href="#id_grade_0"' in html
    assert 'role="alert"' in html
    assert "有 1 处要看一下" in show("{% error_summary errors %}", errors=[("id_words", "写一句")])
    assert show("{% error_summary form %}", form=Report()).strip() == ""


def test_receipt_empty_meter() -> None:
    assert "7F3K-92QD" in show("{% receipt '7F3K92QD' what='投票' at=at how='找到这个号' %}", at=NOW)
    empty = show("{% empty '手上的事都办完了' next='下一次：明早 8:30' url='/help/' label='看看邻居' %}")
    assert words_of(empty) == "手上的事都办完了 下一次：明早 8:30 看看邻居"
    meter = show("{% meter 37 59 '算到' %}")
    assert 'aria-label="算到 37 / 59"' in meter
    assert 'width="62.7%"' in meter
    assert 'width="0.0%"' in show("{% meter 0 0 '算到' %}")


def test_pager_keeps_the_filters() -> None:
    html = show("{% pager page %}", page=Page([], next="abc", previous=""))
    assert 'href="?state=open&amp;after=abc"' in html
    assert 'rel="prev"' not in html
    assert show("{% pager page %}", page=Page([], next="", previous="")).strip() == ""


MENU = [{"url": "/", "label": "首页", "icon": "home", "count": 4, "current": True, "accent": False}]


@pytest.mark.parametrize("shell", ["resident", "worker", "desk", "wall", "open"])
def test_shells_are_safe_and_say_that_data_are_invented(shell: str) -> None:
    source = f'{{% extends "silin/{shell}.html" %}}{{% block heading %}}<h1>头</h1>{{% endblock %}}'
    source += "{% block content %}正文{% endblock %}{% block foot %}脚{% endblock %}"
    html = engines_show(source, menu=MENU, demo=True)
    assert 'lang="zh-CN"' in html
    assert "演示数据，不代表任何真实社区" in html
    assert "正文" in html
    assert "脚" in html
    assert html.count("<main") == html.count("</main>") == 1
    assert 'href="#main"' in html
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", html)


def engines_show(source: str, **context: Any) -> str:
    """A template that extends a shell: ``extends`` has to be its first tag."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with override("zh-hans"):
        return engines["django"].from_string(source).render({**page_context(request), **context}, request)


def test_a_page_with_a_foot_has_no_tabs_and_the_other_way_round() -> None:
    tabs = engines_show('{% extends "silin/resident.html" %}', menu=MENU)
    foot = engines_show('{% extends "silin/resident.html" %}{% block foot %}x{% endblock %}', menu=MENU)
    assert 'class="tabs"' in tabs
    assert 'class="foot"' not in tabs
    assert 'class="tabs"' not in foot
    assert 'class="foot"' in foot


def test_preview_pane_only_where_there_is_a_preview() -> None:
    assert 'id="preview"' not in engines_show('{% extends "silin/desk.html" %}')
    with_preview = '{% extends "silin/desk.html" %}{% block preview %}x{% endblock %}'
    assert 'id="preview"' in engines_show(with_preview)


def test_messages_are_said_politely() -> None:
    html = engines_show('{% extends "silin/resident.html" %}', messages=[Message(25, "存好了")])
    assert '<div class="said" role="status">' in html
    assert "note--ok" in html


def test_large_type_is_remembered_by_the_browser() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert page_context(request)["large_type"] is False
    request.COOKIES[COOKIE] = "1"
    assert page_context(request)["large_type"] is True
    assert 'data-mode="elder"' in engines_show('{% extends "silin/resident.html" %}', large_type=True)


def test_the_switch_sets_the_browser_and_stays_on_this_site(client: Client) -> None:
    answer = client.post("/large-type/", {"large": "1", "next": "/mine/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/mine/?a=1")
    assert answer.cookies[COOKIE].value == "1"
    assert client.post("/large-type/", {"large": "0", "next": "https://else.example/"})["Location"] == "/"
    assert client.get("/large-type/").status_code == 405


@pytest.mark.django_db
def test_the_switch_is_remembered_by_the_account(client: Client) -> None:
    user = get_user_model().objects.create(name="陈")
    client.force_login(user)
    client.post("/large-type/", {"large": "1"})
    user.refresh_from_db()
    assert user.large_type


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_no_request(name: str) -> None:
    with override("zh-hans"):
        html = get_template(name).render()
    assert "系统异常" not in html
    assert 'href="/"' in html


@pytest.mark.parametrize("refusal", [NotFound(), Changed(), Refused("too_many", "太快了")])
def test_refusals_say_what_happened_what_is_safe_and_what_to_do(refusal: Refused) -> None:
    html = show('{% include "silin/refused.html" %}', refusal=refusal)
    assert str(refusal.message) in html or refusal.code != "too_many"
    assert refusal.code in html
    assert len(re.findall(r"<p>[^<]+</p>", html)) == 2


@pytest.mark.parametrize(
    ("name", "most"), [("silin.css", 10), ("pages.js", 20), ("desk.js", 10), ("icons.svg", 4)]
)
def test_what_a_phone_fetches_stays_small(name: str, most: int) -> None:
    built = find(f"silin/{name}")
    assert built, "not built: run python hatch_build.py"
    assert len(gzip.compress(Path(str(built)).read_bytes(), 9)) <= most * KILOBYTE


def test_every_icon_that_a_template_names_is_drawn() -> None:
    built = find("silin/icons.svg")
    assert built, "not built: run python hatch_build.py"
    drawn = set(re.findall(r'id="i-([a-z]+)"', Path(str(built)).read_text(encoding="utf-8")))
    named = {
        name
        for template in PACKAGE.rglob("templates/**/*.html")
        for name in re.findall(r"{% icon [\"'](\w+)[\"']", template.read_text(encoding="utf-8"))
    }
    assert named <= drawn
