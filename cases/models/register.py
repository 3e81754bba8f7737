"""What the paper register (台账) said of a case that was entered from one, as the office wrote it."""

from __future__ import annotations

from django.db import models

from cases.models.case import Case


class RegisterEntry(models.Model):
    """One row of a register that became a case; `identity` (keyed) refuses the same row a second time, for ever.

    `cells` are all cells of the row as written, sealed under the case's key and gone with it; the rest is not personal.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="register_entry")
    identity = models.BinaryField(max_length=16, unique=True)
    source = models.CharField("文件名", max_length=120)
    sha256 = models.CharField(max_length=64)
    row = models.PositiveIntegerField("行")
    cells_sealed = models.BinaryField(null=True)
    entered_at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = verbose_name_plural = "台账行"
