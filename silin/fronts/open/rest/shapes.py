"""What the REST API takes and gives, field by field: the OpenAPI document is made from this."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.functional_validators import AfterValidator

MOST = 2**31 - 1


def _sane(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2100:
        raise ValueError("year")
    return moment


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_sane),
    Field(description="With its offset, between 2000 and 2100.", examples=["2026-11-28T09:30:00+08:00"]),
]
Version = Annotated[int, Field(ge=0, le=MOST, description="Rises with everything that happens to it.")]
Number = Annotated[str, Field(description="Eight letters and digits, without dash.", examples=["K7QM3XZP"])]
Datum = Literal["WGS-84", "WGS84", "GCJ-02", "CGCS2000", "BD-09"]


class Said(Schema):
    """What is sent: nothing beside what is named here."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    code: str = Field(description="A short word for programs.", examples=["missing"])
    message: str = Field(description="Why not, in the language of Accept-Language.")
    field: str = Field(description="Which part of what was sent it is about; empty where none is.")


class Problem(Schema):
    """Every refusal looks like this."""

    error: Fault


class Point(Said):
    """A point on a map. GPS gives WGS-84, Chinese web maps GCJ-02, Baidu BD-09, surveyors CGCS2000."""

    lon: float = Field(ge=-180, le=180, description="Longitude in degrees.", examples=[107.1425])
    lat: float = Field(ge=-90, le=90, description="Latitude in degrees.", examples=[34.3661])
    datum: Datum = Field("WGS-84", description="Which map the point was read from.")


class Somebody(Said):
    """Whoever told of it; with a number they hear how it goes on, and can grade it."""

    phone: str = Field("", max_length=40, description="A mobile number of mainland China.")
    name: str = Field("", max_length=60, description="How to call them.")


class NewMatter(Said):
    """What is told of a new matter, and where it is: a point, a building or a place."""

    words: str = Field(description="What it is, in the words of whoever tells. 2000 characters at most.")
    category: str = Field("", max_length=40, description="Its code; left empty, the words decide.")
    title: str = Field("", max_length=200, description="Left empty, it is taken from the words.")
    point: Point | None = None
    building: int | None = Field(None, ge=1, le=MOST, description="The id of a building.")
    place: str = Field("", max_length=24, description="The code of a place.", examples=["610303006002"])
    spot: str = Field("", max_length=200, description="Which spot exactly; no door, please.")
    answers: dict[str, Any] | None = Field(None, description="To what the category asks, by key.")
    on_behalf_of: Somebody | None = Field(None, description="Only where the post of the key allows it.")
    name_withheld: bool = Field(False, description="Those who handle it do not read who it was.")
    uploads: list[str] = Field([], max_length=6, description="Receipts of photos uploaded before.")

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "words": "三号楼二单元楼道灯不亮，老人夜里看不见",
                    "category": "street_light",
                    "point": {"lon": 107.1425, "lat": 34.3661, "datum": "GCJ-02"},
                    "on_behalf_of": {"phone": "19900000002", "name": "陈桂兰"},
                }
            ]
        },
    )


class NewDeed(Said):
    """What is done with a matter."""

    action: str = Field(
        max_length=40, description="One of those that the matter offers.", examples=["accept"]
    )
    version: Version = Field(description="That of the matter when it was looked at.")
    words: str = Field("", description="What is said with it. 2000 characters at most.")
    fields: dict[str, Any] = Field({}, description="What else the action asks, by name.")


class NewReview(Said):
    """The grade that a raiser gives, by the secret of the link or slip that they were sent."""

    token: str = Field(max_length=60, description="The secret at the end of the link, or on the slip.")
    grade: int = Field(ge=1, le=5, description="5 very satisfied … 1 very dissatisfied (GB/T 39734).")
    words: str = Field("", description="Why, where they say so. 2000 characters at most.")
    tags: list[str] = Field([], max_length=30, description="What fits, by code.")


