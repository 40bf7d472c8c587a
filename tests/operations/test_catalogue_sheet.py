"""``silin export indicators`` and ``silin import indicators``: the catalogue at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from silin.assessment.models import Catalogue
from silin.assessment.sample import load_sample
from silin.cli import main
from tests.town import Town, build

pytestmark = pytest.mark.usefixtures("live_db")


def test_the_catalogue_goes_out_and_what_was_changed_comes_into_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town: Town = build()
    load_sample()
    out = tmp_path / "指标.xlsx"
    where = ["--place", town.city.code]
    assert main(["export", "indicators", str(out), *where]) == 0
    assert main(["import", "indicators", str(out), *where, "--commit"]) == 0
    assert "0 new, 0 changed, 133 unchanged, 0 bad" in capsys.readouterr().out
    assert not Catalogue.objects.filter(published_at=None).exists()
    book = load_workbook(out)
    [line] = [line for line in book.worksheets[0].iter_rows() if line[0].value == "S1.3.1"]
    heads = [str(cell.value).rstrip("*") for cell in book.worksheets[0][1]]
    line[heads.index("红灯线")].value = 85
    book.save(out)
    assert main(["import", "indicators", str(out), *where]) == 0
    said = capsys.readouterr().out
    assert "红灯线 80 → 85" in said
    assert "将新建第 2 版草稿" in said
    assert not Catalogue.objects.filter(published_at=None).exists()
    assert main(["import", "indicators", str(out), *where, "--commit"]) == 0
    draft = Catalogue.objects.get(published_at=None)
    assert (draft.made_by, draft.indicators.get(code="S1.3.1").red) == (None, 85)
    line[heads.index("分子")].value = "count(matter.closd)"
    book.save(out)
    assert main(["import", "indicators", str(out), *where, "--commit"]) == 1
    assert "分子: 事实簿里没有“matter.closd”" in capsys.readouterr().out
