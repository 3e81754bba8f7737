"""The sentences of an explanation in both voices (为什么是这一天). Sources named in them: 民法典 201, 203; 行政许可法 32(四)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from cases.rules import words
from escalation.rules.calendar import DayKind, WorkCalendar
from escalation.rules.deadlines import Deadline, Limit
from escalation.rules.explain_steps import Source, Voice, day_text, moment_text, short_span
from escalation.rules.hours import CHINA
from escalation.rules.pauses import Pause
from escalation.rules.stages import Extension, Reclassification

FESTIVALS = ("节", "元旦")


class PauseStory(NamedTuple):
    """What the timeline says of one suspension beyond its days: its planned end, when it really ended, who is waited for.

    `cause` is the sentence about an outside cause (外部原因) that many cases wait for, empty when there is none.
    """

    planned_end: date
    ended_on: date | None = None
    cause: str = ""


class Tongue(NamedTuple):
    """One voice, with what it may tell of suspensions and of where the calendar comes from."""

    voice: Voice
    stories: Mapping[int, PauseStory] = {}
    source: Source = Source()

    @property
    def is_plain(self) -> bool:
        """Whether the reporter reads it."""
        return self.voice is Voice.CITIZEN

    def received(self, at: datetime, limit: Limit) -> str:
        """From when, and how much."""
        if self.is_plain:
            return f"从{moment_text(at)}算起，时限是{' ' * limit.text[0].isdecimal()}{limit.text}。"
        return f"{moment_text(at)} 开始，时限{' ' * limit.text[0].isdecimal()}{limit.text}。"

    def accepted_late(self) -> str:
        """Why counting starts at registration (视为受理)."""
        if self.is_plain:
            return "没有在规定的时间里决定是否受理，所以从登记的时候算起。"
        return "登记后未在时限内决定是否受理，按登记之时视为受理（参照行政许可法第三十二条第四项）。"

    def deemed(self, received_on: date, counted_from: date) -> str:
        """A submission on a rest day."""
        return f"{day_text(received_on)}是休息日，视为{day_text(counted_from)}收到。"

    def zero(self, day: date) -> str:
        """Day zero."""
        if self.is_plain:
            return f"{day_text(day)}当天不算，从下一个工作日数起。"
        return f"{day_text(day)}当日不计入（民法典第二百零一条）。"

    def skipped(self, day: date, name: str) -> str:
        """A day off, with its name and, for staff, the document of a local one."""
        if name.startswith("周"):
            name = "周末"
        elif self.is_plain:
            name = name.removesuffix("（法定）")
            name = f"{name}放假" if name.endswith(FESTIVALS) else name
        elif day in self.source.days:
            name = f"{name}（{self.source.days[day]}）"
        return f"{day_text(day)}{name}，{'不算' if self.is_plain else '不计'}。"

    def counted(self, day: date, kind: DayKind, number: int, remark: str = "") -> str:
        """A working day that counts."""
        name = f"{kind.name}，" if kind.name else ""
        return f"{day_text(day)}{name}第 {number} 个工作日{'，' if remark else ''}{remark}。"

    def used(self) -> str:
        """The day on which time begins to stand still."""
        return "这天已经算" if self.is_plain else "当日已用"

    def stood_still(self, day: date) -> str:
        """One day of a short suspension."""
        return f"{day_text(day)}暂停，不算。" if self.is_plain else f"{day_text(day)}中止计时，不计。"

    def paused(self, pause: Pause, lost: int) -> str:
        """A suspension: why, since when, until when, how many working days of this limit it takes away."""
        span, story = short_span(pause.from_on, pause.until_on), self.stories.get(pause.of)
        if self.is_plain:
            why = words.CITIZEN_SUSPENSION_REASONS.get(pause.reason, "")
            told = f"{story.cause.rstrip('。')}。" if story and story.cause else ""
            return f"{told}{why}{'，' if why else ''}{span}暂停计算，其中 {lost} 个工作日不算。"
        why = words.SUSPENSION_REASONS.get(pause.reason, "")
        told = f"（{story.cause.rstrip('。')}）" if story and story.cause else ""
        return (
            f"{span}中止计时{'：' if why else ''}{why}{told}。{self._end(pause, story)}"
            f"起日已用，结束当日不计，其间 {lost} 个工作日不计。"
        )

    @staticmethod
    def _end(pause: Pause, story: PauseStory | None) -> str:
        """Planned or real: a suspension ends at the earlier of both."""
        if story is None:
            return ""
        if story.ended_on is None:
            return f"计划至{day_text(story.planned_end)}。"
        if story.ended_on < story.planned_end:
            return f"计划至{day_text(story.planned_end)}，实际{day_text(pause.until_on)}结束。"
        return f"{day_text(pause.until_on)}按计划结束。"

    def extended(self, extension: Extension, total: str) -> str:
        """An extension, and the limit with it."""
        on = day_text(extension.recorded_at.astimezone(CHINA).date())
        verb = "决定延长" if self.is_plain else "延期"
        return f"{on}{verb} {extension.days} 个工作日{total}。"

    def reclassified(self, change: Reclassification) -> str:
        """Another class: the new limit counts from the original start (policy.md F2)."""
        on, both = (
            day_text(change.recorded_at.astimezone(CHINA).date()),
            f"由 {change.before.text}改为 {change.after.text}",
        )
        if self.is_plain:
            return f"{on}按这件事的难易重新定了时限，{both}，仍从原来的起点算。"
        return f"{on}改定难度，时限{both}，从原起点计算。"

    def left(self, day: date, *, after_pause: bool) -> str:
        """The day that is left although the count is full (rules/pauses.py, rules/stages.py)."""
        if self.is_plain:
            why = (
                "暂停在最后一天开始，结束后再留一个工作日" if after_pause else "至少留到改动后的下一个工作日"
            )
        else:
            why = (
                "中止从最后一日开始，恢复后留一个工作日"
                if after_pause
                else "改动时已无剩余，至少留到次一工作日"
            )
        return f"{day_text(day)}{why}。"

    def due(self, due_at: datetime, reason: str) -> str:
        """The due moment; `reason` is for staff and for what closing time does not explain."""
        if self.is_plain:
            return f"所以最晚是{moment_text(due_at)}。"
        return f"{moment_text(due_at)} 到期，{reason}。"

    def provisional(self, received_on: date, due: Deadline, calendar: WorkCalendar) -> str:
        """Years without a notice."""
        years = range(received_on.year, due.due_at.astimezone(CHINA).year + 1)
        missing = "、".join(f"{year}年" for year in years if year not in calendar.noticed_years)
        whom = "您" if self.is_plain else "反映人"
        return f"{missing}的放假安排尚未公布，暂按法定节假日和周末推算；公布后重新计算，并告知{whom}。"

    def versions(self, first: int, last: int, calendar: WorkCalendar, rule_version: int | None) -> str:
        """Under what it was computed; the reporter hears only whose holidays these are. May be empty."""
        found = [year for year in range(first, last + 1) if year in self.source.notices]
        if self.is_plain:
            years = "、".join(
                f"{year}年" for year in range(first, last + 1) if year in calendar.noticed_years
            )
            return f"放假和调休按国务院办公厅公布的{years}安排。" if years else ""
        named = "，".join(f"{year}年：{self.source.notices[year]}" for year in found)
        rules = f"、规则第 {rule_version} 版" if rule_version is not None else ""
        return f"按工作日历第 {calendar.number} 版{f'（{named}）' if named else ''}{rules}计算。"
