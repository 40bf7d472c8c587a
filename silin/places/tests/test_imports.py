"""Bringing in divisions: the real file, and every way in which a file can be wrong."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from silin.history.models import Entry
from silin.places import queries
from silin.places.imports import BadDivisions, import_divisions
from silin.places.models import BOUNDARIES, Place, Revision

NOW = datetime(2024, 5, 6, 1, 0, tzinfo=UTC)
REAL = Path(str(resources.files("silin") / "demo" / "data" / "divisions_610300_2023.csv"))
GOOD = """code,name,level,parent
990100000000,临川市,city,
990102000000,东城区,county,990100000000
990102001000,柳巷街道,street,990102000000
990102001001,榆树社区居委会,community,990102001000
990102001201,杨村村委会,village,990102001000
"""


def faults(text: str | bytes, **more: object) -> list[tuple[str, int]]:
    """Code and line of all that is wrong with a file; nothing may have been written."""
    before = list(Place.objects.order_by("pk").values())
    lines, revision = Entry.objects.count(), Revision.objects.number(BOUNDARIES)
    with override("en"), pytest.raises(BadDivisions) as error:
        import_divisions(as_bytes(text), actor=None, now=NOW, **more)  # type: ignore[arg-type]
    assert error.value.code == "bad_divisions"
    assert "Nothing was changed" in str(error.value.message)
    assert list(Place.objects.order_by("pk").values()) == before
    assert (Entry.objects.count(), Revision.objects.number(BOUNDARIES)) == (lines, revision)
    assert all(each.what and each.mend for each in error.value.problems)
    return [(each.code, each.line) for each in error.value.problems]


def as_bytes(text: str | bytes) -> bytes:
    """The file as it lies on a disk."""
    return text if isinstance(text, bytes) else text.encode()


def changed(old: str, new: str) -> str:
    """The good file with one thing changed."""
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.django_db
def test_the_real_city() -> None:
    result = import_divisions(REAL, actor=None, now=NOW)
    assert (result.added, result.changed, result.unchanged, result.problems) == (1504, 0, 0, [])
    root = queries.root()
    assert root
    page = queries.place_page(root)
    counted = {each.sort: each.n for each in page.tallies}
    assert counted == {"county": 12, "street": 120, "community": 203, "village": 1163, "quasi": 4}
    assert len(page.children) == 12
    bases = {row.place.name: next(t.n for t in row.tallies if t.sort == "community") for row in page.children}
    assert sorted(bases.values(), reverse=True) == [61, 59, 23, 15, 9, 9, 9, 5, 4, 4, 3, 2]
    kinds = Place.objects.filter(level="county").values_list("kind", flat=True)
    assert sorted(kinds) == ["county"] * 8 + ["district"] * 4


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    import_divisions(REAL, actor=None, now=NOW)
    lines, revision = Entry.objects.count(), Revision.objects.number(BOUNDARIES)
    assert lines == 1
    assert Entry.objects.get().subject == "places:divisions"
    before = list(Place.objects.order_by("pk").values())
    result = import_divisions(REAL, actor=None, now=NOW)
    assert (result.added, result.changed, result.unchanged) == (0, 0, 1504)
    assert list(Place.objects.order_by("pk").values()) == before
    assert (Entry.objects.count(), Revision.objects.number(BOUNDARIES)) == (lines, revision)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("gb18030"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.rstrip("\n").encode(),
        (GOOD + "\n\n,,,\n").encode(),
        GOOD.replace("code,name,level,parent", " Code ,NAME,level,parent").encode(),
        ("\n".join([GOOD.split("\n")[0], *reversed(GOOD.strip().split("\n")[1:])]) + "\n").encode(),
    ],
)
def test_files_as_people_save_them(data: bytes) -> None:
    assert import_divisions(data, actor=None, now=NOW).added == 5
    assert Place.objects.get(code="990102001201").ancestors()[-1].name == "柳巷街道"


@pytest.mark.django_db
def test_an_open_file_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(GOOD, encoding="utf-8")
    assert import_divisions(str(path), actor=None, now=NOW).added == 5
    assert import_divisions(io.StringIO(GOOD), actor=None, now=NOW).unchanged == 5
    with path.open("rb") as file:
        assert import_divisions(file, actor=None, now=NOW, expected_rows=5).unchanged == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (changed("990102000000,东城区", "990103000000,东城区"), [("missing_parent", 4)]),
        (changed(",village,990102001000", ",village,"), [("no_parent", 6)]),
        (changed("990102001201,杨", "990102001001,杨"), [("double_code", 6), ("wrong_level", 6)]),
        (GOOD + "990102001001,榆树社区,community,990102001000\n", [("double_code", 7)]),
        (changed("榆树社区居委会,community", "榆树社区居委会,village"), [("wrong_level", 5)]),
        (changed("柳巷街道,street", "柳巷街道,county"), [("wrong_level", 4)]),
        (changed("柳巷街道,street", "柳巷街道,road"), [("unknown_level", 4)]),
        (
            changed("杨村村委会,village,990102001000", "杨村村委会,village,990102000000"),
            [("wrong_parent", 6)],
        ),
        (changed("990102001201", "99010200120"), [("bad_code", 6)]),
        (changed("990102001201", "9.90102E+11"), [("bad_code", 6)]),
        (changed("990102001201", "９９０１０２００１２０１"), [("bad_code", 6)]),
        (changed("990102001201", "990102001601"), [("wrong_level", 6)]),
        (changed("东城区", ""), [("no_name", 3)]),
        (changed("东城区", "东" * 61), [("long_name", 3)]),
        (changed("东城区,county", "东城区,Linchuan,county"), [("columns", 3), ("missing_parent", 4)]),
        (changed("东城区", '"东城区'), [("quotes", 3)]),
        (changed("code,name,level,parent", "code,name,level"), [("header", 1)]),
        (changed("code,name,level,parent", "990100000001,省,province,"), [("header", 1)]),
        ("code,name,level,parent\n", [("empty", 0)]),
        ("", [("header", 1)]),
        (b"\x00\xff\xfe" * 40, [("encoding", 0)]),
    ],
)
def test_what_is_wrong_is_said_line_by_line(text: str | bytes, wrong: list[tuple[str, int]]) -> None:
    assert faults(text) == wrong
    assert not Place.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("cut", [2, 5, 13, 20, 30, 37, 40, 44])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_that_is_cut_off(cut: int, encoding: str) -> None:
    assert ("truncated", 6) in faults(GOOD.encode(encoding)[:-cut])


@pytest.mark.django_db
def test_a_file_that_is_cut_off_between_two_lines() -> None:
    whole_lines = GOOD[: GOOD.rindex("990102001201")]
    assert faults(whole_lines, expected_rows=5) == [("row_count", 0)]
    import_divisions(GOOD.encode(), actor=None, now=NOW)
    assert faults(whole_lines) == [("fewer", 0)]


@pytest.mark.django_db
@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, len(GOOD.encode()) - 2))
def test_no_cut_goes_unnoticed(at: int) -> None:
    """With everything known, a file cut anywhere but in its last line end is refused."""
    if not Place.objects.exists():
        import_divisions(GOOD.encode(), actor=None, now=NOW)
    assert faults(GOOD.encode()[:at])


@pytest.mark.django_db
def test_what_is_no_longer_in_the_file_is_kept_or_closed_when_asked() -> None:
    import_divisions(GOOD.encode(), actor=None, now=NOW)
    shorter = GOOD[: GOOD.rindex("990102001201")].encode()
    kept = import_divisions(shorter, actor=None, now=NOW, missing="keep")
    assert ([each.code for each in kept.problems], kept.closed) == (["fewer"], 0)
    closed = import_divisions(shorter, actor=None, now=NOW, missing="close")
    assert (closed.closed, closed.added, closed.changed, closed.unchanged) == (1, 0, 0, 4)
    assert not Place.objects.get(code="990102001201").is_active
    again = import_divisions(GOOD.encode(), actor=None, now=NOW)
    assert (again.changed, again.unchanged) == (1, 4)
    assert Place.objects.get(code="990102001201").is_active


@pytest.mark.django_db
def test_a_part_of_the_territory_alone() -> None:
    import_divisions(GOOD.encode(), actor=None, now=NOW)
    street = "990102002000,松林街道,street,990102000000\n990102002001,松林社区,community,990102002000\n"
    result = import_divisions((GOOD.split("\n")[0] + "\n" + street).encode(), actor=None, now=NOW)
    assert (result.added, result.problems) == (2, [])
    assert Place.objects.get(code="990102002001").full_name() == "东城区松林街道松林社区"


@pytest.mark.django_db
def test_a_new_name_is_taken_over() -> None:
    import_divisions(GOOD.encode(), actor=None, now=NOW)
    result = import_divisions(changed("东城区", "东湖区").encode(), actor=None, now=NOW)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 4)
    assert Entry.objects.filter(action="import_divisions").count() == 2


@pytest.mark.django_db
def test_the_refusal_says_what_to_mend() -> None:
    with override("en"), pytest.raises(BadDivisions) as error:
        import_divisions(
            changed(",village,990102001000", ",village,990102009000").encode(), actor=None, now=NOW
        )
    message = str(error.value.message)
    assert "Line 6" in message
    assert "990102009000" in message
    assert "Add the line of the parent" in message
