"""A row of a paper register as tests enter it: 特殊, ten working days, from 25 March to 3 April 2026."""

from __future__ import annotations

from datetime import datetime

from cases.models import Case, Department, Hall, Matter
from cases.rules.classes import Channel, Difficulty, Outcome
from cases.services.numbers import next_number
from cases.services.register import PaperCase, Source, enter_from_register
from tests.conftest import MONDAY, SHANGHAI

MARCH = datetime(2026, 3, 25, 10, 15, tzinfo=SHANGHAI)
APRIL = datetime(2026, 4, 3, 11, 20, tzinfo=SHANGHAI)
SOURCE = Source("台账.csv", "ab" * 32, 7, {"序号": "7", "反映人": "孔先生", "备注": "本人来过三次"})


def paper_case() -> PaperCase:
    """A closed row of the sample city: 古桥派出所 leads, 莲塘村村民委员会 (which has no account) helps."""
    lead, co = (Department.objects.get(code=code).pk for code in ("P04", "V02"))
    return PaperCase(
        hall_id=Hall.objects.get(code="H01").pk,
        registered_at=MARCH,
        channel=Channel.COUNTER,
        name="孔先生",
        phone="13000000017",
        statement="女儿的户口一直挂在我弟弟那一户，想迁过来跟我。",
        difficulty=Difficulty.SPECIAL,
        lead_id=lead,
        co_ids=(co,),
        matter_id=Matter.objects.order_by("code").values_list("pk", flat=True).first(),
        handling="民警走访村委会和邻居，核实后办成。",
        outcome=Outcome.DONE,
        closed_at=APRIL,
        grade=4,
    )


def enter(paper: PaperCase, supervisor, source: Source = SOURCE, now: datetime = MONDAY) -> Case:
    """Enter a row at `now`."""
    number = next_number(day=paper.registered_at.date())
    return enter_from_register(paper, source, number=number, importer=supervisor, rule_version=1, now=now)
