"""Whose number the department may dial: while the first contact is owed it is shown with its purpose preset, and logged."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cases.rules.flow import Act
from cases.selectors.content import ClearPerson
from cases.services.revealing import reveal_contact
from portal.acts import ActPage
from portal.desk.own import OwnPart


def owed_people(act: ActPage, part: OwnPart | None) -> Collection[ClearPerson]:
    """The people of the case in clear for whoever owes them a first contact (users.md 1); nobody for everybody else.

    They are looked up when a page really shows them: each showing is one entry of the access log, purpose 联系群众, as
    with a reason given by hand, and a form that is carried out shows nobody.
    """
    return SimpleLazyObject(lambda: _revealed(act, part))


def _revealed(act: ActPage, part: OwnPart | None) -> list[ClearPerson]:
    if part is None or not part.owes_contact or act.page.refusal_of(Act.CONTACT):
        return []
    return reveal_contact(number=act.number, purpose="contact", actor=act.actor, now=timezone.now())
