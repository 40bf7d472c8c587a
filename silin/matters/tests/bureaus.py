"""Two bureaus of the county, for the stories in which others are called."""

from __future__ import annotations

from datetime import timedelta

from silin.accounts.models import User
from silin.people.actions import add_post, appoint
from silin.people.models import Organisation, Post, Team
from tests.town import MONDAY, Town, person

DAY = timedelta(days=1)


class Bureaus:
    """Two county bureaus with a clerk each."""

    def __init__(self, town: Town) -> None:
        day = (MONDAY - 60 * DAY).date()
        self.light = Organisation.objects.create(
            name="东城区城管局", kind="bureau", place=town.county, active_from=day
        )
        self.water = Organisation.objects.create(
            name="东城区住建局", kind="bureau", place=town.county, active_from=day
        )
        self.posts: list[Post] = []
        self.clerks: list[User] = []
        for serial, body, name in ((1, self.light, "赵宏涛"), (2, self.water, "马建国")):
            post = add_post(
                "county_clerk",
                town.county,
                serial=serial,
                organisation=body,
                actor=None,
                now=MONDAY - 60 * DAY,
            )
            clerk = person(name)
            appoint(post, clerk, actor=None, now=MONDAY - 60 * DAY)
            self.posts.append(post)
            self.clerks.append(clerk)
        self.team = Team.objects.create(
            name="路灯维修班",
            kind="other",
            place=town.county,
            organisation=self.light,
            active_from=day,
        )
