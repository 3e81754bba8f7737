"""Who the people are and what they wrote: sealed rows under a key per case.

Erasing (依法删除) destroys the key and these rows; the timeline, which holds no personal data, still verifies.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case, Share
from cases.rules import words


class CaseKey(models.Model):
    """The data key of one case, wrapped by a key outside the database (`FIELD_KEYS`)."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="key")
    wrapped = models.CharField(max_length=200)


class Party(models.Model):
    """A person or organisation of a case: 反映人, 当事人 and 联系人 may be three people.

    Names and numbers are sealed; the `*_index` columns are keyed blind indexes that allow equality only.
    """

    PARTS = (("reporter", "反映人"), ("principal", "当事人"), ("contact", "联系人"))

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    part = models.CharField(max_length=10, choices=PARTS)
    is_organisation = models.BooleanField(default=False)
    relation = models.CharField(max_length=16, blank=True)  # to the principal: 本人, 子女, 员工, 代办机构 …
    notify_by = models.CharField(max_length=8, blank=True)  # sms, call, window
    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField(null=True)
    organisation_sealed = models.BinaryField(null=True)
    credit_code_sealed = models.BinaryField(null=True)  # 统一社会信用代码
    name_index = models.BinaryField(max_length=16, null=True)
    initials_index = models.BinaryField(max_length=16, null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    tail_index = models.BinaryField(max_length=16, null=True)
    organisation_index = models.BinaryField(max_length=16, null=True)
    credit_code_index = models.BinaryField(max_length=16, null=True)
    consented_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "part"], name="party_once"),)
        indexes = (
            models.Index(fields=["phone_index"], condition=Q(phone_index__isnull=False), name="party_phone"),
            models.Index(fields=["tail_index"], condition=Q(tail_index__isnull=False), name="party_tail"),
            models.Index(fields=["name_index"], condition=Q(name_index__isnull=False), name="party_name"),
            models.Index(
                fields=["initials_index"], condition=Q(initials_index__isnull=False), name="party_initials"
            ),
            models.Index(
                fields=["organisation_index"],
                condition=Q(organisation_index__isnull=False),
                name="party_organisation",
            ),
            models.Index(
                fields=["credit_code_index"], condition=Q(credit_code_index__isnull=False), name="party_code"
            ),
        )


class CaseText(models.Model):
    """Something a person wrote, sealed. The event of the same version carries its keyed digest."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="texts")
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="texts")
    purpose = models.CharField(max_length=16, choices=list(words.TEXTS.items()))
    version = models.PositiveIntegerField()  # of the event that it belongs to
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="texts")
    body_sealed = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["case", "version"], name="text_of_event"),)


class Attachment(models.Model):
    """A file of a case in private storage, sealed with the key of the case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="attachments")
    uid = models.UUIDField(unique=True)
    purpose = models.CharField(max_length=16)  # material, evidence, signed (签字件), stamped (盖章件) …
    path = models.CharField(max_length=120)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    name_sealed = models.BinaryField()
    version = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="attachments"
    )
    uploaded_at = models.DateTimeField()
