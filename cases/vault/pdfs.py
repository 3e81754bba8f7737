"""Uploaded PDFs: opened, stripped of everything that acts, and rewritten, in a child process with hard limits.

A few hundred bytes of PDF can unpack to gigabytes; the child may use so much memory and time and no more, and a crash of
the parser costs one refused upload. `python -m cases.vault.pdfs` reads a PDF on stdin and writes the clean one to stdout;
its exit code says what was wrong. Source: trust.md 7.3.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path

MAX_PAGES = 50
MAX_MEMORY = 1024**3
MAX_SECONDS = 20
LOCKED, TOO_LONG, UNREADABLE = 10, 11, 12

_ACTIVE_KEYS = (
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
)
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
    }
    | {"/RichMediaExecute", "/SetOCGState", "/Hide", "/Named", "/URI"}
)
_ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})


class PdfRefusedError(Exception):
    """The PDF was refused; `reason` is LOCKED, TOO_LONG or UNREADABLE."""

    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_pdf(data: bytes) -> bytes:
    """Return the PDF without active content. Errors: PdfRefusedError."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "cases.vault.pdfs"],
            input=data,
            capture_output=True,
            timeout=MAX_SECONDS * 2,
            cwd=Path(__file__).resolve().parents[2],
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfRefusedError(UNREADABLE) from None
    if child.returncode:
        raise PdfRefusedError(child.returncode if child.returncode in {LOCKED, TOO_LONG} else UNREADABLE)
    return child.stdout


def _rewrite(data: bytes) -> bytes:
    """Do the work, inside the child."""
    import pikepdf  # noqa: PLC0415 -- only the child needs it

    try:
        document = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError:
        raise PdfRefusedError(LOCKED) from None
    with document:
        if document.is_encrypted:
            raise PdfRefusedError(LOCKED)
        if not 1 <= len(document.pages) <= MAX_PAGES:
            raise PdfRefusedError(TOO_LONG if len(document.pages) else UNREADABLE)
        for item in document.objects:
            _strip(item)
        del document.docinfo
        if "/Metadata" in document.Root:
            del document.Root["/Metadata"]
        target = BytesIO()
        document.save(target, linearize=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return target.getvalue()


def _strip(item: object) -> None:
    """Remove what acts from one object and from whatever is written inside it."""
    import pikepdf  # noqa: PLC0415

    waiting = [item]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            waiting += [part for part in current if not part.is_indirect]
        if not isinstance(current, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if (
            str(current.get("/S", "")) in _ACTIVE_ACTIONS
            or str(current.get("/Subtype", "")) in _ACTIVE_ANNOTATIONS
        ):
            doomed = [key for key in list(current.keys()) if key not in {"/Length", "/Rect", "/P"}]
        else:
            doomed = [key for key in _ACTIVE_KEYS if key in current]
        for key in doomed:
            del current[key]
        waiting += [
            part for _, part in current.items() if isinstance(part, pikepdf.Object) and not part.is_indirect
        ]


def main() -> int:
    """Run as the child: limits first, then stdin to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(_rewrite(sys.stdin.buffer.read()))
    except PdfRefusedError as refused:
        return refused.reason
    except Exception:  # the parser raises anything on hostile input; the parent knows only "unreadable"
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
