"""The structural pass against a slow and obvious version, and against known traps."""

from __future__ import annotations

import bz2
import gzip
import lzma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.sources import bytestream
from commonlight.sources import rejects as why
from commonlight.sources.bytestream import ByteStream
from commonlight.sources.cells import Column, text_of
from commonlight.sources.errors import MappingError, UnreadableFileError
from commonlight.sources.scan import Scanner, find_delimiter


@pytest.fixture
def scan(tmp_path):
    """Scan bytes; a list of (line, reason, cells or None)."""

    def run(data, *, name="file.csv", encoding="utf-8", **options):
        path = tmp_path / name
        path.write_bytes(data)
        stream = ByteStream(path, encoding=encoding)
        scanner = Scanner(stream, **options)
        n = len(scanner.header)
        records = []
        for block in scanner.blocks(range(n)):
            spans = zip(block.cell_begin, block.cell_end, strict=True)
            columns = [Column(block.data, begin, end) for begin, end in spans]
            for i in range(block.n_records):
                cells = None if block.reason[i] else [text_of(c, i) for c in columns]
                records.append((int(block.line[i]), int(block.reason[i]), cells))
        stream.close()
        run.scanner, run.stream = scanner, stream
        return records

    return run


def slow_scan(data, delimiter=b",", n_cells=3):
    """One line, one record, by the letter of the documentation."""
    records = []
    for number, whole in enumerate(data.split(b"\n"), start=1):
        line = whole[:-1] if whole.endswith(b"\r") else whole
        if not line and n_cells > 1:
            continue
        cells, reason = slow_cells(line, delimiter)
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            reason = why.ENCODING
        if b"\0" in line:
            reason = why.NUL_BYTE
        if reason == 0 and len(cells) != n_cells:
            reason = why.CELL_COUNT
        records.append((number, reason, None if reason else [c.decode() for c in cells]))
    return records


def slow_cells(line, delimiter):
    cells, reason, rest = [], 0, line
    while True:
        if rest.startswith(b'"'):
            pieces, rest, closed = b"", rest[1:], False
            while rest:
                if rest.startswith(b'""'):
                    pieces, rest = pieces + b'"', rest[2:]
                elif rest.startswith(b'"'):
                    rest, closed = rest[1:], True
                    break
                else:
                    pieces, rest = pieces + rest[:1], rest[1:]
            if not closed:
                return cells, why.QUOTE_NOT_CLOSED
            after, found, rest = rest.partition(delimiter)
            if after:
                reason = why.TEXT_AFTER_QUOTE
            cells.append(pieces)
        else:
            cell, found, rest = rest.partition(delimiter)
            cells.append(cell)
        if not found:
            return cells, reason


BYTES = st.lists(st.sampled_from(list(b'ab,"\n\r\0;\xc3\xa9\xff ')), max_size=60).map(bytes)


@given(data=BYTES, piece=st.integers(1, 9))
@settings(max_examples=300)
def test_equals_the_slow_version_whatever_the_size_of_the_pieces(data, piece, tmp_path_factory):
    path = tmp_path_factory.mktemp("scan") / "file.csv"
    path.write_bytes(b"x,y,z\n" + data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bytestream, "BLOCK_BYTES", piece)
        patch.setattr(bytestream, "FIRST_BYTES", 6 + piece)
        stream = ByteStream(path)
        records = []
        for block in Scanner(stream, delimiter=",").blocks([0, 1, 2]):
            spans = zip(block.cell_begin, block.cell_end, strict=True)
            columns = [Column(block.data, begin, end) for begin, end in spans]
            for i in range(block.n_records):
                cells = None if block.reason[i] else [text_of(c, i) for c in columns]
                records.append((int(block.line[i]) - 1, int(block.reason[i]), cells))
        stream.close()
    assert records == slow_scan(data)


def test_an_unterminated_quote_costs_one_line(scan):
    records = scan(b'a,b\n1,2\n3,"4\n5,6\n"7",8\n')
    assert [(line, reason) for line, reason, _ in records] == [
        (2, 0),
        (3, why.QUOTE_NOT_CLOSED),
        (4, 0),
        (5, 0),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,2,3", why.CELL_COUNT),
        (b"1", why.CELL_COUNT),
        (b'"1"x,2', why.TEXT_AFTER_QUOTE),
        (b"1,\xff", why.ENCODING),
        (b"1,\xed\xa0\x80", why.ENCODING),
        (b"1,\x00", why.NUL_BYTE),
        (b"1," + b"x" * (2**20), why.LINE_TOO_LONG),
        (b'"a""b",2', 0),
        (b"1,", 0),
        (b'a"b,2', 0),
    ],
)
def test_each_kind_of_line(scan, line, reason):
    records = scan(b"a,b\n0,0\n" + line + b"\n9,9\n")
    assert [record[1] for record in records] == [0, reason, 0]


def test_doubled_quotes_become_single(scan):
    assert scan(b'a,b\n"x ""y"" z",2\n')[0][2] == ['x "y" z', "2"]


def test_windows_line_ends_mark_and_blank_lines(scan):
    records = scan(b"\xef\xbb\xbfa,b\r\n1,2\r\n\r\n3,4\r\n")
    assert records == [(2, 0, ["1", "2"]), (4, 0, ["3", "4"])]
    assert scan.scanner.header == ("a", "b")
    assert scan.scanner.blank_lines == 1
    assert "byte-order mark" in scan.stream.notes[0]


def test_old_macintosh_line_ends(scan):
    assert scan(b"a,b\r1,2\r3,4\r") == [(2, 0, ["1", "2"]), (3, 0, ["3", "4"])]


