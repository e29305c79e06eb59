"""Files that are two things at once: a picture to one reader, a page or an archive to another."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from tests.make import jpeg_bytes, pdf_bytes, png_bytes

SCRIPT = b"<html><script>alert(document.domain)</script></html>"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def segment(mark: int, content: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(content) + 2) + content


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../evil.html", SCRIPT)
    return file.getvalue()


def progressive() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).convert("RGB").save(file, "JPEG", progressive=True)
    return file.getvalue()


def between_scans(content: bytes) -> bytes:
    """A comment where no decoder reads it as one: behind the first scan of a JPEG that has several."""
    picture = progressive()
    second = picture.rindex(b"\xff\xda")
    return picture[:second] + segment(0xFE, content) + picture[second:]


def polyglots() -> dict[str, bytes]:
    """All of them decode; none may be kept with what it hides."""
    png, jpeg = png_bytes(64, 48), jpeg_bytes(64, 48)
    header_end = 8 + 12 + 13
    jfif = jpeg.index(b"JFIF")
    thumbnail = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + SCRIPT)
    return {
        "png and html": png + SCRIPT,
        "png and zip": png + archive(),
        "png with a chunk of html": png[:header_end] + chunk(b"tEXt", b"Comment\0" + SCRIPT) + png[header_end:],
        "png with a chunk of its own": png[:header_end] + chunk(b"hTml", SCRIPT) + png[header_end:],
        "jpeg and html": jpeg + SCRIPT,
        "jpeg and html and an end": jpeg + SCRIPT + b"\xff\xd9",
        "jpeg and zip and an end": jpeg + archive() + b"\xff\xd9",
        "jpeg and another jpeg": jpeg + jpeg_bytes(8, 6)[:-2] + SCRIPT + b"\xff\xd9",
        "jpeg with a comment": jpeg[:2] + segment(0xFE, SCRIPT) + jpeg[2:],
        "jpeg with a page of its own": jpeg[:2] + segment(0xE7, SCRIPT) + jpeg[2:],
        "jpeg with a thumbnail": jpeg[:2] + thumbnail + jpeg[jfif + 14 :],
        "jpeg with a comment between its scans": between_scans(SCRIPT),
    }


def liars() -> dict[str, bytes]:
    """None of them is a file that we take, whatever it begins with or calls itself."""
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    return {
        "svg": svg,
        "html": SCRIPT,
        "gif and script": b"GIF89a/*" + SCRIPT + b"*/=1;",
        "gif and archive": b"GIF89a" + archive(),
        "bmp and script": b"BM" + SCRIPT,
        "archive": archive(),
        "png in name only": b"\x89PNG\r\n\x1a\n" + SCRIPT,
        "jpeg in name only": b"\xff\xd8\xff\xe0" + SCRIPT,
        "html before a png": SCRIPT + png_bytes(),
        "html before a pdf": SCRIPT + pdf_bytes(),
        "pdf in name only": b"%PDF-1.7\n" + SCRIPT,
        "xml with an entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>',
        "postscript": b"%!PS\n(/etc/passwd) (r) file",
        "mvg": b"push graphic-context\nimage over 0,0 0,0 'https://evil.test/x.png'\npop graphic-context",
        "windows program": b"MZ\x90\x00" + bytes(60),
        "script": b"#!/bin/sh\nid\n",
        "php": b"\xff\xd8\xff<?php system($_GET['c']); ?>",
    }
