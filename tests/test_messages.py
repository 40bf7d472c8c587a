"""The tool that gathers what rooms say, on a room of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from silin.cli import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, npgettext_lazy, pgettext
WORDS = [_("Waiting"), pgettext("day", "today"), npgettext_lazy("list", "%(n)d row", "%(n)d rows")]
"""
TEMPLATE = """{% load x %}<h1>{% translate "Don't <b> stop" %}</h1>
      {% blocktranslate trimmed count n=n %}
  {{ n }} matter
{% plural %}{{ n }} matters{% endblocktranslate %}
   <p>'{% translate "today" context "day" %}"</p>
"""
GATHERED = {
    ("Waiting", ""),
    ("today", "day"),
    ("%(n)d row", "list"),
    ("Don't <b> stop", ""),
    ("%(n)s matter", ""),
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    room = tmp_path / "room"
    (room / "templates/room").mkdir(parents=True)
    (room / "apps.py").write_text("")
    (room / "words.py").write_text(PYTHON)
    (room / "templates/room/page.html").write_text(TEMPLATE)
    (room / "inner").mkdir()
    (room / "inner/apps.py").write_text('_ = str\nNAME = _("Another room")')
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    return room


def test_gathers_python_and_templates_but_not_the_rooms_inside(room: Path) -> None:
    assert {messages.key(message) for message in messages.gather(room)} == GATHERED


def test_keeps_the_chinese_it_had_and_names_what_is_missing(room: Path) -> None:
    messages.update(room)
    catalog = room / messages.CATALOG
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(
        text.replace('msgid "Waiting"\nmsgstr ""', 'msgid "Waiting"\nmsgstr "等着"'), encoding="utf-8"
    )
    messages.update(room)
    assert "等着" in catalog.read_text(encoding="utf-8")
    missing = messages.untranslated()
    assert "room: Waiting" not in missing
    assert "room: today" in missing
    assert "room/inner: Another room" in missing


def test_what_is_no_longer_said_goes(room: Path) -> None:
    messages.update(room)
    (room / "words.py").write_text("")
    messages.update(room)
    assert "Waiting" not in (room / messages.CATALOG).read_text(encoding="utf-8")


def test_two_rooms_must_say_the_same(room: Path) -> None:
    for place, chinese in ((room, "等着"), (room / "inner", "在等")):
        catalog = place / messages.CATALOG
        catalog.parent.mkdir(parents=True)
        catalog.write_text(f'{messages.HEADER}msgid "Waiting"\nmsgstr "{chinese}"\n', encoding="utf-8")
    assert messages.said_in_two_ways() == ["Waiting: 在等 (inner) / 等着 (room)"]


def test_compiles_for_django(room: Path) -> None:
    messages.update(room)
    messages.compile_all()
    assert (room / messages.CATALOG).with_suffix(".mo").read_bytes()[:4] == b"\xde\x12\x04\x95"
