"""A resident reports something, at the door: four taps and a sentence, without any script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.kinds.report.actions import forget
from silin.kinds.report.danger import emergencies
from silin.kinds.report.models import Draft, DraftPhoto
from silin.kinds.report.tests.conftest import photo
from silin.matters.categories import load_categories, suggest
from silin.matters.models import Matter, State
from silin.places import queries as places
from silin.places.models import Building
from tests.town import SOUTH, WEST, Town

WORDS = "5 号楼门口的路灯不亮，晚上看不见台阶。"
POINT = {"lon": str(WEST + 0.005), "lat": str(SOUTH + 0.005), "datum": "CGCS2000"}


def begin(client: Client, words: str = WORDS, **more: Any) -> Any:
    """The first step; gives the id of the draft."""
    answer = client.post("/report/", {"client_id": str(uuid4()), "words": words, **more})
    assert answer.status_code == 303, answer.text
    return re.findall(r"draft=([0-9a-f-]{36})", answer["Location"])[0]


def place(client: Client, draft: str, **said: str) -> Any:
    return client.post("/report/where/", {"client_id": draft, **(said or {"at": "here", **POINT})})


def send(client: Client, draft: str, **more: str) -> Any:
    return client.post("/report/check/", {"client_id": draft, "do": "send", **more})


def test_four_taps_and_a_sentence(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    assert 'href="/report/"' in client.get("/").text  # 1 我要反映
    where = client.post("/report/", {"client_id": str(uuid4()), "words": WORDS, "photos": photo()})  # 2 继续
    draft = where["Location"].partition("draft=")[2]
    page = client.get(where["Location"])
    assert "柳巷家园" in page.text
    check = place(client, draft, at="home", spot="东侧")  # 3 就是这里
    page = client.get(check["Location"])
    assert all(said in page.text for said in (WORDS, "路灯不亮", "柳巷家园", "东侧", "王淑琴"))
    sent = send(client, draft)  # 4 发出去
    receipt = client.get(sent["Location"])
    matter = Matter.objects.get()
    assert matter.shown_number in receipt.text
    assert (matter.category_id, matter.building, matter.place) == ("street_light", town.building, town.grid)
    assert (matter.raiser, matter.holder, matter.state) == (town.chen, town.worker_post, State.ASSIGNED)
    assert (matter.spot, matter.photos.count()) == ("东侧", 1)


def test_a_visitor_needs_no_account(client: Client, town: Town) -> None:
    draft = begin(client)
    place(client, draft)
    receipt = client.get(send(client, draft)["Location"])
    matter = Matter.objects.get()
    assert matter.raiser is not None
    assert matter.raiser.is_guest
    assert 'action="/sign-in/phone/"' in receipt.text
    assert client.get(f"/m/{matter.number}/").status_code == 200


def test_a_report_sent_twice_is_one_matter_with_the_same_receipt(client: Client, town: Town) -> None:
    draft = begin(client)
    place(client, draft)
    first, second = send(client, draft), send(client, draft)
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1
    again = client.post("/report/", {"client_id": draft, "words": WORDS})
    assert again["Location"] == first["Location"]
    assert client.get(f"/report/?draft={draft}")["Location"] == first["Location"]


def test_empty_words_keep_the_photo(client: Client, town: Town) -> None:
    draft = str(uuid4())
    page = client.post("/report/", {"client_id": draft, "words": "  ", "photos": photo()})
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert f"/report/photos/{draft}/" in page.text
    assert Matter.objects.count() == 0


def test_twenty_thousand_characters_are_too_many_and_stay(client: Client, town: Town) -> None:
    words = "灯" * 20_000
    draft = str(uuid4())
    page = client.post("/report/", {"client_id": draft, "words": words, "photos": photo()})
    assert page.status_code == 400
    assert words in page.text
    assert "18000" in page.text
    assert words in client.get(f"/report/?draft={draft}").text
    assert DraftPhoto.objects.filter(draft__id=UUID(draft)).count() == 1


def test_words_full_of_script_are_words(client: Client, town: Town) -> None:
    words = '<script>alert(1)</script>"><img src=x onerror=alert(2)> {{ 7|add:7 }} 路灯不亮'
    draft = begin(client, words)
    page = client.get(place(client, draft)["Location"]).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7|add:7 }}" in page
    sent = client.get(send(client, draft)["Location"])
    assert "<script>alert" not in sent.text
    assert Matter.objects.get().words == words


def test_a_file_that_lies_about_its_type(client: Client, town: Town) -> None:
    lie = SimpleUploadedFile("灯.jpg", b"MZ\x90 this is a program", "image/jpeg")
    draft = str(uuid4())
    page = client.post("/report/", {"client_id": draft, "words": WORDS, "photos": [lie, photo("真的.jpg")]})
    assert page.status_code == 400
    assert "灯.jpg" in str(page.context["form"].errors["photos"])
    assert WORDS in page.text
    assert DraftPhoto.objects.filter(draft__id=UUID(draft)).count() == 1


def test_a_document_is_no_photo(client: Client, town: Town) -> None:
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    page = client.post("/report/", {"client_id": str(uuid4()), "words": WORDS, "photos": pdf})
    assert page.status_code == 400


def test_a_picture_of_a_hundred_megapixels(client: Client, town: Town, huge: SimpleUploadedFile) -> None:
    page = client.post("/report/", {"client_id": str(uuid4()), "words": WORDS, "photos": huge})
    assert page.status_code == 400
    assert "大.png" in str(page.context["form"].errors["photos"])
    assert WORDS in page.text


def test_six_photos_are_enough(client: Client, town: Town) -> None:
    many = [photo(f"{n}.jpg", f"#{n}{n}{n}") for n in range(8)]
    draft = str(uuid4())
    page = client.post("/report/", {"client_id": draft, "words": WORDS, "photos": many})
    assert page.status_code == 400
    assert DraftPhoto.objects.filter(draft__id=UUID(draft)).count() == 6


def test_a_photo_is_taken_away_and_the_words_stay(client: Client, town: Town) -> None:
    draft = begin(client, photos=photo())
    sha256 = DraftPhoto.objects.get().file_id
    page = client.post("/report/", {"client_id": draft, "words": "改了一半", "drop": sha256})
    assert (page.status_code, DraftPhoto.objects.count()) == (200, 0)
    assert "改了一半" in page.text


def test_photos_of_a_draft_are_seen_by_its_writer_alone(client: Client, town: Town) -> None:
    draft = begin(client, photos=photo())
    address = f"/report/photos/{draft}/{DraftPhoto.objects.get().file_id}/"
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert Client().get(address).status_code == 404
    other = Client()
    other.force_login(town.stranger)
    assert other.get(address).status_code == 404


def test_a_point_outside_stays_on_the_page_with_its_reason(client: Client, town: Town) -> None:
    draft = begin(client)
    page = place(client, draft, at="here", lon="116.4", lat="39.9", datum="CGCS2000", spot="桥头")
    assert page.status_code == 400
    assert "临川" in page.text
    assert 'value="桥头"' in page.text
    assert place(client, draft, at="here", lon="abc", lat="1").status_code == 400
    assert place(client, draft, at="here").status_code == 400
    assert place(client, draft, at="building:999999").status_code == 400
    assert place(client, draft, at="place:990102001000").status_code == 400


def test_a_building_is_found_by_its_name(client: Client, town: Town) -> None:
    draft = begin(client)
    page = client.post(
        "/report/where/", {"client_id": draft, "at": "search", "q": "柳巷5号楼", "spot": "门口"}
    )
    assert f'value="building:{town.building.pk}"' in page.text
    assert 'value="门口"' in page.text
    check = place(client, draft, at=f"building:{town.building.pk}")
    assert check.status_code == 303
    assert Draft.objects.get().building == town.building
    place(client, draft, at=f"place:{town.other.code}")
    assert Draft.objects.get().place == town.other
    nothing = client.post("/report/where/", {"client_id": draft, "at": "search", "q": "zzzz"})
    assert "zzzz" in nothing.text


def test_the_map_of_the_whole_city_left_alone_says_nothing(client: Client, town: Town) -> None:
    city = places.root()
    assert city is not None
    city.lon, city.lat = WEST + 0.005, SOUTH + 0.005
    city.save()
    draft = begin(client)
    opened = client.get(f"/report/where/?draft={draft}").text
    assert f'data-lon="{city.lon}" data-lat="{city.lat}" data-zoom=' in opened
    page = place(client, draft)
    assert page.status_code == 400
    assert "请把地图挪到出事的地方，或者搜一下楼号。" in page.text
    assert not Draft.objects.get().is_placed
    assert place(client, draft, at="here", **{**POINT, "lon": str(WEST + 0.0051)}).status_code == 303
    assert place(client, draft).status_code == 303
    assert Draft.objects.get().lon == city.lon


def test_an_estate_is_its_grid_and_its_name(client: Client, town: Town) -> None:
    draft = begin(client)
    estate = town.building.estate
    place(client, draft, at=f"estate:{estate.pk}")
    kept = Draft.objects.get()
    assert (kept.place, kept.spot) == (town.building.grid, estate.name)
    Building.objects.create(estate=estate, grid=town.other, number="6")
    place(client, draft, at=f"estate:{estate.pk}", spot="东门")
    kept = Draft.objects.get()
    assert (kept.place, kept.spot) == (estate.place, "东门")
    place(client, draft, at=f"estate:{estate.pk}", spot=estate.name)
    place(client, draft, at=f"place:{town.other.code}", spot=estate.name)
    assert Draft.objects.get().spot == ""


def test_a_number_at_the_spot_is_shown_and_covered(client: Client, town: Town) -> None:
    draft = begin(client)
    page = client.get(place(client, draft, at="here", **POINT, spot="找张 13812345678")["Location"])
    assert [each.kind for each in page.context["seen"].personal] == ["phone"]
    client.post("/report/check/", {"client_id": draft, "do": "cover"})
    send(client, draft)
    assert Matter.objects.get().spot == "找张 138****5678"


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("单元门口的路灯坏了", "street_light"),
        ("单元门口有一堆垃圾", "rubbish"),
        ("楼上漏水把我家泡了", "water_leak"),
        ("老人摔倒在楼道里", "elders_help"),
        ("单元门坏了", "entrance_door"),
    ],
)
def test_what_is_said_counts_more_than_where(db: None, words: str, category: str) -> None:
    load_categories()
    assert suggest(words)[0][0].pk == category


def test_personal_numbers_are_shown_and_covered(client: Client, town: Town) -> None:
    draft = begin(client, "路灯不亮，打我电话13812345678，车牌陕C12345")
    page = client.get(place(client, draft)["Location"])
    assert [each.kind for each in page.context["seen"].personal] == ["phone", "plate"]
    client.post("/report/check/", {"client_id": draft, "do": "cover"})
    send(client, draft)
    assert "13812345678" not in Matter.objects.get().words
    assert "138****5678" in Matter.objects.get().words


def test_danger_to_life_puts_the_number_first(client: Client, town: Town) -> None:
    draft = begin(client, "单元门口电动车着火了，有人摔伤")
    page = client.get(f"/report/where/?draft={draft}").text
    assert page.index('href="tel:119"') < page.index("<silin-map")
    assert 'href="tel:120"' in page
    assert 'href="tel:110"' not in page
    checked = client.get(place(client, draft)["Location"]).text
    assert checked.index('href="tel:119"') < checked.index('id="send"')
    assert [each.number for each in emergencies("老人摔倒在楼道里")] == ["120"]


def test_words_that_name_nothing_known_ask_for_the_category(client: Client, town: Town) -> None:
    draft = begin(client, "有个情况")
    page = client.get(place(client, draft)["Location"])
    assert 'name="another"' in page.text
    assert send(client, draft).status_code == 400
    assert send(client, draft, category="nonsense").status_code == 400
    assert send(client, draft, category="noise").status_code == 303
    assert Matter.objects.get().category_id == "noise"


def test_whoever_left_off_goes_on_there(client: Client, town: Town) -> None:
    begin(client)
    assert WORDS in client.get("/report/").text
    stranger = Client()
    assert WORDS not in stranger.get("/report/").text


def test_somebody_elses_draft_is_not_touched(client: Client, town: Town) -> None:
    draft = begin(client)
    other = Client()
    answer = other.post("/report/", {"client_id": draft, "words": "别的事"})
    assert draft not in answer["Location"]
    assert Draft.objects.get(pk=draft).words == WORDS
    assert other.get(f"/report/check/?draft={draft}").status_code == 303


def test_a_session_that_ended_halfway_is_taken_up_again(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client, photos=photo())
    client.logout()
    for step in ("where", "check"):
        asked = client.post(f"/report/{step}/", {"client_id": draft, "at": "home", "do": "send"})
        assert asked["Location"].startswith("/sign-in/?next=/report/")
    assert Matter.objects.count() == 0
    client.force_login(town.chen)
    place(client, draft, at="home")
    send(client, draft)
    assert Matter.objects.get().photos.count() == 1


def test_steps_cannot_be_jumped(client: Client, town: Town) -> None:
    assert client.get("/report/where/")["Location"] == "/report/"
    assert client.get("/report/check/")["Location"] == "/report/"
    draft = begin(client)
    assert client.get(f"/report/check/?draft={draft}")["Location"].startswith("/report/where/")
    assert send(client, draft).status_code == 400
    assert client.post("/report/check/", {"client_id": "no uuid", "do": "send"}).status_code == 400


def test_a_stranger_gets_no_receipt(client: Client, town: Town) -> None:
    draft = begin(client)
    place(client, draft)
    address = send(client, draft)["Location"]
    other = Client()
    assert other.get(address).status_code == 404
    other.force_login(town.stranger)
    assert other.get(address).status_code == 404
    assert client.get("/report/sent/nonsense/").status_code in (400, 404)


def test_old_drafts_are_forgotten(client: Client, town: Town) -> None:
    draft = begin(client)
    place(client, draft)
    send(client, draft)
    begin(client, "树枝挡住了窗户")
    now = timezone.now()
    forget(now + timedelta(days=2))
    assert [each.words for each in Draft.objects.all()] == ["树枝挡住了窗户"]
    forget(now + timedelta(days=31))
    assert not Draft.objects.exists()


def test_statements_stay_few(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client)
    place(client, draft)
    for address in (
        f"/report/?draft={draft}",
        f"/report/where/?draft={draft}",
        f"/report/check/?draft={draft}",
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 14, [each["sql"][:90] for each in asked]
