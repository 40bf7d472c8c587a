"""What each action does to the model of ``model.py``; a refusal is ``No`` with the engine's code."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from silin.matters.tests.model import (
    CALLS,
    CHIEF,
    DAY,
    OPEN,
    REACH,
    RUNNING,
    Call,
    Model,
    No,
    after_days,
    after_seconds,
    works,
)

ARBITRATED, ARBITRATION = "arbitrated", "arbitration"


@dataclass
class Deeds(Model):
    """The model with everything that may be done to it."""

    def end_of(self, day: date) -> datetime:
        moment = datetime.combine(day, time(18), self.now.tzinfo)
        if not works(moment):
            raise No("day_off")
        return moment

    def do_accept(self, who: str) -> None:
        self.responded, self.state = self.now, "in_hand"
        self.lead_is("accepted")

    def do_contact(self, who: str) -> None:
        self.facts["contacted"] += not self.contacted
        self.contacted = True

    def do_return(self, who: str) -> None:
        if self.rule == ARBITRATED:
            raise No("arbitrated")
        self.returns += 1
        desk = CHIEF.get(self.holder or "", "li")
        higher = CHIEF.get(desk)
        last = self.returns >= 3 and higher is not None
        self.holder, self.rule = (higher, ARBITRATION) if last else (desk, "returned")
        self.lead_is("returned")
        self.responded, self.contacted, self.held_since = None, False, self.now
        self.respond()
        self.state = "raised"
        self.facts["returned"] += 1

    def do_pause(self, who: str) -> None:
        self.stopped, self.state = (self.now, True), "waiting"
        self.times["waiting"] = self.now + 14 * DAY

    def do_resume(self, who: str) -> None:
        self.goes_on()
        self.state = "in_hand"

    def do_ask(self, who: str, until: date) -> None:
        if self.asked:
            raise No("asked")
        if until <= self.now.date():
            raise No("too_early")
        self.asked = "extend"

    def do_answer(self, who: str, photo: bool = False) -> None:
        if any(call.runs and not call.lead for call in self.calls):
            raise No("others")
        if self.proof and not photo:
            raise No("needs_photo")
        if self.out_of_time():
            self.runs_late()
        self.answered, self.handler, self.outcome = self.now, who, "fixed"
        self.lead_is("done")
        self.times["verify"] = self.now + 7 * DAY
        self.state = "answered"
        self.facts["answered"] += 1

    def do_escalate(self, who: str) -> None:
        if not self.climbs():
            raise No("at_the_top")

    def do_triage(self, who: str, category: str = "", not_accepted: bool = False) -> None:
        if not_accepted:
            self.outcome = "not_accepted"
            self.ends()
        elif category and category != self.category:
            self.category = category
            self.counts_category()

    def counts_category(self) -> None:
        """A new limit counts from the start, with pauses and given time: told by the deeds, not by rows."""
        if self.clock_from == self.raised:
            self.times["handle"] = None
            self.handling(self.raised, self.limits[self.category][1])
            for what, *said in self.story:
                if what == "stood":
                    self.shift(said[0], ("handle", "warn"))
                elif what == "given" and said[1] >= self.times["handle"]:
                    self.times["handle"], self.times["warn"] = said[1], self.warning(said[0], said[1])
        if self.responded is None:
            self.respond()

    def shift(self, seconds: int, names: tuple[str, ...]) -> None:
        for name in names:
            due = self.times[name]
            self.times[name] = due and after_seconds(due, seconds)

    def do_dispatch(self, who: str, to: str) -> None:
        if to not in REACH.get(who, {to}):
            raise No("not_found")
        self.sent(who, "desk")
        self.holder = to

    def do_whistle(self, who: str, to: list[str]) -> None:
        if self.rule == ARBITRATION and self.holder and who != self.holder and not self.above(who):
            raise No(ARBITRATION)
        if not CALLS[who].issuperset(to):
            raise No("not_found")
        self.sent(who, "whistle")
        due = after_seconds(self.now, 4 * 3600)
        self.calls += [Call(each, who, each == to[0], due) for each in dict.fromkeys(to)]
        self.holder = to[0]
        self.whistled += len(dict.fromkeys(to))

    def do_take_back(self, who: str) -> None:
        assert self.undo is not None
        _who, at, before = self.undo
        if self.now >= at + timedelta(seconds=10):
            raise No("told")
        vars(self).update(deepcopy(vars(before)) | {"now": self.now})

    def do_report_in(self, who: str) -> None:
        self.mine(who).arrived = True
        self.facts["reported_in"] += 1

    def do_take_part(self, who: str) -> None:
        self.mine(who).state = "accepted"

    def do_finish(self, who: str) -> None:
        self.mine(who).state = "done"

    def do_step_back(self, who: str) -> None:
        self.mine(who).state = "returned"
        self.facts["returned"] += 1

    def do_waive(self, who: str, of: str) -> None:
        call = self.beside(of)
        if call is None:
            raise No("ended")
        call.state = "waived"

    def do_hand_on(self, who: str) -> None:
        raise No("not_found")  # nobody in this town has a team

    def do_rate(self, who: str, nth: int) -> None:
        if nth >= len(self.calls) or self.calls[nth].rated:
            raise No("rated")
        self.calls[nth].rated = True
        self.facts["rated"] += 1

    def do_extend(self, who: str, until: date) -> None:
        due, present = self.end_of(until), self.times["handle"] or self.now
        if self.colour == "late" or self.out_of_time():
            raise No("late")
        if due <= max(present, self.now):
            raise No("too_early")
        if until > after_days(present, self.limits[self.category][1]).date():
            raise No("too_late")
        self.times["handle"], self.times["warn"] = due, self.warning(self.now, due)
        self.colour, self.asked = "ok", ""
        self.story.append(("given", self.now, due))

    def do_defer(self, who: str, until: date) -> None:
        if not self.now.date() < until <= self.now.date() + 92 * DAY:
            raise No("bad_day")
        self.stopped, self.state, self.deferred = (self.now, False), "waiting", True
        self.times["waiting"] = datetime.combine(until, time(8), self.now.tzinfo)
        self.facts["deferred"] += 1

    def do_decline(self, who: str) -> None:
        self.asked = ""

    def do_urge(self, who: str) -> None:
        if who in self.urged and self.urged[who] > self.now - DAY:
            raise No("too_soon")
        self.urged[who] = self.now

    def do_supervise(self, who: str, until: date) -> None:
        if self.supervised_by is not None:
            raise No("supervised")
        due = self.end_of(until)
        if due <= self.now:
            raise No("too_early")
        self.supervised_by, self.times["reply"] = who, due
        self.facts["supervised"] += 1

    def do_reply(self, who: str) -> None:
        self.times["reply"] = None

    def do_lift(self, who: str) -> None:
        self.supervised_by = self.times["reply"] = None

    def do_verify(self, who: str) -> None:
        self.facts["verified"] += 1
        self.ends()

    def do_reject(self, who: str) -> None:
        self.answered, self.outcome, self.times["verify"] = None, "", None
        self.handling(self.now, 1)
        below = self.joined or self.holder
        if self.colour == "late" and below in CHIEF:
            self.times["escalate"] = after_days(self.now, 2)
        self.facts["verified"] += 1
        self.state = "in_hand"

    def do_close(self, who: str) -> None:
        if self.state != "answered":
            self.outcome = "advised"
        self.ends()

    def do_review(self, who: str) -> None:
        if self.reviewed or not self.graded:
            raise No("reviewed")
        self.reviewed = True
        self.facts["reviewed"] += 1

    def do_call_back(self, who: str) -> None:
        self.do_review(who)

    def do_reopen(self, who: str) -> None:
        if self.closed is None or self.now > self.closed + 30 * DAY:
            raise No("too_late")
        self.opens_again()

    def do_look_back(self, who: str, held: bool) -> None:
        self.facts["looked_back"] += 1
        if not held:
            self.opens_again()

    def do_withdraw(self, who: str) -> None:
        self.outcome, self.closed, self.state = "cancelled", self.now, "withdrawn"
        for call in self.calls:
            call.state = "waived" if call.runs else call.state

    def do_comment(self, who: str) -> None:
        """A word changes nothing."""

    do_release = do_slip = do_open_link = do_comment

    def mine(self, who: str) -> Call:
        call = self.call_of(who)
        assert call is not None
        return call

    def tick(self) -> bool:
        """One turn of the clock; whether it did something."""
        due = self.next_due()
        if due is None or due >= self.now:
            return False
        self.by_clock()
        self.undo = None
        self.over()
        return True

    def by_clock(self) -> None:
        reply, report = self.times["reply"], self.times["report"]
        if reply is not None and reply < self.now and self.state in OPEN:
            self.times["reply"] = None
        elif report is not None and report < self.now:
            for call in self.calls:
                call.warned |= call.runs and not call.arrived and call.due < self.now
        elif self.state == "answered":
            self.ends()
        elif self.state == "waiting":
            self.do_resume("")
        elif self.colour == "late":
            self.climbs()
        elif self.out_of_time():
            self.runs_late()
            self.climbs()
        elif self.state in RUNNING:
            self.colour = "warn"
            self.facts["warned"] += 1

    def shown(self) -> dict[str, Any]:
        """What can be compared with a row."""
        names = "state holder joined handler outcome colour asked deferred supervised_by returns reopens"
        said: dict[str, Any] = {name: getattr(self, name) for name in names.split()}
        said |= {name: getattr(self, name) for name in ("whistled", "category", "clock_from")}
        said |= {f"{name}_due": due for name, due in self.times.items()}
        said["calls"] = sorted((call.who, call.lead, call.state, call.arrived) for call in self.calls)
        said["facts"] = {name: n for name, n in sorted(self.facts.items()) if n}
        return said | {"next_due": self.next_due()}
