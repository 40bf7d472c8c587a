"""Words that mean danger to life: then the emergency number comes first, and the report after it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words


@dataclass(frozen=True)
class Emergency:
    """A national emergency number and the words that call for it (parted by commas)."""

    number: str
    title: Words
    signs: str


EMERGENCIES = (
    Emergency(
        "119",
        _("Fire, gas, somebody trapped"),
        "着火,起火,火灾,失火,冒烟,浓烟,爆炸,漏气,煤气泄漏,燃气泄漏,天然气泄漏,困人,被困,困在电梯,"
        "on fire,smoke,gas leak,trapped,explosion",
    ),
    Emergency(
        "120",
        _("Somebody is badly hurt or ill"),
        "晕倒,昏倒,昏迷,流血,出血,没呼吸,喘不上气,心脏病,中风,触电,落水,溺水,摔伤,摔倒,中毒,"
        "unconscious,bleeding,not breathing,drowning",
    ),
    Emergency(
        "110",
        _("Violence, somebody in danger from others"),
        "打架,打人,持刀,拿刀,砍人,抢劫,跳楼,自杀,轻生,家暴,走丢,走失,knife,robbery,suicide",
    ),
)


def emergencies(words: str) -> list[Emergency]:
    """The numbers to call first, by what is said. A wrong one costs a line, a missing one perhaps a life."""
    plain = words.casefold()
    return [each for each in EMERGENCIES if any(sign in plain for sign in each.signs.split(","))]
