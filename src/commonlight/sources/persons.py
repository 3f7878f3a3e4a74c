"""The guard against data about persons, by column name and by content.

Commonlight works with places and aggregates. A column that looks like names, birth
dates, identity or phone numbers, plates, e-mail or home addresses or bank accounts stops
an import. What the guard does not answer: whether a file is anonymous. A rare place, time
and offence may still point at one person, and a name in free text may go unseen.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from commonlight.sources.person_numbers import IDENTITY_NUMBERS, PLATES, is_iban

__all__ = ["PersonColumn", "find_person_columns"]

E_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
PHONE_ABROAD = re.compile(r"(?<![\w+.,-])(?:\+|00)[1-9](?:[\s./()-]*\d){7,13}(?!\w)")
_PHONE_AT_HOME = re.compile(r"\(?0?[1-9]\d{1,4}\)?(?:[ /.-]\d{2,8}){1,5}|0[1-9](?:[ .-]\d{2}){4}")
_ESTONIAN_MOBILE = re.compile(r"5\d{2,3} \d{4}")
_NET_ADDRESS = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?")
_YEAR = re.compile(r"(?<!\d)(19[1-9]\d|20[01]\d)(?!\d)")
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SMALL = re.compile(r"\d{1,3}(?:[.,]0+)?|[A-Za-zÀ-ÿ]{1,2}")
_FLAGS = frozenset(
    {
        "yes",
        "no",
        "ja",
        "nein",
        "unbekannt",
        "oui",
        "non",
        "si",
        "sim",
        "nao",
        "jah",
        "ei",
        "true",
        "false",
        "tak",
        "nie",
        "unknown",
    }
)
_BORN = frozenset(
    ("born", "geb", "nasc", "nac", "birth", "fod", "fodd", "dzim", "gim", "ur", "nar")
)

KINDS = {
    "name": "name",
    "birth_date": "birth date",
    "identity_number": "identity number",
    "phone": "phone number",
    "plate": "number plate",
    "e_mail": "e-mail address",
    "personal_address": "address of a person",
    "bank_account": "bank account",
    "device": "account, device or network address",
}


@dataclass(frozen=True)
class PersonColumn:
    """A column that looks like data about persons.

    Parameters
    ----------
    name : str
        The column.
    kind : str
        name, birth date, identity number, phone number, number plate, e-mail address,
        address of a person, bank account, or account, device or network address.
    reason : str
        What it was judged by; never a value of the column.
    """

    name: str
    kind: str
    reason: str


@dataclass(frozen=True)
class _Words:
    role: frozenset[str]
    numbered_role: frozenset[str]
    label: frozenset[str]
    number: frozenset[str]
    address: frozenset[str]
    weak_name: frozenset[str]
    given: frozenset[str]
    places: frozenset[str]
    endings: tuple[str, ...]
    kinds: dict[str, dict[str, Any]]


def find_person_columns(
    names: Sequence[str], sample_values: Sequence[Sequence[str | None]]
) -> tuple[PersonColumn, ...]:
    """Columns that look like data about persons.

    Parameters
    ----------
    names : sequence of str
        Column names.
    sample_values : sequence of sequence of str
        For each column, cells of a sample of records.

    Returns
    -------
    tuple of PersonColumn
        In the order of the columns; empty where nothing was found.

    Notes
    -----
    A column is judged by its name first. A name that points at persons is let pass where
    all cells are counts, yes or no. Cells are judged by form: a check digit, a pattern, or
    for names two capitalised words of which one is a common first name. Columns called just
    "name" are taken as names of persons if the cells look so, or if another column holds
    birth dates, numbers or addresses of persons. The assumption that fails most often: that
    names of persons are written apart from other text.

    Examples
    --------
    >>> find_person_columns(["Geburtsdatum", "Ort"], [["01.02.1980"], ["Riga"]])[0].kind
    'birth date'
    """
    columns = [
        (name, [v.strip() for v in values if v is not None and v.strip()])
        for name, values in zip(names, sample_values, strict=True)
    ]
    found = [_judge(name, cells) for name, cells in columns]
    for k in _birth_dates(columns):
        found[k] = found[k] or PersonColumn(
            columns[k][0], KINDS["birth_date"], "days over decades, beside times of a few years"
        )
    certain = any(column is not None for column in found)
    for k, (name, cells) in enumerate(columns):
        if found[k] is None and certain and _is_weak_name(name) and not _all_flags(cells):
            found[k] = PersonColumn(name, "name", "its name, beside other columns about persons")
    return tuple(column for column in found if column is not None)


def _birth_dates(columns: Sequence[tuple[str, list[str]]]) -> list[int]:
    """Columns of days that spread over 25 years or more, beside one that does not."""
    spreads = {k: spread for k, (_, cells) in enumerate(columns) if (spread := _spread(cells))}
    narrow = min((last - first for first, last in spreads.values()), default=99)
    return [
        k
        for k, (first, last) in spreads.items()
        if last - first >= 25 and first <= 1990 and narrow <= 0.4 * (last - first)
    ]


def _spread(cells: list[str]) -> tuple[int, int] | None:
    """Years between which four in five of the days lie; None where cells are no days."""
    dates = [cell for cell in cells if _DATE.fullmatch(cell)]
    if len(dates) < max(10, 0.8 * len(cells)):
        return None
    years = sorted(int(m.group()) for cell in dates if (m := _ANY_YEAR.search(cell)))
    n = len(years)
    return (years[n // 10], years[n - 1 - n // 10]) if n >= 0.8 * len(dates) else None


def _judge(name: str, cells: list[str]) -> PersonColumn | None:
    kind = _kind_by_name(_tokens(name), cells)
    if kind is not None and not _harmless(kind, name, cells):
        return PersonColumn(name, KINDS[kind], "by its name")
    by_content = _by_content(name, cells)
    return None if by_content is None else PersonColumn(name, *by_content)


def _is_question(name: str) -> bool:
    """Whether a heading is the text of a question and no name of a column."""
    return len(name.split()) >= 6


def _are_answers(cells: list[str]) -> bool:
    """Whether few different answers repeat, as no two persons share a phone or an address."""
    return len(cells) >= 20 and len(set(cells)) <= min(12, len(cells) / 4)


def _harmless(kind: str, name: str, cells: list[str]) -> bool:
    """Counts and flags are no data of persons, and nor are bare numbers as names or plates.

    A question such as "How worried are you that your phone is stolen?" is judged by its
    answers, unless it asks for a name or a birth date.
    """
    if not cells:
        return False
    if _all_flags(cells):
        return True
    if kind not in ("name", "birth_date") and _is_question(name) and _are_answers(cells):
        return True
    if kind in ("name", "plate", "e_mail"):
        return all(cell.replace(".", "").replace("-", "").isdigit() for cell in cells)
    return kind == "birth_date" and all(re.fullmatch(r"\d{1,4}", cell) for cell in cells)


def _all_flags(cells: list[str]) -> bool:
    return bool(cells) and all(
        _SMALL.fullmatch(cell) is not None or _plain(cell) in _FLAGS for cell in cells
    )


def _kind_by_name(tokens: list[str], cells: list[str]) -> str | None:
    words = _words()
    packed, spaced = "".join(tokens), f" {' '.join(tokens)} "
    for kind, rule in words.kinds.items():
        if not set(tokens).isdisjoint(rule["not_with"]):
            continue
        if any(token in rule["words"] for token in (*tokens, packed)):
            return kind
        if any(f" {phrase} " in spaced for phrase in rule["phrases"]):
            return kind
        if len(tokens) == 1 and tokens[0] in rule["alone"]:
            return kind
    return _kind_by_role(tokens) or _kind_by_born(tokens, cells)


def _kind_by_role(tokens: list[str]) -> str | None:
    words = _words()
    if set(tokens).isdisjoint(words.role):
        return None
    rest = [token for token in tokens if token not in words.role]
    if rest and all(token in words.label or token in _SMALL_WORDS for token in rest):
        return "name" if any(token in words.label for token in rest) else None
    if any(token in words.address for token in rest):
        return "personal_address"
    ids = any(a in words.numbered_role and b in words.number for a, b in pairwise(tokens))
    return "identity_number" if ids else None


_SMALL_WORDS = frozenset(
    {
        "of",
        "the",
        "a",
        "de",
        "des",
        "du",
        "del",
        "della",
        "di",
        "d",
        "der",
        "la",
        "le",
        "do",
        "da",
        "van",
        "1",
        "2",
    }
)


def _kind_by_born(tokens: list[str], cells: list[str]) -> str | None:
    """A short word for birth, with dates between 1910 and 2012."""
    if _BORN.isdisjoint(tokens) or not cells:
        return None
    dates = [cell for cell in cells if _DATE.fullmatch(cell) and _YEAR.search(cell)]
    years = sorted(int(m.group()) for cell in dates if (m := _YEAR.search(cell)))
    likely = len(dates) > len(cells) / 2 and years[len(years) // 2] <= 2012
    return "birth_date" if likely else None


def _by_content(name: str, cells: list[str]) -> tuple[str, str] | None:
    distinct = list(dict.fromkeys(cells))
    if not distinct:
        return None
    checks = (_e_mails, _bank_accounts, _identity_numbers, _phones, _plates, _addresses_of_net)
    for check in checks:
        found = check(cells, distinct)
        if found is not None:
            return found
    return _names(distinct, weak=_is_weak_name(name))


def _share(cells: Sequence[str], fits: Any) -> float:
    return sum(1 for cell in cells if fits(cell)) / len(cells)


def _e_mails(cells: list[str], distinct: list[str]) -> tuple[str, str] | None:
    if _share(distinct, E_MAIL.search) >= 0.02:
        return KINDS["e_mail"], "cells hold e-mail addresses"
    return None


def _bank_accounts(cells: list[str], distinct: list[str]) -> tuple[str, str] | None:
    if _share(distinct, is_iban) >= 0.2:
        return KINDS["bank_account"], "cells are bank account numbers (IBAN)"
    return None


def _identity_numbers(cells: list[str], distinct: list[str]) -> tuple[str, str] | None:
    if len(distinct) < 3:
        return None
    for label, form, check in IDENTITY_NUMBERS:
        packed = [re.sub(r"[ ]", "", cell).upper() for cell in distinct]
        shaped = [cell for cell in packed if form.fullmatch(cell)]
        bare = all(cell.isdigit() for cell in shaped)
        least = (0.8, 5) if bare else (0.5, 3)
        if len(shaped) < least[0] * len(distinct) or len(shaped) < least[1]:
            continue
        right = sum(1 for cell in shaped if check(cell))
        if right >= least[0] * len(distinct) and right >= least[1]:
            return KINDS["identity_number"], f"cells have the form of a {label}"
    return None


def _addresses_of_net(cells: list[str], distinct: list[str]) -> tuple[str, str] | None:
    if len(distinct) >= 3 and _share(distinct, _NET_ADDRESS.fullmatch) >= 0.5:
        return KINDS["device"], "cells have the form of network addresses"
    return None


def _phones(cells: list[str], distinct: list[str]) -> tuple[str, str] | None:
    abroad = sum(1 for cell in distinct if PHONE_ABROAD.search(cell))
    if abroad >= max(1, 0.02 * len(distinct)) and (abroad >= 3 or abroad >= 0.5 * len(distinct)):
        return KINDS["phone"], "cells hold phone numbers"
    mobile = len(distinct) >= 5 and _share(distinct, _ESTONIAN_MOBILE.fullmatch) >= 0.8
    if mobile or (len(distinct) >= 3 and _share(distinct, _is_home_phone) >= 0.5):
        return KINDS["phone"], "cells have the form of phone numbers"
    return None


def _is_home_phone(cell: str) -> bool:
    if _DATE.fullmatch(cell) or not _PHONE_AT_HOME.fullmatch(cell):
        return False
    begins = cell.startswith(("0", "(")) or re.fullmatch(r"\d{3}[-. ]\d{3}[-. ]\d{3,4}", cell)
    return bool(begins) and 9 <= sum(char.isdigit() for char in cell) <= 12


def _plates(cells: list[str], distinct: list[str]) -> tuple[str, str] | None:
    if len(distinct) < 5:
        return None
    for label, form in PLATES:
        shaped = [cell.upper() for cell in distinct if form.fullmatch(cell.upper())]
        if len(shaped) < 0.8 * len(distinct):
            continue
        if label == "Polish" and len(distinct) < 0.8 * len(cells):
            continue
        letters = {re.sub(r"[^A-ZÄÖÜ]", "", cell) for cell in shaped}
        if len(letters) >= (4 if label == "Polish" else max(4, 0.4 * len(shaped))):
            return KINDS["plate"], f"cells have the form of {label} number plates"
    return None


def _names(distinct: list[str], *, weak: bool) -> tuple[str, str] | None:
    full = _share(distinct, _is_full_name)
    n_full = round(full * len(distinct))
    if full >= (0.1 if weak else 0.2) and n_full >= (1 if weak else 3):
        return KINDS["name"], "cells look like first and last names"
    if len(distinct) >= 5 and _share(distinct, _is_given_name) >= 0.6:
        return KINDS["name"], "cells look like first names"
    return None


def _is_given_name(cell: str) -> bool:
    return cell[:1].isupper() and _plain(cell) in _words().given


def _is_full_name(cell: str) -> bool:
    """Two to four capitalised words, one of them a first name, none a word for a place."""
    parts = [part for part in re.split(r"[\s,]+", cell) if part]
    if not 2 <= len(parts) <= 4 or any(char.isdigit() for char in cell):
        return False
    if not all(re.fullmatch(r"[^\W\d_][\w.'’-]*", part) for part in parts):
        return False
    if not (parts[0][0].isupper() and parts[-1][0].isupper()):
        return False
    plain = [_plain(part).strip(".") for part in parts]
    words = _words()
    if any(word in words.places or word.endswith(words.endings) for word in plain):
        return False
    first = plain[-1] if "," in cell else plain[0]
    pieces = {first, *first.split("-")} | ({plain[1]} if "," in cell else set())
    return not pieces.isdisjoint(words.given)


def _is_weak_name(name: str) -> bool:
    tokens = _tokens(name)
    return len(tokens) == 1 and tokens[0] in _words().weak_name


def _plain(text: str) -> str:
    """Small letters without accents."""
    text = text.replace("ß", "ss").replace("ø", "o").replace("Ø", "o").replace("ł", "l")
    text = text.replace("Ł", "l").replace("æ", "ae").replace("ı", "i").replace("đ", "d")
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def _tokens(name: str) -> list[str]:
    """Words of a column name: ``TATZEIT_ANFANG`` and ``tatzeitAnfang`` are two."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    return re.findall(r"[a-z]+|\d+", _plain(apart))


@lru_cache(maxsize=1)
def _words() -> _Words:
    text = (files("commonlight.sources") / "persons_words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    role = _set(data["role"])
    return _Words(
        role=role,
        numbered_role=role - _set(data["not_numbered"]),
        label=_set(data["label"]),
        number=_set(data["number"]),
        address=_set(data["address"]),
        weak_name=_set(data["weak_name"]),
        given=_set(data["given_names"]["list"]),
        places=_set(data["not_a_person"]["words"]),
        endings=tuple(sorted(_set(data["not_a_person"]["endings"]))),
        kinds={kind: _rule(data[kind]) for kind in KINDS},
    )


def _rule(table: dict[str, str]) -> dict[str, Any]:
    phrases: Iterable[str] = table.get("phrases", "").replace("\n", "").split("|")
    return {
        "words": _set(table.get("words", "")),
        "phrases": tuple(phrase.strip() for phrase in phrases if phrase.strip()),
        "alone": _set(table.get("alone", "")),
        "not_with": _set(table.get("not_with", "")),
    }


def _set(text: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in text.split())
