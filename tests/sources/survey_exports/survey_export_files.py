"""Exports as LimeSurvey and KoboToolbox write them, made by hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]


def write_csv(path: Path, rows: Rows, *, blank_line: bool = False) -> Path:
    """Semicolons, every cell in quotes, a byte-order mark; LimeSurvey adds a blank line."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows(rows)
        stream.write("\r\n" if blank_line else "")
    return path


def write_workbook(path: Path, **sheets: Rows) -> Path:
    book = Workbook()
    for k, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if k == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


# --- LimeSurvey: codes and texts in the headings

LIME_HEAD = [
    "id. Response ID",
    "submitdate. Date submitted",
    "lastpage. Last page",
    "startlanguage. Start language",
    "seed. Seed",
    "token. Access code",
    "startdate. Date started",
    "datestamp. Date last action",
    "ipaddr. IP address",
    "refurl. Referrer URL",
    "firstname. First name",
    "lastname. Last name",
    "email. Email address",
    "attribute_1. Household",
    "SEX. What is your gender?",
    "S1[dark]. How safe do you feel walking alone in your neighbourhood? [After dark]",
    "S1[day]. How safe do you feel walking alone in your neighbourhood? [During the day]",
    "P1. From 0 to 10, how much do you trust the police?",
    "V1[bag]. Which of these happened to you? [A bag was stolen]",
    "V1[hit]. Which of these happened to you? [I was hit]",
    "V1[other]. Which of these happened to you? [Other]",
    "T1. What else would you like to say?",
    "DIST. District",
    "WT. Weight",
    "interviewtime. Total time",
    "groupTime12. Group time: Feelings",
]
SAFE = {"A1": "Very safe", "A2": "Safe", "A3": "Unsafe", "A4": "Very unsafe", "A9": "Don't know"}


def lime_rows(n: int = 40, *, full: bool = False, submitted: bool = True) -> list[list[str]]:
    """Answers as codes, or as texts; every tenth was not submitted."""
    rows = []
    for k in range(n):
        asked = k % 4 > 0
        dark, day = list(SAFE)[k % 5], list(SAFE)[k % 4]
        bag, hit = k % 2 == 0, k % 3 == 0
        sex = "FM"[k % 2]
        if full:
            marks = ["Yes" if got else "No" for got in (bag, hit)] if asked else ["N/A", "N/A"]
        else:
            marks = ["Y" if got and asked else "" for got in (bag, hit)]
        done = f"2024-03-{k % 28 + 1:02d} 10:{k:02d}:00" if submitted else "1980-01-01 00:00:00"
        rows.append(
            [
                str(k + 1),
                done if k % 10 else "",
                "3",
                "en",
                str(100_000 + k),
                f"zX{k:04d}q",
                "2024-03-01 09:00:00",
                f"2024-03-{k % 28 + 1:02d} 10:{k:02d}:00",
                f"192.168.7.{k}",
                f"https://example.org/?u={k}",
                "Anna",
                "Smith",
                f"a{k}@example.org",
                "flat 3",
                {"F": "Female", "M": "Male"}[sex] if full else sex,
                SAFE[dark] if full else dark,
                SAFE[day] if full else day,
                str(k % 11) if k % 13 else "99",
                *marks,
                "my dog" if k == 7 else "",
                f"I think\nnumber {k}",
                ("North", "South")[k % 2],
                f"{0.5 + k / 40:.3f}",
                "33.4",
                "12.1",
            ]
        )
    return rows


# --- KoboToolbox

