"""What is kept of a photo: the picture alone, and of no file that is none."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from assistant.photo import NotAPhoto, renewed

HIDDEN = b"110101199003070071"


def picture(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Red on its left half, blue on its right, as they are told apart after any compression."""
    made = Image.new(mode, (width, height), "blue")
    ImageDraw.Draw(made).rectangle((0, 0, width // 2 - 1, height), fill="red")
    return made


def written(made: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    made.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def colour(seen: Image.Image, x: int, y: int) -> str:
    red, green, blue = seen.getpixel((x, y))  # type: ignore[misc]
    return "white" if min(red, green, blue) > 230 else "red" if red > 200 else "blue" if blue > 200 else "other"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def claims(width: int, height: int) -> bytes:
    """A PNG of some bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_the_same_picture_and_another_file(kind: str) -> None:
    before = written(picture(), kind)
    after = renewed(before)
    seen = opened(after)
    assert after != before
    assert (seen.format, seen.size, seen.mode) == ("JPEG", (320, 200), "RGB")
    assert (colour(seen, 80, 100), colour(seen, 240, 100)) == ("red", "blue")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_the_file_is_left_but_the_picture(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()  # description
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    options: dict[str, Any] = {"exif": exif, "xmp": b"<x>" + HIDDEN + b"</x>", "icc_profile": HIDDEN * 20}
    if kind == "JPEG":
        options["comment"] = HIDDEN
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", HIDDEN.decode())
        del options["xmp"]
    before = written(picture(), kind, **options) + HIDDEN
    assert HIDDEN in before
    assert opened(before).getexif()
    after = renewed(before)
    assert HIDDEN not in after
    assert not opened(after).getexif()
    assert set(opened(after).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_phone_held_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    seen = opened(renewed(written(picture(), "JPEG", exif=exif)))
    assert seen.size == (200, 320)
    assert (colour(seen, 100, 80), colour(seen, 100, 240)) == ("red", "blue")


def test_what_is_see_through_is_white() -> None:
    seen = opened(renewed(written(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG")))
    assert colour(seen, 25, 25) == "white"


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "RGBA", "LA"])
def test_other_ways_to_hold_colours(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(renewed(written(picture().convert(mode), kind))).mode == "RGB"


def test_only_the_first_frame_of_a_moving_picture_is_kept() -> None:
    frames = [Image.new("RGB", (40, 40), name) for name in ("red", "blue")]
    seen = opened(renewed(written(frames[0], "WEBP", save_all=True, append_images=frames[1:])))
    assert getattr(seen, "n_frames", 1) == 1
    assert colour(seen, 20, 20) == "red"


def test_a_large_photo_is_made_smaller() -> None:
    assert opened(renewed(written(picture(6000, 4000), "JPEG"))).size == (3000, 2000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0" + b"<html>" * 100,
        b"%PDF-1.7\n",
        written(picture(), "GIF"),
        written(picture(), "TIFF"),
        written(picture(), "BMP"),
        written(picture(), "JPEG")[:900],
        written(picture(), "PNG")[:200],
        written(picture(), "WEBP")[:100],
    ],
    ids=["nothing", "gif mark", "svg", "jpeg mark", "pdf", "gif", "tiff", "bmp", "half jpeg", "half png", "half webp"],
)
def test_what_is_no_photo_is_refused_whatever_it_says(data: bytes) -> None:
    with pytest.raises(NotAPhoto):
        renewed(data)


@pytest.mark.parametrize("size", [(7100, 7100), (12_000, 12_000), (60_000, 60_000)], ids=str)
def test_a_small_file_that_would_fill_the_memory_is_refused(size: tuple[int, int]) -> None:
    bomb = claims(*size)
    assert len(bomb) < 200
    with pytest.raises(NotAPhoto):
        renewed(bomb)


def test_a_text_that_swells_is_refused() -> None:
    swollen = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"0" * 200_000_000, 9))
    whole = written(picture(), "PNG")
    with pytest.raises(NotAPhoto):
        renewed(whole[:33] + swollen + whole[33:])
