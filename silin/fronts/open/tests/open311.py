"""What the tests of Open311 share: systems with keys, and a program that speaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from django.test import Client

from silin.people.clients import AboutClient, make_client
from silin.people.models import Organisation
from silin.places.models import Place
from tests.town import MONDAY

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

V2 = "/open311/v2"


class Program:
    """A program of others: it knows the address, and a key where it was given one."""

    def __init__(self, key: str = "", **client: Any) -> None:
        self.key, self.client = key, Client(**client)

    def ask(self, call: str, form: str = "json", **asked: Any) -> Answered:
        """One call by GET, with the key where there is one."""
        key = {"api_key": self.key} if self.key else {}
        return self.client.get(f"{V2}/{call}.{form}", key | asked)

    def read(self, call: str, **asked: Any) -> Any:
        """What a call by GET says, as JSON."""
        answer = self.ask(call, **asked)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, call: str = "requests", form: str = "json", /, **sent: Any) -> Answered:
        """One call by POST."""
        headers = sent.pop("headers", {})
        said = {"api_key": self.key} | sent
        return self.client.post(f"{V2}/{call}.{form}", said, headers=headers)

    def report(self, **sent: Any) -> str:
        """Put something down; gives its number."""
        answer = self.send(**sent)
        assert answer.status_code == 200, answer.content
        return str(answer.json()[0]["service_request_id"])


def app_at(place: Place, *scopes: str, name: str = "芝加哥的应用") -> Program:
    """An app that may put things down for others at ``place``."""
    about = AboutClient(name, "public_app", place, scopes or ("read", "raise"))
    return Program(make_client(about, actor=None, now=MONDAY)[1])


def system_of(body: Organisation, *scopes: str) -> Program:
    """The system of a bureau."""
    place = body.place
    assert place is not None
    about = AboutClient(f"{body.name}系统", "bureau_system", place, scopes or ("read", "act"), body)
    return Program(make_client(about, actor=None, now=MONDAY)[1])


def as_told(element: ElementTree.Element) -> Any:
    """What an XML answer says, in the words of JSON: lists by the name of their items."""
    items = {"services", "service_requests", "service_request_updates", "errors", "endpoints", "formats"}
    items |= {"attributes", "values", "notes"}
    if element.tag in items:
        return [as_told(each) for each in element]
    if len(element):
        return {each.tag: as_told(each) for each in element}
    return element.text