class Category(Schema):
    code: str
    name: str


class Question(Schema):
    """One question beside the words."""

    key: str
    type: str = Field(description="text, long_text, number, date, choice, choices or yes_no.")
    label: str
    required: bool = False
    choices: list[dict[str, str]] = []
    show_if: dict[str, Any] | None = Field(None, description="Asked only where an earlier answer is so.")


class CategoryTold(Category):
    """What a matter may be about."""

    group: str = Field(description="The name of the group it stands in.")
    handle_days: int = Field(description="In how many working days it is done.")
    questions: list[Question]


class Place(Schema):
    code: str = Field(examples=["610303006002"])
    name: str
    level: str = Field(description="city, county, street, community, grid or micro_grid.")


class PlaceTold(Place):
    """A place, what it lies in, and what lies in it."""

    parents: list[Place] = Field(description="From the city down.")
    children: list[Place] = Field(description="At most 200, by code.")


class Building(Schema):
    id: int
    name: str = Field(examples=["幸福里 5号楼"])
    grid: Place


class Step(Schema):
    """One thing that happened, as the key may read it."""

    action: str
    sentence: str
    at: datetime
    version: int
    words: str = ""
    photos: list[str] = Field([], description="Addresses at which the pictures are read with the same key.")


class Part(Schema):
    """The part of one body that was called to it."""

    post: str
    lead: bool
    state: str
    report_due: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None


class Blank(Schema):
    """What an action asks beside words."""

    name: str
    label: str
    required: bool
    type: str = Field(description="text, day, tick, choice, choices or photos (receipts of uploads).")
    choices: list[Category] = []


class Offer(Schema):
    """An action that may be done now."""

    action: str
    title: str
    needs_words: bool
    fields: list[Blank]


class MatterLine(Schema):
    """A matter in a list."""

    number: Number
    kind: str
    title: str
    category: Category
    state: str = Field(description="raised, assigned, in_hand, waiting, answered, closed or withdrawn.")
    outcome: str
    colour: str = Field(description="ok, soon or late.")
    place: Place
    channel: str
    raised_at: datetime
    handle_due: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    public: bool = Field(description="Whether a desk has released it for everybody.")
    version: int


class Raiser(Schema):
    name: str
    phone: str = Field(description="Covered but for its beginning and end.")


class MatterTold(MatterLine):
    """One matter, as far as the key may see it."""

    words: str
    spot: str
    building: str
    lon: float | None = Field(description="CGCS2000; empty where only the grid is told.")
    lat: float | None
    answers: list[dict[str, str]] = Field(description="What was asked beside the words: label and answer.")
    holder: str = Field(description="Whose hands it is in.")
    raiser: Raiser | None = Field(description="Only where the post of the key reads names.")
    steps: list[Step] = Field(description="The newest first.")
    parts: list[Part]
    actions: list[Offer] = Field(description="What the key may do now.")


class MatterPage(Schema):
    matters: list[MatterLine]
    next: str = Field(description="To be given as ``after``; empty on the last page.")


class Event(Schema):
    """A line of the book of deeds about a matter that the key may see."""

    number: Number
    action: str
    at: datetime
    before: str = Field(description="The state it was in; empty where it began.")
    after: str
    version: int


class Feed(Schema):
    events: list[Event] = Field(description="In the order in which they became visible to all.")
    next: str = Field(description="The bookmark to be given as ``after`` next time.")
    more: bool = Field(description="Whether to ask again at once.")


class Upload(Schema):
    id: str = Field(description="The receipt, good for a day.")
    type: str = Field(description="What the file really is.", examples=["image/jpeg"])
    size: int


class Reviewed(Schema):
    number: Number
    reviewed: bool


class Key(Schema):
    """What the key may do."""

    name: str
    kind: str = Field(description="The kind of post it comes in by.")
    place: Place
    scopes: list[str]
    per_minute: int
