"""What a picture must be, and what is left of it."""

import random
import zlib

import pytest
from PIL import Image

from csts.attachments.pictures import MAX_PIXELS, MAX_SCANS, NotAPicture, Picture, TooManyPixels, read_picture
from csts.attachments.refusals import MAX_BYTES
from tests.attachments import files


def read(data: bytes) -> Picture:
    return read_picture(data, max_bytes=MAX_BYTES)


@pytest.mark.parametrize(
    "kind,mode",
    [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")]
    + [("JPEG", mode) for mode in ("L", "RGB", "CMYK")],
)
def test_a_picture_without_metadata_keeps_its_very_bytes(kind: str, mode: str) -> None:
    image = Image.new(mode, (12, 8))
    data = files.saved(image, kind)

    assert read(data) == Picture(data, f"image/{kind.lower()}", 12, 8)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_place_where_it_was_taken_is_gone(kind: str) -> None:
    data = files.picture(kind, exif=files.located())
    assert files.opened(data).getexif().get_ifd(34853)

    kept = read(data).data

    assert not files.opened(kept).getexif()
    assert b"Pocket" not in kept


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_was_taken_sideways_is_stored_upright(kind: str) -> None:
    kept = read(files.picture(kind, (160, 80), exif=files.located(orientation=6)))

    assert (kept.width, kept.height) == (80, 160)
    upright = files.opened(kept.data).convert("L")
    assert upright.size == (80, 160)
    assert upright.tobytes()[0] < 60
    assert upright.tobytes()[-1] > 180
    assert not files.opened(kept.data).getexif()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_colour_profile_stays(kind: str) -> None:
    data = files.picture(kind, icc_profile=b"a profile", exif=files.located(orientation=3))

    assert files.opened(read(data).data).info["icc_profile"] == b"a profile"


def test_texts_in_a_png_are_left_out_and_its_pixels_are_the_same() -> None:
    data = files.png_with_texts()

    kept = read(data)

    assert b"home" not in kept.data
    assert b"48,12N" not in kept.data
    assert files.opened(kept.data).tobytes() == files.opened(data).tobytes()


def test_a_comment_in_a_jpeg_is_left_out() -> None:
    kept = read(files.picture("JPEG", comment=b"taken at home"))

    assert b"home" not in kept.data


def test_only_the_first_of_a_phones_two_pictures_is_kept() -> None:
    kept = read(files.two_frames())

    assert kept.file_type == "image/jpeg"
    assert files.opened(kept.data).format == "JPEG"
    assert b"Pocket" not in kept.data


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_is_hidden_behind_the_picture_is_cut_off(kind: str) -> None:
    kept = read(files.picture(kind) + b"<script>alert(1)</script>PK\x03\x04")

    assert b"script" not in kept.data


def test_an_animation_becomes_its_first_picture() -> None:
    frames = [Image.new("RGB", (12, 8), colour) for colour in ("red", "blue")]
    data = files.saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert b"acTL" in data

    kept = files.opened(read(data).data)

    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_a_photo_that_grows_without_its_metadata_is_saved_smaller() -> None:
    data = files.noise("JPEG", 600, quality=95, exif=files.located())
    limit = len(data) - 50_000

    assert len(read_picture(data, max_bytes=limit).data) <= limit


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_of_pictures_are_refused(kind: str) -> None:
    with pytest.raises(NotAPicture):
        read(files.picture(kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
def test_a_truncated_picture_is_refused(kind: str, part: float) -> None:
    data = files.noise(kind, 64)

    with pytest.raises(NotAPicture):
        read(data[: int(len(data) * part)])


def test_a_png_with_a_wrong_checksum_is_refused() -> None:
    data = bytearray(files.picture("PNG"))
    data[29] ^= 0xFF

    with pytest.raises(NotAPicture):
        read(bytes(data))


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 10_000), (MAX_PIXELS + 1, 1)])
def test_a_small_file_that_claims_to_be_huge_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(TooManyPixels):
        read(files.png_claiming(*size))


@pytest.mark.parametrize("name,head", [(b"zTXt", b"a\0\0"), (b"iCCP", b"a\0\0"), (b"iTXt", b"a\0\1\0\0\0")])
def test_a_bomb_in_a_compressed_text_is_refused(name: bytes, head: bytes) -> None:
    bomb = zlib.compress(bytes(100_000_000), 9)

    with pytest.raises(NotAPicture):
        read(files.with_chunk(files.picture("PNG"), name, head + bomb))


def test_pixels_that_inflate_beyond_the_picture_do_no_harm() -> None:
    kept = read(files.png_claiming(4, 4))

    assert files.opened(kept.data).size == (4, 4)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow grumbles about broken EXIF
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_whatever_is_broken_is_either_read_or_refused(kind: str) -> None:
    chance = random.Random(11)
    whole = files.picture(kind, (40, 30), exif=files.located(orientation=6))
    for _ in range(400):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            kept = read(bytes(broken))
        except NotAPicture:
            continue
        assert files.opened(kept.data).size == (kept.width, kept.height)


def test_a_picture_of_a_thousand_scans_is_refused_unread() -> None:
    """Each goes over all pixels again: four megabytes of empty ones kept a core busy for most of an hour."""
    ordinary = files.saved(Image.new("L", (64, 64), 128), "JPEG", progressive=True)
    scan = ordinary[ordinary.rindex(b"\xff\xda") : -2]
    assert read(ordinary).width == 64
    assert read(ordinary[:-2] + 40 * scan + ordinary[-2:]).width == 64

    with pytest.raises(NotAPicture):
        read(ordinary[:-2] + MAX_SCANS * scan + ordinary[-2:])
