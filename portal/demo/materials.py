"""Photographs and papers that people of the sample city hand in: drawn here, so that nobody's real papers are shown."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from cases.services.content import File

PAPER, INK, STAMP, TABLE = (247, 245, 238), (92, 96, 104), (188, 52, 44), (126, 108, 92)
SIZE = (720, 960)


def file_of(described: str) -> File:
    """Return name and content of `photo 户口簿.jpg` or `pdf 翻译件.pdf`; the same name is the same file."""
    kind, _, name = described.partition(" ")
    return name, _content(kind, name)


@lru_cache(maxsize=64)
def _content(kind: str, name: str) -> bytes:
    page, out = _page(Random(name)), BytesIO()  # noqa: S311 - a picture, no secret
    if kind == "pdf":
        page.save(out, "PDF", resolution=90)
    else:
        page.rotate(Random(name).uniform(-4, 4), fillcolor=TABLE).save(out, "JPEG", quality=78)  # noqa: S311
    return out.getvalue()


def _page(chance: Random) -> Image.Image:
    """A sheet on a table: a heading, lines of writing nobody can read, a stamp."""
    picture = Image.new("RGB", SIZE, TABLE)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((50, 50, 670, 910), fill=PAPER)
    draw.rectangle((230, 110, 490, 138), fill=INK)
    for top in range(200, 740, 44):
        left = 110
        while left < 560:
            width = chance.randint(24, 120)
            draw.rectangle((left, top, min(left + width, 610), top + 13), fill=INK)
            left += width + 16
    x, y = chance.randint(420, 500), chance.randint(700, 760)
    draw.ellipse((x - 70, y - 70, x + 70, y + 70), outline=STAMP, width=7)
    draw.regular_polygon((x, y, 24), 5, fill=STAMP)
    return picture.filter(ImageFilter.GaussianBlur(1.4))
