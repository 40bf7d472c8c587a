"""A city with other names and other levels: begun, filled by its own tables, opened, and at work.

Linjiang has no counties: its towns lie in the city itself, and villages lie beside the one community.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas
import pytest
import shapely
from django.test import Client

from silin.accounts.models import User
from silin.cli import main
from silin.history.models import Entry
from silin.imports.tests.files import xlsx
from silin.kinds.report.tests.conftest import photo
from silin.matters.models import Matter, State
from silin.notices.models import Notice
from silin.operation import queries as operation
from silin.places.models import Building, Place
from tests.stories.proof import books_are_whole
from tests.town import person
from tests.visitors import client_of

PASSWORD = "eleven-lamps-in-the-lane"
CITY, TOWN, VILLAGE, COMMUNITY = "990900000000", "990900100000", "990900100201", "990900100001"
DIVISIONS = f"""code,name,level,parent
{CITY},临江市,city,
{TOWN},白石镇,street,{CITY}
{COMMUNITY},白石街居民委员会,community,{TOWN}
{VILLAGE},渡口村村民委员会,village,{TOWN}
990900101000,青竹镇,street,{CITY}
990900101201,竹溪村村民委员会,village,990900101000
"""
WEST, SOUTH, SIDE = 121.50, 29.10, 0.01
ESTATES = [["社区代码", "小区名称", "建成年份"], [VILLAGE, "渡口新村", "2009"]]
ORGANISATIONS = [
    ["地点代码", "单位名称", "类别"],
    [VILLAGE, "渡口村村民委员会", "居（村）委会"],
    [TOWN, "白石镇综合执法队", "部门"],
]
POSTS = [
    ["岗位种类", "地点代码", "姓名", "手机号"],
    ["网格员", f"{VILLAGE}01001", "沈阿根", "19900000011"],
    ["网格长", f"{VILLAGE}01001", "冯秋月", "19900000012"],
    ["社区值班", VILLAGE, "蒋国良", "19900000013"],
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the city's files lie."""
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    operation.city_in_work.forget()
    return tmp_path


def bring_in(key: str, file: Path, data: bytes, *words: str) -> None:
    """The operator's command, which writes; a second time it has nothing to write."""
    file.write_bytes(data)
    lines = Entry.objects.count()
    assert main(["import", key, str(file), "--place", CITY, "--commit", *words]) == 0
    assert Entry.objects.count() > lines
    lines = Entry.objects.count()
    assert main(["import", key, str(file), "--place", CITY, "--commit", *words]) == 0
    assert Entry.objects.count() == lines


def outlines(folder: Path) -> bytes:
    """Two grids of the village and one of the community, as the survey office draws them."""
    rows = {"社区代码": [VILLAGE, VILLAGE, COMMUNITY], "网格名称": ["东网格", "西网格", "街上网格"]}
    boxes = [(1, 0, 2, 2), (0, 0, 1, 2), (2, 0, 3, 2)]
    shapes = [
        shapely.box(WEST + a * SIDE, SOUTH + b * SIDE, WEST + c * SIDE, SOUTH + d * SIDE)
        for a, b, c, d in boxes
    ]
    path = folder / "draft.geojson"
    geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490").to_file(path, driver="GeoJSON")
    return path.read_bytes()


def missing(chief: Client) -> str:
    """The checklist."""
    return chief.get("/desk/set-up/").content.decode()


def signed_in(name: str) -> Client:
    """The browser of somebody who came with the table of posts."""
    return client_of(User.objects.get(name=name))


