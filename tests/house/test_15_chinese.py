"""House test 15: everything is said in Chinese, in one way, and as one neighbour speaks to another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from silin.cli import messages

STIFF = [
    "请注意",
    "温馨提示",
    "予以",
    "相关部门",
    "有关部门",
    "系统异常",
    "敬请",
    "特此",
    "该同志",
    "如下",
    "之一",
    "！",
]
"""Words of an office or of a machine; none of them belongs on a page."""


def stiff() -> Iterator[str]:
    """One line for each text of a room in which one of the words stands."""
    for room in messages.rooms():
        for message in messages.entries(room):
            said = message.string if isinstance(message.string, str) else "".join(message.string or [])
            yield from (f"{room.name}: {said}" for word in STIFF if word in said)


def test_everything_is_said_in_chinese() -> None:
    assert messages.untranslated() == []


def test_two_rooms_say_the_same_thing_in_the_same_words() -> None:
    assert messages.said_in_two_ways() == []


def test_nobody_talks_like_an_office() -> None:
    assert list(stiff()) == []


def test_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    for name, chinese in (("one", "温馨提示：等着"), ("two", "在等")):
        (tmp_path / name / messages.CATALOG).parent.mkdir(parents=True)
        (tmp_path / name / "apps.py").write_text('_ = str\nWORDS = [_("Waiting"), _("Gone")]')
        catalog = f'{messages.HEADER}msgid "Waiting"\nmsgstr "{chinese}"\n'
        (tmp_path / name / messages.CATALOG).write_text(catalog, encoding="utf-8")
    assert messages.untranslated() == ["one: Gone", "two: Gone"]
    assert messages.said_in_two_ways() == ["Waiting: 在等 (two) / 温馨提示：等着 (one)"]
    assert list(stiff()) == ["one: 温馨提示：等着"]
