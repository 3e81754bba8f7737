"""Uploaded pictures: decoded, turned upright, scaled down and written anew as JPEG; nothing of the original file stays.

Re-encoding is the protection: place of taking, hidden payloads and second formats in one file do not survive it.
Source: trust.md 7.3.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

MAX_PIXELS = 40_000_000
MAX_SIDE = 2560
QUALITY = 85

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# A picture above the limit is refused below, by its header; Pillow's warning would only repeat that in the log.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class UnreadableImageError(Exception):
    """The decoder could not read the picture."""


class TooManyPixelsError(Exception):
    """The picture would unpack to more than `MAX_PIXELS`."""


def clean_image(data: bytes, decoder: str) -> bytes:
    """Return the picture as a fresh JPEG without metadata. `decoder` is JPEG, PNG or WEBP; no other may try.

    Errors: UnreadableImageError, TooManyPixelsError.
    """
    try:
        with Image.open(BytesIO(data), formats=[decoder]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise TooManyPixelsError
            full = _plain_mode(picture)
            full.thumbnail((MAX_SIDE, MAX_SIDE))  # reads a large JPEG at reduced size
            return _encode(ImageOps.exif_transpose(full))
    except (TooManyPixelsError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixelsError from None
    except Exception as problem:  # decoders raise anything on hostile input
        raise UnreadableImageError(type(problem).__name__) from None


def _plain_mode(picture: Image.Image) -> Image.Image:
    """Bring palettes, bilevel scans and deep greys to a mode that scales smoothly."""
    if picture.mode in {"P", "PA"}:
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):  # 16 bits a pixel: keep the upper eight
        return picture.point(lambda value: value / 256).convert("L")
    return picture.convert("L") if picture.mode == "1" else picture


def _encode(picture: Image.Image) -> bytes:
    """Paint the picture on white into a new image, which carries no metadata, and encode that."""
    fresh = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        fresh.paste(layer, mask=layer.getchannel("A"))
    else:
        fresh.paste(picture.convert("RGB"))
    target = BytesIO()
    fresh.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
