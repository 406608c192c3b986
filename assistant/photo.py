"""A photo as it is kept: opened, turned upright, made smaller and written anew, so that nothing but the picture is left of the file."""

from __future__ import annotations

import io
import threading

from PIL import Image, ImageOps

MEDIA_TYPE = "image/jpeg"
MOST_BYTES = 10 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = 50_000_000  # what phones take; a file of a few kilobytes may claim more, to use up the memory
_LONGEST_SIDE = 3_000  # the small print of a document stays readable
_QUALITY = 88
_ONE = threading.Lock()


class NotAPhoto(Exception):
    """These bytes are no JPEG, PNG or WebP that can be opened, or one of too many pixels."""


def renewed(data: bytes) -> bytes:
    """The picture as a new JPEG without place, time, comments or anything behind it; what was see-through is white.

    Raises NotAPhoto. What a file is called and says that it is does not count, only what it is.
    """
    try:
        with _ONE, Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise NotAPhoto(NotAPhoto.__doc__)
            return _written(_upright(opened))
    except NotAPhoto:
        raise
    except Exception as error:  # decoders fed with broken files raise nearly anything
        raise NotAPhoto(NotAPhoto.__doc__) from error


def _upright(opened: Image.Image) -> Image.Image:
    opened.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return ImageOps.exif_transpose(opened)


def _written(picture: Image.Image) -> bytes:
    """A new picture is painted with this one: what the file said beside its pixels would be written along otherwise."""
    seen = picture.convert("RGBA")
    clean = Image.new("RGB", seen.size, "white")
    clean.paste(seen, mask=seen)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