def test_another_city_is_begun_filled_opened_and_at_work(
    live_db: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list_of_divisions = folder / "divisions.csv"
    list_of_divisions.write_text(DIVISIONS, encoding="utf-8")
    begin = ["init", "--divisions", str(list_of_divisions), "--email", "lin@example.org", "--name", "林海"]
    assert main(begin) == 0, capsys.readouterr().err
    assert not Place.objects.filter(level="county").exists()
    chief = client_of(User.objects.get(name="林海"))
    assert all(said in missing(chief) for said in ("3 个社区和村", "0 个网格", "网格里有 0 人在岗"))
    assert chief.post("/desk/set-up/open/").status_code == 400
    _fill(folder)
    assert all(
        said in missing(chief) for said in ("3 个网格，其中 3 个有边界", "1 个小区", "2 栋楼", "2 个单位")
    )
    assert chief.post("/desk/set-up/open/").status_code == 302
    assert "平台正在准备" not in Client().get("/").content.decode()
    _work(_reported())
    books_are_whole()


def _fill(folder: Path) -> None:
    bring_in("grids", folder / "grids.geojson", outlines(folder), "--datum", "CGCS2000")
    bring_in("estates", folder / "estates.xlsx", xlsx(ESTATES))
    west, east = (Place.objects.get(name=name).code for name in ("西网格", "东网格"))
    assert (west, east) == (f"{VILLAGE}01001", f"{VILLAGE}01002")
    heads = ["社区代码", "小区名称", "楼号", "网格编号", "经度", "纬度"]
    spots = [[VILLAGE, "渡口新村", n, west, WEST + SIDE / 2, SOUTH + SIDE * int(n) / 4] for n in ("1", "2")]
    bring_in("buildings", folder / "buildings.xlsx", xlsx([heads, *spots]))
    bring_in("organisations", folder / "organisations.xlsx", xlsx(ORGANISATIONS))
    bring_in("posts", folder / "posts.xlsx", xlsx(POSTS))


def _reported() -> Matter:
    """A visitor says what is wrong and where: the grid worker of the village has it at once."""
    resident, building = Client(), Building.objects.get(number="1")
    client_id = str(uuid4())
    said = {"client_id": client_id, "words": "村口的路灯不亮，晚上过桥看不见台阶。"}
    assert resident.post("/report/", said).status_code == 303
    point = {"lon": str(building.lon), "lat": str(building.lat), "datum": "CGCS2000"}
    where = resident.post("/report/where/", {"client_id": client_id, "at": "here", **point})
    assert "沈阿根" in resident.get(where["Location"]).content.decode()
    sent = resident.post("/report/check/", {"client_id": client_id, "do": "send"})
    matter = Matter.objects.get()
    assert matter.shown_number in resident.get(sent["Location"]).content.decode()
    assert (matter.place.name, matter.building) == ("西网格", building)
    assert "渡口村" in resident.get(f"/m/{matter.number}/").content.decode()
    assert Notice.objects.filter(recipient__name="沈阿根").exists()
    assert client_of(person("路过的人")).get(f"/m/{matter.number}/").status_code == 404
    return matter


def _work(matter: Matter) -> None:
    """The worker mends it, the desk of the village looks at it: closed, and in the league of the city."""
    worker, desk = signed_in("沈阿根"), signed_in("蒋国良")
    task = f"/w/tasks/{matter.number}/"
    assert matter.title in worker.get("/w/").content.decode()
    _do(worker, task, matter, "accept")
    photos = {"before": photo("前.jpg"), "after": photo("后.jpg")}
    _do(worker, task, matter, "answer", outcome="fixed", words="换了灯泡", **photos)
    _do(desk, f"/desk/m/{matter.number}/", matter, "verify")
    assert matter.state == State.CLOSED
    assert signed_in("冯秋月").get(task).status_code == 200
    chief = signed_in("林海")
    league = chief.get("/desk/league/?level=community", follow=True).content.decode()
    assert re.search(r"渡口村.*?1", league, re.S)


def _do(client: Client, page: str, matter: Matter, do: str, **more: Any) -> None:
    fields = {"do": do, "version": matter.version, "client_id": str(uuid4()), **more}
    answer = client.post(page, fields)
    assert answer.status_code == 303, answer.content.decode()
    matter.refresh_from_db()


@pytest.mark.parametrize(
    "text",
    [
        DIVISIONS.replace(f",{CITY}\n", ",\n", 1),
        DIVISIONS.replace(f"{CITY},临江市,city,\n", "").replace(f",{CITY}\n", ",\n"),
    ],
)
def test_a_list_that_names_no_city_begins_none(
    live_db: str, folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "divisions.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["init", "--divisions", str(file), "--email", "lin@example.org", "--name", "林海"]) == 1
    assert "only one: the city" in capsys.readouterr().err
    assert not Place.objects.exists()
