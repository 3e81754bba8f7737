"""What a citizen has typed so far, sealed in the session; it survives reloads, the back button and 24 hours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from cases.services.drafts import DraftFile, drop_files, keep_file, open_draft, open_kept, seal_draft
from portal.models import DraftFile as DraftRow

KEY = "draft"


def read(request: HttpRequest) -> dict[str, Any]:
    """The draft of this session, empty when there is none."""
    sealed = request.session.get(KEY)
    return open_draft(sealed) if sealed else {}


def write(request: HttpRequest, draft: dict[str, Any]) -> None:
    """Keep the draft."""
    request.session[KEY] = seal_draft(draft)


def forget(request: HttpRequest) -> None:
    """Drop the draft and its files, once they are a case."""
    paths = [file.path for file in files_of(read(request))]
    drop_files(paths)
    DraftRow.objects.filter(path__in=paths).delete()
    request.session.pop(KEY, None)


def files_of(draft: dict[str, Any]) -> list[DraftFile]:
    """The files chosen so far."""
    return [DraftFile(*row) for row in draft.get("files", [])]


def add_file(draft: dict[str, Any], name: str, content: bytes, *, now: datetime) -> None:
    """Check one file and add it to the draft. Errors: BadInputError."""
    kept = keep_file(name, content, now=now)
    DraftRow.objects.create(path=kept.path, kept_at=now)
    draft["files"] = [*draft.get("files", []), list(kept)]


def remove_file(draft: dict[str, Any], uid: str) -> None:
    """Take one file out of the draft again."""
    gone = [file.path for file in files_of(draft) if file.uid == uid]
    drop_files(gone)
    DraftRow.objects.filter(path__in=gone).delete()
    draft["files"] = [list(file) for file in files_of(draft) if file.uid != uid]


def contents(draft: dict[str, Any]) -> tuple[tuple[str, bytes], ...]:
    """Name and content of each file, to become part of the case."""
    return tuple((file.name, open_kept(file)) for file in files_of(draft))
