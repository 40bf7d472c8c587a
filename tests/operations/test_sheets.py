"""``silin import KEY FILE --place CODE`` and ``silin export KEY``: tables at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from silin.cli import main
from silin.history.models import Entry
from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import GRIDS, opened, xlsx
from silin.matters.models import Matter
from silin.places.models import Place
from tests.house.world import hotline
from tests.town import MONDAY, Town, build


@pytest.fixture
def town(live_db: str) -> Town:
    """The invented town, committed."""
    return build()


def test_what_would_change_is_told_and_commit_writes_it(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "网格.xlsx"
    file.write_bytes(xlsx([GRIDS, [town.community.code, "第三网格", ""]]))
    words = ["import", "grids", str(file), "--place", town.city.code]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "第三网格" in said
    assert "1 new, 0 changed, 0 unchanged, 0 bad" in said
    assert "nothing was written; --commit writes it" in said
    assert not Batch.objects.exists()
    assert main([*words, "--commit"]) == 0
    assert "written" in capsys.readouterr().out
    batch = Batch.objects.get()
    assert (batch.state, batch.by) == (BatchState.COMMITTED, None)
    assert Entry.objects.filter(subject=batch.subject, actor=None).count() == 1
    assert main([*words, "--commit"]) == 0
    assert "0 new, 0 changed, 1 unchanged, 0 bad" in capsys.readouterr().out
    assert Place.objects.filter(name="第三网格").count() == 1


def test_mistakes_end_with_1_and_good_rows_leave_them_out(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, errors = tmp_path / "网格.xlsx", tmp_path / "错误.xlsx"
    file.write_bytes(xlsx([GRIDS, [town.community.code, "第三网格", ""], ["990102009001", "第四网格", ""]]))
    words = ["import", "grids", str(file), "--place", town.city.code, "--commit"]
    assert main([*words, "--errors", str(errors)]) == 1
    said = capsys.readouterr().out
    assert "! 3 社区代码: " in said
    assert "nothing was written" in said
    assert opened(errors.read_bytes())["A3"].comment is not None
    assert not Place.objects.filter(name="第三网格").exists()
    assert main([*words, "--good-rows"]) == 1
    assert Place.objects.filter(name="第三网格").exists()
    assert not Place.objects.filter(name="第四网格").exists()


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("key", ["grids", "divisions"])
def test_what_is_exported_comes_back_unchanged(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, ending: str
) -> None:
    out, entries = tmp_path / f"out.{ending}", Entry.objects.count()
    assert main(["export", key, str(out), "--place", town.city.code]) == 0
    assert main(["import", key, str(out), "--place", town.city.code, "--commit"]) == 0
    rows = {"grids": 3, "divisions": 5}[key]
    assert f"0 new, 0 changed, {rows} unchanged, 0 bad" in capsys.readouterr().out
    assert Entry.objects.count() == entries


def test_the_template_is_empty_and_can_be_filled_in(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"
    assert main(["export", "grids", str(out), "--template"]) == 0
    assert [cell.value.rstrip("*") for cell in opened(out.read_bytes())[1]] == GRIDS


@pytest.mark.parametrize(
    "words",
    [
        ["import", "nothing", "FILE", "--place", "990100000000"],
        ["import", "grids", "FILE", "--place", "1"],
        ["import", "grids", "FILE"],
        ["import", "grids", "/nowhere.xlsx", "--place", "990100000000"],
        ["export", "nothing", "OUT", "--template"],
        ["export", "grids", "OUT", "--place", "1"],
        ["export", "grids", "/nowhere/out.xlsx", "--template"],
        ["export", "grids", "/nowhere.csv", "--template"],
        ["export", "grids", "/nowhere.xls", "--place", "990100000000"],
    ],
)
def test_what_is_not_there_ends_with_1_and_says_so(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    files = {"FILE": tmp_path / "网格.xlsx", "OUT": tmp_path / "out.xlsx"}
    files["FILE"].write_bytes(xlsx([GRIDS, [town.community.code, "第三网格", ""]]))
    assert main([str(files.get(word, word)) for word in words]) == 1
    assert capsys.readouterr().err.strip()
    assert not files["OUT"].exists()


def test_the_hotlines_sheet_becomes_matters_at_the_command_line(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hotline(MONDAY)
    file, out = tmp_path / "热线.csv", tmp_path / "out.csv"
    order = "BJ1,柳巷家园门口路灯不亮,柳巷家园5号楼,19900001111"
    file.write_text(f"工单编号,诉求内容,地址,联系电话\n{order}\n", encoding="utf-8")
    words = ["import", "matters", str(file), "--place", town.street.code, "--commit"]
    assert main(words) == main(words) == 0
    said = capsys.readouterr().out
    assert "1 new, 0 changed, 0 unchanged, 0 bad" in said
    assert "0 new, 0 changed, 1 unchanged, 0 bad" in said
    assert "19900001111" not in said
    assert Matter.objects.get().building == town.building
    assert main(["export", "matters", str(out), "--place", town.street.code]) == 0
    assert "19900001111" not in out.read_text(encoding="utf-8")
    assert Entry.objects.filter(subject=town.street.subject, action="take_out").count() == 1
