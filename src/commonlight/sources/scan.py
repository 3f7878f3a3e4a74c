"""The structural pass: what is a row, decided on the bytes before any value is read.

A reader that guesses what a broken row was meant to be loses good rows beside it.
This pass guesses nothing. One physical line is one record, unless the mapping says
that quoted cells may hold line breaks. A line that does not fit is rejected alone,
with its number and the reason.

What this does not answer: whether a value makes sense (see
:mod:`commonlight.sources.records`), and whether a line was cut exactly at the end
of a cell of the right number, which no reader can see.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonlight.sources.bytestream import ByteStream
from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.rejects import LINE_TOO_LONG
from commonlight.sources.scan_kernel import (
    DELIMITER,
    END,
    HIGH,
    NUL,
    QUOTE,
    find_line_ends,
    scan_lines,
)

__all__ = ["MAX_LINES", "MAX_RECORD_BYTES", "Block", "Scanner", "find_delimiter"]

MAX_RECORD_BYTES = 2**20
"""A record longer than this many bytes is rejected."""

MAX_LINES = 100
"""A quoted cell with line breaks may make a record of at most this many lines."""

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Block:
    """Records of one piece of a file.

    Parameters
    ----------
    data : ndarray of uint8
        The bytes that the positions refer to.
    line : ndarray of int64, shape (n,)
        Line number of each record's first line, from 1.
    begin, end : ndarray of int32, shape (n,)
        Where the record stands in `data`, without its line break.
    reason : ndarray of int16, shape (n,)
        0, or the code of the reason for which the record is rejected.
    where : ndarray of int32, shape (n,)
        For a rejected record, the cell (from 0) the reason was found in; for a wrong
        number of cells, that number.
    cell_begin, cell_end : ndarray of int32, shape (n_wanted, n)
        Where the wanted cells stand, without their quotes. A cell that holds doubled
        quotes has ``-1 - end`` in `cell_end`.
    """

    data: NDArray[np.uint8]
    line: NDArray[np.int64]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    reason: NDArray[np.int16]
    where: NDArray[np.int32]
    cell_begin: NDArray[np.int32]
    cell_end: NDArray[np.int32]

    @property
    def n_records(self) -> int:
        """Number of records, good and bad."""
        return len(self.line)


def _classes(delimiter: str, quote: str, terminator: int) -> NDArray[np.uint8]:
    classes = np.zeros(256, dtype=np.uint8)
    classes[128:] = HIGH
    classes[0] = NUL
    if quote:
        classes[ord(quote)] = QUOTE
    classes[ord(delimiter)] = DELIMITER
    classes[terminator] = END
    return classes


def _line_ends(data: NDArray[np.uint8], terminator: int) -> NDArray[np.int32]:
    words = data[: len(data) // 8 * 8].view(np.uint64)
    out = np.empty(len(data), dtype=np.int32)
    return out[: find_line_ends(data, words, terminator, out)].copy()


def _split_lines(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def _cells(line: str, delimiter: str, quote: str) -> list[str]:
    if not quote:
        return line.split(delimiter)
    try:
        rows = list(csv.reader([line], delimiter=delimiter, quotechar=quote))
    except csv.Error:
        return line.split(delimiter)
    return rows[0] if rows else [""]


def find_delimiter(sample: bytes, *, quote: str = '"') -> str:
    """The delimiter that splits the header and the first lines into equally many cells.

    Parameters
    ----------
    sample : bytes
        The start of a file, as UTF-8.
    quote : str
        The quote character; empty for none.

    Returns
    -------
    str
        A comma, semicolon, tab or bar. A comma where the file has one column.

    Examples
    --------
    >>> find_delimiter(b"a;b;c\\n1,5;2;3\\n")
    ';'
    """
    lines = [line for line in _split_lines(sample[:65536])[:51] if line.strip()]
    if len(sample) > 65536 and len(lines) > 2:
        lines = lines[:-1]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        counts = [len(_cells(line, delimiter, quote)) for line in lines]
        if not counts or counts[0] < 2:
            continue
        agree = sum(count == counts[0] for count in counts) / len(counts)
        if (agree, counts[0]) > best_score:
            best, best_score = delimiter, (agree, counts[0])
    return best


class Scanner:
    """Reads one delimited text file once, in blocks of records.

    Parameters
    ----------
    stream : ByteStream
        The bytes.
    delimiter : str or None
        None = found from the header and the first lines.
    quote : str
        The quote character; empty where the file quotes nothing.
    multiline : bool
        Whether quoted cells may hold line breaks.

    Attributes
    ----------
    header : tuple of str
        The names in the first line that is not blank.
    blank_lines : int
        Lines without any byte; they are no records, except in a file of one column.

    Raises
    ------
    UnreadableFileError
        If the file is empty, or its first line is no header.
    MappingError
        If delimiter or quote is not one ASCII character.
    """

    def __init__(
        self,
        stream: ByteStream,
        *,
        delimiter: str | None = None,
        quote: str = '"',
        multiline: bool = False,
    ) -> None:
        self._stream = stream
        self._blocks = stream.blocks()
        self._multiline = multiline
        self._quote = quote
        self.blank_lines = 0
        self.lines = 0
        self.rest = self._first_block()
        self.terminator = 13 if b"\n" not in self.rest and b"\r" in self.rest else 10
        _check_characters("," if delimiter is None else delimiter, quote)
        self.delimiter = find_delimiter(self.rest, quote=quote) if delimiter is None else delimiter
        self.header = self._take_header()

    def _first_block(self) -> bytes:
        first = next(self._blocks, b"")
        while first is not None and not first.strip(b"\r\n"):
            more = next(self._blocks, None)
            if more is None:
                raise UnreadableFileError(
                    f"{self._stream.path.name} is empty; it has neither a header nor records"
                )
            first += more
        while b"\n" not in first and len(first) <= MAX_RECORD_BYTES:
            more = next(self._blocks, None)
            if more is None:
                break
            first += more
        return first

    def _take_header(self) -> tuple[str, ...]:
        mark = bytes([self.terminator])
        position = 0
        while True:
            stop = self.rest.find(mark, position)
            line = self.rest[position:] if stop < 0 else self.rest[position:stop]
            self.lines += 1
            position = len(self.rest) if stop < 0 else stop + 1
            if line.strip(b"\r"):
                break
            self.blank_lines += 1
        self.rest = self.rest[position:]
        return self._read_header(line)

    def _read_header(self, line: bytes) -> tuple[str, ...]:
        name = self._stream.path.name
        try:
            text = line.strip(b"\r").decode()
        except UnicodeDecodeError as error:
            raise UnreadableFileError(
                f"the header of {name} is not valid {self._stream.encoding}; "
                "state the encoding in the mapping, for example cp1252"
            ) from error
        if "\0" in text or len(line) > MAX_RECORD_BYTES:
            raise UnreadableFileError(f"the first line of {name} is no header of a text table")
        if self._quote and text.count(self._quote) % 2:
            raise UnreadableFileError(f"the header of {name} has a quote that is not closed")
        return tuple(cell.strip() for cell in _cells(text, self.delimiter, self._quote))

    def sample(self, n: int) -> list[list[str]]:
        """Cells of up to `n` of the next well-formed lines, which stay to be read."""
        lines = self.rest[: 4 * 2**20].split(bytes([self.terminator]), n)[:n]
        cells = (
            _cells(line.strip(b"\r").decode("utf-8", "replace"), self.delimiter, self._quote)
            for line in lines
            if line and b"\0" not in line
        )
        return [row for row in cells if len(row) == len(self.header)]

    def few_of(self, block: Block, n: int) -> list[list[str]]:
        """All cells of `n` well-formed records spread over a block."""
        good = np.flatnonzero(block.reason == 0)
        picked = good[:: max(1, len(good) // n)][:n]
        lines = (block.data[block.begin[i] : block.end[i]].tobytes().decode() for i in picked)
        return [_cells(line, self.delimiter, self._quote) for line in lines]

    def blocks(self, wanted: Sequence[int]) -> Iterator[Block]:
        """All records, with the cells in the columns `wanted` (from 0), in file order."""
        slot_of_cell = np.full(len(self.header), -1, dtype=np.int32)
        slot_of_cell[list(wanted)] = np.arange(len(wanted), dtype=np.int32)
        classes = _classes(self.delimiter, self._quote, self.terminator)
        rest, skipping = self.rest, False
        self.rest = b""
        pending: bytes | None = rest
        rest = b""
        while pending is not None:
            following = next(self._blocks, None)
            rest, skipping, block = self._scan(
                rest, pending, following is None, skipping, classes, slot_of_cell, len(wanted)
            )
            if block is not None and block.n_records:
                yield block
            pending = following

    def _scan(
        self,
        rest: bytes,
        piece: bytes,
        final: bool,
        skipping: bool,
        classes: NDArray[np.uint8],
        slot_of_cell: NDArray[np.int32],
        n_wanted: int,
    ) -> tuple[bytes, bool, Block | None]:
        mark = bytes([self.terminator])
        if skipping:
            stop = piece.find(mark)
            if stop < 0 and not final:
                return b"", True, None
            piece = b"" if stop < 0 else piece[stop + 1 :]
        ends_open = final and not (rest + piece[-1:]).endswith(mark) and bool(rest or piece)
        data = np.frombuffer(
            b"".join((rest, piece, mark if ends_open else b"", mark)), dtype=np.uint8
        )
        n_bytes = len(data) - 1
        line_ends = _line_ends(data[:n_bytes], self.terminator)
        block, used, blank = self._records(data, line_ends, final, classes, slot_of_cell, n_wanted)
        self.blank_lines += blank
        self.lines += used
        position = int(line_ends[used - 1]) + 1 if used else 0
        left = data[position:n_bytes].tobytes()
        if not final and len(left) > MAX_RECORD_BYTES and used == len(line_ends):
            self.lines += 1
            return b"", True, _with_long_line(block, position, self.lines)
        return left, False, block

    def _records(
        self,
        data: NDArray[np.uint8],
        line_ends: NDArray[np.int32],
        final: bool,
        classes: NDArray[np.uint8],
        slot_of_cell: NDArray[np.int32],
        n_wanted: int,
    ) -> tuple[Block, int, int]:
        n = len(line_ends)
        line = np.empty(n, dtype=np.int64)
        begin, end, where = (np.empty(n, dtype=np.int32) for _ in range(3))
        reason = np.empty(n, dtype=np.int16)
        cell_begin = np.zeros((n_wanted, n), dtype=np.int32)
        cell_end = np.zeros((n_wanted, n), dtype=np.int32)
        found, used, blank = scan_lines(
            data,
            line_ends,
            0,
            final,
            classes,
            ord(self.delimiter),
            ord(self._quote) if self._quote else 0,
            self.terminator == 10,
            len(self.header),
            slot_of_cell,
            self._multiline,
            MAX_RECORD_BYTES,
            MAX_LINES,
            self.lines + 1,
            line,
            begin,
            end,
            reason,
            where,
            cell_begin,
            cell_end,
        )
        block = Block(
            data,
            line[:found],
            begin[:found],
            end[:found],
            reason[:found],
            where[:found],
            cell_begin[:, :found],
            cell_end[:, :found],
        )
        return block, used, blank


def _with_long_line(block: Block, position: int, line: int) -> Block:
    """Add a rejected record for a line that is longer than any record may be."""
    n_wanted = len(block.cell_begin)
    here = np.array([position], dtype=np.int32)
    none = np.zeros((n_wanted, 1), dtype=np.int32)
    return Block(
        block.data,
        np.append(block.line, np.int64(line)),
        np.append(block.begin, here),
        np.append(block.end, here),
        np.append(block.reason, np.int16(LINE_TOO_LONG)),
        np.append(block.where, np.int32(0)),
        np.hstack((block.cell_begin, none)),
        np.hstack((block.cell_end, none)),
    )


def _check_characters(delimiter: str, quote: str) -> None:
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in "\r\n\0":
        raise MappingError(f"delimiter must be one ASCII character; got {delimiter!r}")
    if len(quote) > 1 or not quote.isascii() or quote == delimiter:
        raise MappingError(f"quote must be one ASCII character or empty; got {quote!r}")
