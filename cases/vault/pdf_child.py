"""The child process that opens an uploaded PDF: reads it on stdin, writes the clean one to stdout, exits with a reason.

Run by pdfs.py as `python -m cases.vault.pdf_child`. It limits itself before it reads a byte.
"""

from __future__ import annotations

import resource
import sys
from io import BytesIO
from typing import Any

import pikepdf

MAX_PAGES = 50
MAX_MEMORY = 1024**3
MAX_SECONDS = 20
MAX_OUTPUT = 20 * 1024**2
LOCKED, TOO_LONG, UNREADABLE = 10, 11, 12  # exit codes

_ACTIVE_KEYS = frozenset(
    {
        "/OpenAction",
        "/AA",
        "/JS",
        "/JavaScript",
        "/Launch",
        "/EmbeddedFiles",
        "/EF",
        "/XFA",
        "/AF",
        "/Collection",
    }
)
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/URI",
        "/Rendition",
        "/Movie",
    }
    | {"/Sound", "/RichMediaExecute", "/SetOCGState", "/Hide", "/Named"}
)
_ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})


class RefusedError(Exception):
    """The PDF cannot be taken; carries the exit code."""


def rewrite(data: bytes) -> bytes:
    """Return the PDF without active content, attachments and metadata; only what is reachable is written.

    Errors: RefusedError, and whatever the parser raises.
    """
    try:
        document = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError:
        raise RefusedError(LOCKED) from None
    with document:
        if document.is_encrypted:
            raise RefusedError(LOCKED)
        if not 1 <= len(document.pages) <= MAX_PAGES:
            raise RefusedError(TOO_LONG if len(document.pages) else UNREADABLE)
        for item in document.objects:
            _strip(item)
        del document.docinfo
        if "/Metadata" in document.Root:
            del document.Root["/Metadata"]
        target = BytesIO()
        document.save(target, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    if target.tell() > MAX_OUTPUT:
        raise RefusedError(UNREADABLE)
    return target.getvalue()


def _strip(item: Any) -> None:
    """Disarm one object and whatever is written inside it."""
    waiting = [item]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            inside = list(current)
        elif isinstance(current, (pikepdf.Dictionary, pikepdf.Stream)):
            _disarm(current)
            inside = [part for _, part in current.items()]
        else:
            continue
        waiting += [part for part in inside if isinstance(part, pikepdf.Object) and not part.is_indirect]


def _disarm(entries: Any) -> None:
    """Empty an action or annotation that acts; take the acting entries out of anything else."""
    names = set(entries.keys())
    if (
        str(entries.get("/S", "")) in _ACTIVE_ACTIONS
        or str(entries.get("/Subtype", "")) in _ACTIVE_ANNOTATIONS
    ):
        doomed = names - {"/Length", "/Rect", "/P"}
    else:
        doomed = names & _ACTIVE_KEYS
    for key in doomed:
        del entries[key]


def main() -> int:
    """Limits first, then stdin to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(rewrite(sys.stdin.buffer.read()))
    except RefusedError as refused:
        return int(refused.args[0])
    except Exception:  # the parser raises anything on hostile input; the parent knows only "unreadable"
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
