"""What a citizen has typed so far, sealed in the session; it survives reloads, the back button and a closed browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest

from cases.errors import BadInputError
from cases.services.drafts import DraftFile, drop_files, keep_file, open_draft, open_kept, seal_draft
from portal.models import DraftFile as DraftRow

KEY = "draft"
KEPT_FOR = timedelta(hours=24)  # in the session (pages.md A09)
FILES_KEPT_FOR = timedelta(days=2)  # longer than any session that could still want them
SWEPT_AT_ONCE = 50


@dataclass
class Draft:
    """What was typed on each page, which pages are answered, files, and the cautions already answered.

    A page keeps what was typed even when it was wrong; only `done` pages count as answers.
    """

    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    files: list[DraftFile] = field(default_factory=list)
    heeded: list[str] = field(default_factory=list)

    @property
    def answers(self) -> dict[str, str]:
        """The answers of all pages that are done."""
        return {name: value for slug in self.done for name, value in self.pages[slug].items()}

    @property
    def is_empty(self) -> bool:
        """Nothing was typed and nothing was chosen."""
        return not (self.files or any(value for page in self.pages.values() for value in page.values()))

    def keep(self, slug: str, typed: dict[str, str], *, done: bool) -> None:
        """Take what was typed on a page. A new statement is looked through again."""
        before = self.pages.get(slug, {})
        if slug == "problem" and typed != before:
            self.heeded = []
        self.pages[slug] = {**before, **typed}  # the elder page asks less and must not erase the rest
        self.done = [one for one in self.done if one != slug] + [slug] * done


def read(request: HttpRequest) -> Draft:
    """The draft of this session, empty when there is none."""
    sealed = request.session.get(KEY)
    values: dict[str, Any] = open_draft(sealed) if sealed else {}
    files = [DraftFile(*row) for row in values.get("files", [])]
    if not isinstance(values.get("pages"), dict):
        return Draft(files=files)
    return Draft(values["pages"], values["done"], files, values["heeded"])


def write(request: HttpRequest, draft: Draft) -> None:
    """Keep the draft; an anonymous session then lives long enough to come back to it."""
    request.session[KEY] = seal_draft(asdict(draft))
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)


def leave(request: HttpRequest) -> None:
    """Take the draft out of the session; its files are dropped separately, once that has been committed."""
    request.session.pop(KEY, None)
    if not request.user.is_authenticated:
        request.session.set_expiry(None)


def drop(files: Iterable[DraftFile]) -> None:
    """Delete files of a draft that was sent or given up."""
    paths = [file.path for file in files]
    drop_files(paths)
    DraftRow.objects.filter(path__in=paths).delete()


class HoldsFiles(Protocol):
    """Whatever files wait in: the draft of a filing, or the form of a later act."""

    files: list[DraftFile]


def take_files(form: forms.Form, uploads: Iterable[Any], draft: HoldsFiles, *, now: datetime) -> None:
    """Keep the files that can be kept; each other one becomes an error of the form with its reason."""
    sweep_files(now)
    for upload in uploads:
        try:
            add_file(draft, upload, now=now)
        except BadInputError as refused:
            form.add_error("files", refused.message)


def add_file(draft: HoldsFiles, upload: Any, *, now: datetime) -> None:
    """Check one upload and add it to the draft. Errors: BadInputError."""
    kept = keep_file(upload, draft.files, now=now)
    DraftRow.objects.create(path=kept.path, kept_at=now)
    draft.files.append(kept)


def remove_file(draft: HoldsFiles, uid: str) -> None:
    """Take one file out of the draft again."""
    drop(file for file in draft.files if file.uid == uid)
    draft.files = [file for file in draft.files if file.uid != uid]


def contents(draft: HoldsFiles) -> tuple[tuple[str, bytes], ...]:
    """Name and content of each file, to become part of the case. Errors: BadInputError when one is gone."""
    return tuple((file.name, open_kept(file)) for file in draft.files)


def sweep_files(now: datetime) -> int:
    """Delete files whose draft was given up; a few at a time, so that anybody may call it. Safe twice, safe late."""
    old = DraftRow.objects.filter(kept_at__lt=now - FILES_KEPT_FOR).order_by("kept_at")
    rows = list(old.values_list("pk", "path")[:SWEPT_AT_ONCE])
    drop_files([path for _, path in rows])
    DraftRow.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    return len(rows)