SURVEY = [
    ["type", "name", "label::English (en)", "label::Español (es)", "relevant", "parameters"],
    ["start", "start", "", "", "", ""],
    ["today", "today", "", "", "", ""],
    ["begin_group", "about", "About you", "Sobre usted", "", ""],
    ["select_one sex", "sex", "Your sex", "Su sexo", "", ""],
    ["text", "full_name", "What is your name?", "", "", ""],
    ["select_one district", "district", "District", "Distrito", "", ""],
    ["end_group", "", "", "", "", ""],
    ["begin group", "feel", "Feelings", "", "", ""],
    ["select_one safe", "dark", "How safe do you feel alone after dark?", "", "", ""],
    ["range", "police", "How much do you trust the police?", "", "", "start=0 end=10 step=1"],
    ["select_multiple crimes", "crimes", "Which happened to you?", "", "${dark} != 'ns'", ""],
    ["geopoint", "where", "Where?", "", "", ""],
    ["end group", "", "", "", "", ""],
    ["note", "bye", "Thank you", "", "", ""],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)"],
    ["sex", "f", "Woman", "Mujer"],
    ["sex", "m", "Man", "Hombre"],
    ["district", "n", "North", "Norte"],
    ["district", "s", "South", "Sur"],
    ["safe", "vs", "Very safe", "Muy seguro"],
    ["safe", "s", "Safe", "Seguro"],
    ["safe", "u", "Unsafe", "Inseguro"],
    ["safe", "ns", "Don't know", "No sabe"],
    ["crimes", "bag", "Bag stolen", "Bolso"],
    ["crimes", "hit", "Hit", "Golpe"],
    ["crimes", "none", "None of these", "Nada"],
]
SETTINGS = [["form_title", "default_language"], ["Feelings of safety", "English (en)"]]
TAIL = [
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_tags",
    "_index",
]
LABELS = {code: text for _, code, text, _ in CHOICES[1:]}


def xlsform(path: Path) -> Path:
    return write_workbook(path, survey=SURVEY, choices=CHOICES, settings=SETTINGS)


def kobo_head(*, labels: bool, separator: str = "/") -> list[str]:
    if labels:
        head = ["start", "today", "Your sex", "What is your name?", "District"]
        head += ["How safe do you feel alone after dark?", "How much do you trust the police?"]
        head += ["Which happened to you?"]
        head += [f"Which happened to you?/{LABELS[code]}" for code in ("bag", "hit", "none")]
        point = ["Where?", "_Where?_latitude", "_Where?_longitude", "_Where?_altitude"]
        return [*head, *point, *TAIL]
    asked = [("about", "sex"), ("about", "full_name"), ("about", "district"), ("feel", "dark")]
    asked += [("feel", "police"), ("feel", "crimes")]
    head = [separator.join(path) for path in asked]
    head += [separator.join(("feel", "crimes", code)) for code in ("bag", "hit", "none")]
    point = ["where", "_where_latitude", "_where_longitude", "_where_altitude"]
    return ["start", "today", *head, *(separator.join(("feel", p)) for p in point), *TAIL]


def kobo_rows(n: int = 40, *, labels: bool) -> list[list[str]]:
    rows = []
    for k in range(n):
        dark = ("vs", "s", "u", "ns")[k % 4]
        got = [["bag"], ["bag", "hit"], ["none"]][k % 3] if dark != "ns" else None
        shown = (lambda code: LABELS[code]) if labels else str
        marks = ["" if got is None else str(int(c in got)) for c in ("bag", "hit", "none")]
        rows.append(
            [
                f"2024-03-{k % 28 + 1:02d}T10:00:00.000+01:00",
                f"2024-03-{k % 28 + 1:02d}",
                shown("fm"[k % 2]),
                f"Person {k}",
                shown("ns"[k % 2]),
                shown(dark),
                str(k % 11),
                "" if got is None else " ".join(map(shown, got)),
                *marks,
                "41.38 2.17 0 0",
                "41.38",
                "2.17",
                "0",
                str(1000 + k),
                f"uuid-{k:04d}",
                f"2024-04-01T08:00:{k % 60:02d}",
                "",
                "",
                "submitted_via_web",
                "interviewer7",
                "vX1",
                "",
                str(k + 1),
            ]
        )
    return rows
