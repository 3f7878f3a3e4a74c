"""Numbers that are given to one person, one vehicle or one account, known by their form.

Most national numbers carry a check digit; one that passes by chance is rare, and a column
of them is rarer. What a form cannot tell: whether a number is in use.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["IDENTITY_NUMBERS", "PLATES", "is_iban"]


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isdigit()]


def _weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(d * w for d, w in zip(digits, weights, strict=False))


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _spanish(text: str) -> bool:
    """DNI and NIE: the number modulo 23 gives the letter."""
    number = {"X": "0", "Y": "1", "Z": "2"}.get(text[0], text[0]) + text[1:8]
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == text[8]


_ODD_DIGITS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_ODD_LETTERS = (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        _ODD_DIGITS * 2 + _ODD_LETTERS,
        strict=True,
    )
)


def _italian(text: str) -> bool:
    """Codice fiscale: odd and even places are weighted by tables, modulo 26."""
    even = sum(int(c) if c.isdigit() else ord(c) - 65 for c in text[1:15:2])
    return chr((even + sum(_ODD[c] for c in text[0:15:2])) % 26 + 65) == text[15]


def _baltic(text: str) -> bool:
    """Estonian isikukood and Lithuanian asmens kodas: two rounds modulo 11."""
    d = _digits(text)
    if not _is_day(10 * d[5] + d[6], 10 * d[3] + d[4]):
        return False
    check = _weighted(d, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = _weighted(d, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return check == d[10]


def _latvian(text: str) -> bool:
    """Personas kods: a date with a check digit, or since 2017 a number that begins with 32."""
    d = _digits(text)
    if d[:2] == [3, 2]:
        return True
    if not _is_day(10 * d[0] + d[1], 10 * d[2] + d[3]):
        return False
    return (1101 - _weighted(d, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11 % 10 == d[10]


def _dutch(text: str) -> bool:
    """BSN: the test of eleven."""
    d = _digits(text)
    return any(d) and (_weighted(d, (9, 8, 7, 6, 5, 4, 3, 2)) - d[8]) % 11 == 0


def _polish(text: str) -> bool:
    """PESEL: a date, the century in the month, and a check digit."""
    d = _digits(text)
    if not _is_day(10 * d[4] + d[5], (10 * d[2] + d[3]) % 20):
        return False
    return (10 - _weighted(d, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == d[10]


def _swedish(text: str) -> bool:
    """Personnummer: a date and a Luhn digit over the last ten."""
    d = _digits(text)[-10:]
    if not _is_day((10 * d[4] + d[5]) % 60, 10 * d[2] + d[3]):
        return False
    doubled = [d[k] * (2 - k % 2) for k in range(10)]
    return sum(n - 9 * (n > 9) for n in doubled) % 10 == 0


def _french(text: str) -> bool:
    """NIR: 97 less the number modulo 97; Corsica counts as 19 and 18."""
    number = text[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(text[13:15])


def _german_tax(text: str) -> bool:
    """Steuer-Identifikationsnummer: ISO 7064 mod 11, 10."""
    d, product = _digits(text), 10
    if d[0] == 0 or len(set(d[:10])) not in (8, 9):
        return False
    for digit in d[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == d[10]


def _finnish(text: str) -> bool:
    """Henkilötunnus: a date, a century sign and a check character modulo 31."""
    number = int(text[:6] + text[7:10])
    signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    return _is_day(int(text[:2]), int(text[2:4])) and signs[number % 31] == text[10]


def _norwegian(text: str) -> bool:
    """Fødselsnummer: two check digits modulo 11."""
    d = _digits(text)
    if not _is_day((10 * d[0] + d[1]) % 40, 10 * d[2] + d[3]):
        return False
    first = _weighted(d, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    return first == 0 and _weighted(d, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _danish(text: str) -> bool:
    """CPR-nummer: a date and four digits; the check digit was given up in 2007."""
    return _is_day(int(text[:2]), int(text[2:4]))


def _czech(text: str) -> bool:
    """Rodné číslo: divisible by 11, 50 added to the month for women."""
    number = text.replace("/", "")
    return _is_day(int(number[4:6]), int(number[2:4]) % 50 % 20) and int(number) % 11 == 0


def _belgian(text: str) -> bool:
    """Rijksregisternummer: 97 less the number modulo 97."""
    number = "".join(map(str, _digits(text)))
    return any(97 - int(c + number[:9]) % 97 == int(number[9:]) for c in ("", "2"))


def _portuguese(text: str) -> bool:
    """NIF of a person: modulo 11."""
    d = _digits(text)
    check = 11 - _weighted(d, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check > 9 else check) == d[8]


def _always(text: str) -> bool:
    return True


IDENTITY_NUMBERS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("Spanish DNI or NIE", re.compile(r"(?:\d{8}|[XYZ]\d{7})[A-Z]"), _spanish),
    (
        "Italian codice fiscale",
        re.compile(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"),
        _italian,
    ),
    ("Estonian or Lithuanian personal code", re.compile(r"[1-8]\d{10}"), _baltic),
    ("Latvian personal code", re.compile(r"\d{6}-\d{5}"), _latvian),
    ("Dutch BSN", re.compile(r"\d{9}"), _dutch),
    ("Polish PESEL", re.compile(r"\d{11}"), _polish),
    ("Swedish personnummer", re.compile(r"(?:\d{2})?\d{6}[-+]\d{4}|(?:19|20)\d{10}"), _swedish),
    ("French NIR", re.compile(r"[12]\d{4}(?:\d{2}|2[AB])\d{8}"), _french),
    ("German tax number", re.compile(r"\d{11}"), _german_tax),
    ("Finnish henkilötunnus", re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"), _finnish),
    ("Norwegian fødselsnummer", re.compile(r"\d{11}"), _norwegian),
    ("Danish CPR number", re.compile(r"\d{6}-\d{4}"), _danish),
    ("Czech or Slovak rodné číslo", re.compile(r"\d{6}/\d{4}"), _czech),
    ("Belgian national number", re.compile(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"), _belgian),
    ("Portuguese NIF", re.compile(r"[123]\d{8}"), _portuguese),
    (
        "British National Insurance number",
        re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"),
        _always,
    ),
    ("US Social Security number", re.compile(r"(?!000|666|9)\d{3}-\d{2}-\d{4}"), _always),
)

PLATES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("British", re.compile(r"[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3}")),
    ("German", re.compile(r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?[1-9]\d{0,3}[EH]?")),
    ("Spanish", re.compile(r"\d{4}[- ]?[BCDFGHJKLMNPRSTVWXYZ]{3}")),
    ("French or Italian", re.compile(r"[A-HJ-NP-TV-Z]{2}[- ]?\d{3}[- ]?[A-HJ-NP-TV-Z]{2}")),
    (
        "Dutch",
        re.compile(
            r"[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}"
            r"|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}"
            r"|\d{2}-\d{2}-[A-Z]{2}"
        ),
    ),
    ("Estonian", re.compile(r"\d{3} ?[A-Z]{3}")),
    ("Lithuanian, Swedish or Finnish", re.compile(r"[A-Z]{3}[ :-]?\d{2}[0-9A-Z]")),
    ("Portuguese", re.compile(r"[A-Z]{2}[- ]\d{2}[- ][A-Z]{2}|\d{2}[- ][A-Z]{2}[- ]\d{2}")),
    ("Polish", re.compile(r"[A-Z]{2,3} [A-Z0-9]{4,5}(?<=\d.)|[A-Z]{2,3} \d{4,5}")),
    ("Latvian", re.compile(r"[A-Z]{2}-\d{3,4}")),
)


def is_iban(text: str) -> bool:
    """Whether a text is an international bank account number with a right check.

    Examples
    --------
    >>> is_iban("DE89 3704 0044 0532 0130 00")
    True
    >>> is_iban("DE89 3704 0044 0532 0130 01")
    False
    """
    packed = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", packed):
        return False
    turned = packed[4:] + packed[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
