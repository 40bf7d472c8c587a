"""``silin facts``: written out and reckoned again by whoever runs the city's machine."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from silin.cli import main
from silin.facts.actions import FactRow, write
from silin.facts.models import Cell
from tests.town import MONDAY, build, today


def test_out_and_again(live_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town, out = build(today()), tmp_path / "out"
    write([FactRow.of("matter.closed", now=MONDAY, unit=town.community.code, subject="matter:1")])
    assert main(["facts", "export"]) == 2
    assert main(["facts", "rebuild", "--parquet", str(out)]) == 1
    assert "没有事实的导出" in capsys.readouterr().err
    assert main(["facts", "export", "--parquet", str(out)]) == 0
    assert "1 facts of 1 days, 1 day(s) written now." in capsys.readouterr().out
    units = duckdb.execute(f"SELECT code, level, parent FROM '{out}/units.parquet'").fetchall()
    assert (town.community.code, "community", town.street.code) in units
    assert not {level for _code, level, _parent in units} & {"grid", "micro_grid"}
    assert main(["facts", "rebuild"]) == 0
    assert "Every cell was right." in capsys.readouterr().out
    Cell.objects.update(n=9)
    assert main(["facts", "rebuild", "--parquet", str(out)]) == 0
    assert "1 cell(s) were not right and are now." in capsys.readouterr().out
    assert Cell.objects.get().n == 1
    assert list(json.loads((out / "export.json").read_text())["days"].values()) == [1]


def test_where_it_cannot_go(live_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["facts", "export", "--parquet", str(tmp_path / "file")]) == 1
    assert "file: Not a directory" in capsys.readouterr().err
    assert main(["facts", "export", "--parquet", str(tmp_path)]) == 1
    assert "不是空的" in capsys.readouterr().err
    assert main(["facts", "export", "--parquet", "/proc/out"]) == 1
    assert "/proc/out: " in capsys.readouterr().err