def test_a_blank_line_is_a_record_of_a_file_of_one_column(scan):
    assert [record[2] for record in scan(b"a\n1\n\n2\n")] == [["1"], [""], ["2"]]


def test_last_line_without_line_end(scan):
    assert scan(b"a,b\n1,2\n3,4")[-1] == (3, 0, ["3", "4"])
    assert scan(b"a,b\n1,2\n3")[-1] == (3, why.CELL_COUNT, None)
    assert scan(b'a,b\n1,2\n3,"4')[-1] == (3, why.QUOTE_NOT_CLOSED, None)


def test_header_only_and_empty_file(scan):
    assert scan(b"a,b\n") == []
    assert scan(b"a,b") == []
    for nothing in (b"", b"\n\r\n", b"\xef\xbb\xbf"):
        with pytest.raises(UnreadableFileError, match="is empty"):
            scan(nothing)


def test_lines_longer_than_a_piece_are_one_rejected_record(scan, monkeypatch):
    monkeypatch.setattr(bytestream, "BLOCK_BYTES", 2**16)
    records = scan(b"a,b\n1,2\n" + b"x" * 3 * 2**20 + b"\n3,4\n")
    assert [record[:2] for record in records] == [(2, 0), (3, why.LINE_TOO_LONG), (4, 0)]


def test_multiline_cells_keep_line_numbers(scan):
    records = scan(b'a,b\n1,"x\ny"\n2,z\n', multiline=True)
    assert records == [(2, 0, ["1", "x\ny"]), (4, 0, ["2", "z"])]


@pytest.mark.parametrize("piece", [8, 100, 2**20])
def test_multiline_an_open_quote_cannot_swallow_the_file(scan, monkeypatch, piece):
    monkeypatch.setattr(bytestream, "BLOCK_BYTES", piece)
    monkeypatch.setattr(bytestream, "FIRST_BYTES", 16)
    lines = [b"%d,x" % i for i in range(500)]
    lines[5] = b'5,"x'
    records = scan(b"a,b\n" + b"\n".join(lines) + b"\n", multiline=True)
    assert [record[0] for record in records if record[1]] == [7]
    assert len(records) == 500


def test_multiline_a_quote_closed_by_a_later_one_costs_one_line(scan):
    records = scan(b'a,b\n1,"x\n2,"y"\n3,z\n', multiline=True)
    assert [(line, reason > 0) for line, reason, _ in records] == [
        (2, True),
        (3, False),
        (4, False),
    ]


@pytest.mark.parametrize(
    ("name", "pack"),
    [("f.csv.gz", gzip.compress), ("f.csv.bz2", bz2.compress), ("f.csv.xz", lzma.compress)],
)
def test_compressed_files(scan, name, pack):
    assert scan(pack(b"a,b\n1,2\n"), name=name) == [(2, 0, ["1", "2"])]


def test_zstandard(scan):
    pa = pytest.importorskip("pyarrow")
    packed = pa.compress(b"a,b\n1,2\n", codec="zstd", asbytes=True)
    assert scan(packed, name="f.csv.zst") == [(2, 0, ["1", "2"])]


def test_damaged_compression_says_so(scan):
    packed = gzip.compress(b"a,b\n" + bytes(range(32, 127)) * 1000)
    with pytest.raises(UnreadableFileError, match="cannot be decompressed"):
        scan(packed[: len(packed) // 2], name="f.csv.gz")


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "utf-16", "cp1250"])
def test_declared_encodings(scan, encoding):
    records = scan("a,b\nMüller,é\n".encode(encoding), encoding=encoding)
    assert records[0][2] == ["Müller", "é"]


def test_a_byte_outside_the_declared_encoding_costs_one_line(scan):
    records = scan(b"a,b\n1,\x81\n2,\xfc\n", encoding="cp1252")
    assert [record[1] for record in records] == [why.ENCODING, 0]


def test_utf_16_is_known_by_its_mark(scan):
    assert scan("a,b\n1,ü\n".encode("utf-16"))[0][2] == ["1", "ü"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(scan, delimiter):
    lines = ["a{0}b{0}c", "1{0}x, y; z{0}3", '2{0}"q{0}r"{0}4']
    data = "\n".join(line.format(delimiter) for line in lines).encode()
    if delimiter in ",;":
        data = data.replace(b"x, y; z", b"xyz")
    assert len(scan(data)) == 2
    assert scan.scanner.delimiter == delimiter


def test_one_column_has_no_delimiter():
    assert find_delimiter(b"count\n1\n2\n") == ","


@pytest.mark.parametrize("options", [{"delimiter": ""}, {"delimiter": "é"}, {"quote": "''"}])
def test_impossible_delimiters_and_quotes(scan, options):
    with pytest.raises(MappingError, match="one ASCII character"):
        scan(b"a,b\n", **options)


def test_unknown_encoding(scan):
    with pytest.raises(MappingError, match="unknown encoding"):
        scan(b"a,b\n", encoding="klingon")


def test_header_in_another_encoding_says_which_to_state(scan):
    with pytest.raises(UnreadableFileError, match="not valid utf-8"):
        scan("Straße,b\n1,2\n".encode("cp1252"))


def test_memory_of_a_block_is_its_own(scan):
    """Blocks stay valid after the next one is read."""
    records = scan(b"a,b\n" + b"".join(b"%d,x\n" % i for i in range(1000)))
    assert [int(record[2][0]) for record in records] == list(np.arange(1000))
