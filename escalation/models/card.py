"""Card (牌): a fact once issued. Appeals come later; until then nothing about a card ever changes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.models.timeline import append_only
from cases.rules import words
from escalation.rules.cards import NUMBERED, Colour

COLOURS = [(colour.value, words.COLOURS[colour.value]) for colour in Colour]
# In one order, not a set's: migrations compare constraints.
_NUMBERED = [colour.value for colour in Colour if colour in NUMBERED]


class Card(models.Model):
    """One card to one unit, by the signal of one run of one obligation. It knows no clock row: those are rebuilt.

    `at` is the true instant, `recorded_at` when the sweep found it; `reopenings` how often the case had been taken up again.
    `evidence` is what `rules.cards.evidence` says. Yellow and red are numbered by colour and year of `at`: 〔2026〕黄第3号.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    share_id = models.BigIntegerField(null=True)
    obligation = models.CharField("环节", max_length=20)
    run = models.PositiveIntegerField()
    signal = models.CharField(max_length=10)
    colour = models.CharField("颜色", max_length=6, choices=COLOURS)
    department = models.ForeignKey(
        "cases.Department", models.PROTECT, null=True, related_name="+", verbose_name="部门", db_index=False
    )
    hall = models.ForeignKey(
        "cases.Hall", models.PROTECT, null=True, related_name="+", verbose_name="大厅", db_index=False
    )
    reopenings = models.PositiveSmallIntegerField()
    at = models.DateTimeField("亮牌时刻")
    recorded_at = models.DateTimeField("记录时间")
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    points = models.PositiveSmallIntegerField("分值")
    counted = models.BooleanField("计分")  # only under a package that carries the appraisal's basis
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    evidence = models.JSONField()

    class Meta:
        verbose_name = verbose_name_plural = "牌"
        constraints = (
            models.UniqueConstraint(
                fields=["case", "share_id", "obligation", "run", "signal"],
                nulls_distinct=False,
                name="card_once",
            ),
            models.UniqueConstraint(
                fields=["case", "reopenings", "colour", "department", "hall"],
                condition=Q(colour__in=_NUMBERED),
                nulls_distinct=False,
                name="card_one_deduction",
            ),
            models.UniqueConstraint(fields=["year", "colour", "number"], name="card_number"),
            models.CheckConstraint(
                condition=Q(department__isnull=False, hall__isnull=True)
                | Q(department__isnull=True, hall__isnull=False),
                name="card_to_one_unit",
            ),
            models.CheckConstraint(
                condition=Q(colour=Colour.BLUE.value, year__isnull=True, number__isnull=True)
                | Q(colour__in=_NUMBERED, year__isnull=False, number__isnull=False),
                name="card_numbered_by_colour",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | Q(colour=Colour.RED.value),
                name="card_red_supersedes",
            ),
        )
        indexes = (
            models.Index(fields=["colour", "-id"], name="card_by_colour"),
            models.Index(
                fields=["case"],
                include=["id", "reopenings", "colour", "department"],
                condition=Q(colour__in=_NUMBERED),
                name="card_numbered_of_case",
            ),
            models.Index(fields=["department", "-id"], name="card_of_department"),
            models.Index(fields=["hall", "-id"], name="card_of_hall"),
        )
        triggers = append_only("card")


class CardSerial(models.Model):
    """The last number given out in a year and colour; a batch takes all of its numbers in one update, without holes."""

    year = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=6, choices=COLOURS)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["year", "colour"], name="card_serial_once"),)
