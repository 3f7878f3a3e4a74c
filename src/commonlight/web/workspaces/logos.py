"""A logo as PNG: checked chunk by chunk, and kept without anything that is not picture."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator

from django.utils.translation import gettext as _

__all__ = ["LARGEST", "LogoError", "as_data_address"]

LARGEST = 100_000
"""Bytes of a file that is taken."""

WIDEST, HIGHEST = 1200, 400
SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class LogoError(ValueError):
    """A file cannot be used as logo; the sentence says why."""


def as_data_address(content: bytes) -> str:
    """The picture as an address that holds its content; comments and places are left out.

    Raises
    ------
    LogoError
        If it is no whole PNG picture, or too large.
    """
    if len(content) > LARGEST:
        raise LogoError(
            _("The logo has %(given)d kB; at most %(most)d kB are taken.")
            % {"given": len(content) // 1000, "most": LARGEST // 1000}
        )
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        raise LogoError(_not_whole())
    _check_pixels(chunks)
    kept = b"".join(_written(kind, data) for kind, data in chunks if kind in KEPT)
    return "data:image/png;base64," + b64encode(SIGNATURE + kept).decode("ascii")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of the file, each with its checksum checked."""
    if not content.startswith(SIGNATURE):
        raise LogoError(_("The logo must be a PNG picture."))
    place = len(SIGNATURE)
    while place < len(content):
        head = content[place : place + 8]
        if len(head) < 8:
            raise LogoError(_not_whole())
        size, kind = struct.unpack(">I4s", head)
        data = content[place + 8 : place + 8 + size]
        sealed = content[place + 8 + size : place + 12 + size]
        if len(data) != size or sealed != struct.pack(">I", zlib.crc32(kind + data)):
            raise LogoError(_not_whole())
        yield kind, data
        if kind == b"IEND":
            return
        place += 12 + size


def _check_pixels(chunks: list[tuple[bytes, bytes]]) -> None:
    """The picture is as large as it says, and no bomb: it is unpacked up to that size only."""
    header = chunks[0][1]
    if len(header) != 13:
        raise LogoError(_not_whole())
    width, height, depth, colour, *_rest, interlace = struct.unpack(">IIBBBBB", header)
    if not (0 < width <= WIDEST and 0 < height <= HIGHEST):
        raise LogoError(
            _("The logo is %(width)d by %(height)d pixels; at most 1200 by 400 are taken.")
            % {"width": width, "height": height}
        )
    if colour not in CHANNELS or depth not in (1, 2, 4, 8, 16) or interlace != 0:
        raise LogoError(_("Save the logo as a plain PNG, not interlaced."))
    row = 1 + (width * CHANNELS[colour] * depth + 7) // 8
    unpacker = zlib.decompressobj()
    packed = b"".join(data for kind, data in chunks if kind == b"IDAT")
    try:
        pixels = unpacker.decompress(packed, row * height + 1)
    except zlib.error as error:
        raise LogoError(_not_whole()) from error
    if len(pixels) != row * height:
        raise LogoError(_not_whole())


def _written(kind: bytes, data: bytes) -> bytes:
    seal = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + seal


def _not_whole() -> str:
    return _("The logo is not a whole PNG picture. Save it again.")
