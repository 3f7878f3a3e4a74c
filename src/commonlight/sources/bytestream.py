"""The bytes of a file, in blocks: decompressed, digested and turned into UTF-8.

Nothing here looks at rows. A byte that is not valid in the declared encoding is
passed on as an invalid UTF-8 sequence, so that the structural pass rejects the
line it stands in and no other.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import io
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from commonlight.sources.errors import MappingError, UnreadableFileError

__all__ = ["BLOCK_BYTES", "COMPRESSED", "ByteStream", "Progress"]

BLOCK_BYTES = 8 * 2**20
"""Size of the pieces in which a file is read, in bytes."""

FIRST_BYTES = 2**20
"""Size of the first piece, which is read before it is known whether the rest will be."""

COMPRESSED = (".gz", ".bz2", ".xz", ".zst")
"""Endings of the compressed files that can be read."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BROKEN = (OSError, EOFError, lzma.LZMAError, ValueError)


class Progress(Protocol):
    """What an import tells while it runs."""

    def __call__(self, bytes_done: int, bytes_total: int, rows: int) -> None:
        """Take note of the bytes read so far, of all there are, and of the rows read."""


def _mark_invalid(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error("commonlight-mark", _mark_invalid)


class _Digested(io.RawIOBase):
    """A raw file that digests and counts what is read from it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.digest = hashlib.sha256()
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        n = self._file.readinto(buffer) or 0
        self.digest.update(memoryview(buffer)[:n])
        self.done += n
        return n

    def close(self) -> None:
        self._file.close()
        super().close()


class ByteStream:
    """One source file, read once from its first to its last byte.

    Parameters
    ----------
    path : Path
        The file. The endings .gz, .bz2, .xz and .zst are decompressed.
    encoding : str
        The declared encoding; a byte-order mark of UTF-16 wins over ``utf-8``.

    Raises
    ------
    UnreadableFileError
        If the file is missing, or its compression is damaged.
    MappingError
        If Python knows no such encoding.
    """

    def __init__(self, path: Path, *, encoding: str = "utf-8") -> None:
        self.path = path
        try:
            self.bytes_total = path.stat().st_size
            self._raw = _Digested(path)
        except OSError as error:
            raise UnreadableFileError(f"cannot read {path}: {error.strerror}") from error
        self._plain = _decompressed(self._raw, path)
        self._first = self._read(FIRST_BYTES)
        self.notes: tuple[str, ...] = ()
        self.encoding = self._resolve(encoding)
        self._decoder = _decoder(self.encoding)

    def _resolve(self, encoding: str) -> str:
        try:
            name = codecs.lookup(encoding).name
        except LookupError as error:
            raise MappingError(
                f"unknown encoding {encoding!r} for {self.path.name}; use for example "
                "utf-8, cp1252 or iso-8859-1"
            ) from error
        for mark, marked in _MARKS:
            if self._first.startswith(mark):
                self.notes = (f"{self.path.name} starts with a byte-order mark ({marked})",)
                if marked == "utf-8":
                    self._first = self._first[len(mark) :]
                return marked
        return name

    @property
    def bytes_done(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._raw.done

    @property
    def sha256(self) -> str:
        """SHA-256 of the file as it lies on disk; complete after the last block."""
        return self._raw.digest.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """Blocks of UTF-8 bytes, without a byte-order mark, until the end of the file."""
        block = self._first
        self._first = b""
        while block:
            yield block if self._decoder is None else self._recode(block, final=False)
            block = self._read(BLOCK_BYTES)
        if self._decoder is not None:
            yield self._recode(b"", final=True)
        self._drain()

    def _recode(self, block: bytes, *, final: bool) -> bytes:
        assert self._decoder is not None
        return self._decoder.decode(block, final).encode("utf-8", "surrogatepass")

    def _read(self, n: int) -> bytes:
        parts: list[bytes] = []
        try:
            while n > 0 and (part := self._plain.read(n)):
                parts.append(part)
                n -= len(part)
        except _BROKEN as error:
            raise UnreadableFileError(
                f"{self.path.name} cannot be decompressed after {self._raw.done:,} bytes: {error}; "
                "fetch the file again"
            ) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _drain(self) -> None:
        while self._raw.read(2**20):
            pass

    def close(self) -> None:
        """Close the file."""
        self._plain.close()
        self._raw.close()


def _decoder(encoding: str) -> codecs.IncrementalDecoder | None:
    """None where the bytes are UTF-8 already."""
    if encoding in ("utf-8", "ascii", "utf-8-sig"):
        return None
    return codecs.getincrementaldecoder(encoding)("commonlight-mark")


def _decompressed(raw: _Digested, path: Path) -> IO[bytes]:
    suffix = path.suffix.lower()
    if suffix not in COMPRESSED:
        return raw  # type: ignore[return-value]
    buffered = io.BufferedReader(raw, 2**20)
    if suffix == ".gz":
        return gzip.GzipFile(fileobj=buffered)  # type: ignore[return-value]
    if suffix == ".bz2":
        return bz2.BZ2File(buffered)
    if suffix == ".xz":
        return lzma.LZMAFile(buffered)
    import pyarrow as pa

    return pa.CompressedInputStream(buffered, "zstd")  # type: ignore[return-value]
