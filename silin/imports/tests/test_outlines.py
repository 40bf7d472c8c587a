"""Outlines as survey offices send them: GeoJSON, GeoPackage, zipped shapefile, in the datum they say."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from django.test import Client
from numpy.typing import NDArray

from silin.history.models import Entry
from silin.imports.models import Batch
from silin.imports.tests.files import sent, xlsx
from silin.lib.datum import from_cgcs2000
from silin.places.models import Boundary, Place
from tests.town import SIDE, SOUTH, WEST, Town

SHEET = "/desk/imports/grids/"
FORMS = ["geojson", "geojson-nameless", "gpkg", "shp", "shp-gb18030"]
EAST_HALF = shapely.box(WEST + 2 * SIDE, SOUTH, WEST + 3 * SIDE, SOUTH + SIDE)


def outlines(town: Town, form: str, folder: Path, shape: shapely.Geometry = EAST_HALF) -> bytes:
    """One new grid of the community, written by geopandas."""
    rows = {"sqdm": [town.community.code], "wgmc": ["第三网格"]}
    frame = geopandas.GeoDataFrame(rows, geometry=[shape], crs="EPSG:4490")
    if not form.startswith("shp"):
        ending, _dash, how = form.partition("-")
        path = folder / f"grids.{ending}"
        frame.to_file(path, driver={"geojson": "GeoJSON", "gpkg": "GPKG"}[ending])
        return path.read_bytes().replace(b'"name": "grids",', b"") if how else path.read_bytes()
    frame.to_file(folder / "网格.shp", encoding=form.partition("-")[2] or "utf-8")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(folder.glob("网格.*")):
            if part.suffix != ".cpg" or form == "shp":
                archive.write(part, f"成果/{part.name}")
    return packed.getvalue()


def send(client: Client, town: Town, data: bytes, datum: str = "CGCS2000") -> Batch:
    """Send outlines; the batch that came of them."""
    fields = {"place": town.city.code, "file": sent(data, "网格"), "datum": datum}
    answer = client.post(SHEET, fields)
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def bring_in(client: Client, batch: Batch) -> None:
    """Press the button."""
    assert client.post(f"/desk/imports/batches/{batch.pk}/", {"do": "all"}).status_code == 302


def drawn(name: str = "第三网格") -> shapely.Geometry:
    """The outline of a grid as it is in use."""
    return Boundary.objects.get(place__name=name, valid_until=None).shape


def lies_on(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether both are the same to a centimetre: files round."""
    return bool(shapely.hausdorff_distance(one, other) < 1e-7)


@pytest.mark.parametrize("form", FORMS)
def test_a_new_grid_comes_with_its_outline_and_gets_a_number(
    zhou: Client, town: Town, tmp_path: Path, form: str
) -> None:
    data = outlines(town, form, tmp_path)
    batch = send(zhou, town, data)
    assert (batch.new, batch.bad) == (1, 0), batch.shown
    bring_in(zhou, batch)
    grid = Place.objects.get(name="第三网格", parent=town.community)
    assert grid.code == f"{town.community.code}01003"
    assert lies_on(drawn(), EAST_HALF)
    again = send(zhou, town, data)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_a_shifted_outline_lands_where_it_is(zhou: Client, town: Town, tmp_path: Path, datum: str) -> None:
    def shift(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([from_cgcs2000(x, y, datum) for x, y in points])

    shifted = shapely.transform(EAST_HALF, shift)
    data = outlines(town, "geojson", tmp_path, shifted)
    bring_in(zhou, send(zhou, town, data, datum))
    assert lies_on(drawn(), EAST_HALF)
    again = send(zhou, town, data, datum)
    assert (again.changed, again.unchanged) == (0, 1)


def test_an_outline_that_is_drawn_anew_changes_one_grid(zhou: Client, town: Town, tmp_path: Path) -> None:
    bring_in(zhou, send(zhou, town, outlines(town, "geojson", tmp_path)))
    wider = shapely.box(WEST + 2 * SIDE, SOUTH, WEST + 4 * SIDE, SOUTH + SIDE)
    batch = send(zhou, town, outlines(town, "geojson", tmp_path, wider))
    assert (batch.new, batch.changed) == (0, 1)
    assert batch.shown["changes"][0]["drawn"]
    bring_in(zhou, batch)
    assert lies_on(drawn(), wider)
    assert Entry.objects.filter(subject=batch.subject).count() == 1


@pytest.mark.parametrize(
    ("what", "datum", "words"),
    [
        ("good", "", "坐标系"),
        ("metres", "CGCS2000", "经纬度"),
        ("broken", "CGCS2000", "损坏"),
        ("without .dbf", "CGCS2000", ".dbf"),
    ],
)
def test_what_cannot_be_placed_is_refused(
    zhou: Client, town: Town, tmp_path: Path, what: str, datum: str, words: str
) -> None:
    data = outlines(town, "geojson", tmp_path)
    if what == "metres":
        data = outlines(town, "geojson", tmp_path, shapely.box(500_000, 3_800_000, 501_000, 3_801_000))
    if what == "broken":
        data = data[: len(data) // 2]
    if what == "without .dbf":
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("网格.shp", b"")
        data = packed.getvalue()
    fields = {"place": town.city.code, "file": sent(data, "网格"), "datum": datum}
    answer = zhou.post(SHEET, fields)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_line_that_is_no_area_is_a_mistake_of_its_row(zhou: Client, town: Town, tmp_path: Path) -> None:
    line = shapely.LineString([(WEST, SOUTH), (WEST + SIDE, SOUTH)])
    batch = send(zhou, town, outlines(town, "geojson", tmp_path, line))
    assert batch.bad == 1
    assert zhou.get(f"/desk/imports/batches/{batch.pk}/errors/").status_code == 200


def test_outlines_stay_when_the_spreadsheet_has_none(zhou: Client, town: Town) -> None:
    data = xlsx([["社区代码", "网格名称"], [town.community.code, "第一网格"]])
    batch = send(zhou, town, data, "")
    assert (batch.changed, batch.unchanged) == (0, 1)
