"""Files of a theory: JSON comes back identically, documents have headings and tell pictures."""

from __future__ import annotations

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonlight.web.design.theory.domain.exchange import (
    as_json,
    document_of,
    import_theory,
    read_file,
)
from commonlight.web.design.theory.domain.file_check import FileError
from commonlight.web.design.theory.domain.reading import read_theory
from commonlight.web.eventlog.models import Event
from commonlight.web.problems.domain.stating import open_problem
from commonlight.web.thread.domain import join

HOME = "/w/lakeside/problems/1/theory/"


@pytest.fixture
def told(theory, actor_of, dataset):
    """The theory with evidence on one link."""
    join(actor_of("analyst"), theory.second, dataset(is_public=True), note="How many")
    return theory


def another(actor, title="Bicycles are stolen"):
    words = "Bicycles are stolen at the pool in summer."
    return open_problem(actor, title=title, sentence=words, place="The pool")


def test_json_comes_back_identically_in_another_problem(told, actor_of):
    who = actor_of("analyst")
    text = as_json(read_theory(who, told.problem))
    assert '"How many"' in text
    other = another(who)
    import_theory(who, other, read_file(text.encode()))
    assert as_json(read_theory(who, other)) == text


def test_json_comes_back_identically_where_it_was_changed_since(told, actor_of, client_of):
    who = actor_of("analyst")
    text = as_json(read_theory(who, told.problem))
    client_of("partner").post(f"{HOME}steps/2/remove/")
    import_theory(who, told.problem, read_file(text.encode()))
    assert as_json(read_theory(who, told.problem)) == text


def test_in_another_city_evidence_is_named_and_proves_nothing(told, actor_of):
    stranger = actor_of("stranger")
    text = as_json(read_theory(actor_of("analyst"), told.problem))
    other = another(stranger)
    import_theory(stranger, other, read_file(text.encode()))
    sheet = read_theory(stranger, other)
    assert as_json(sheet) == text
    assert sum(map(len, sheet.grounds.values())) == 0
    assert [one["title"] for one in sheet.links[1].cited] == ["Burglary"]


def test_evidence_that_the_reader_may_not_see_is_not_in_the_file(theory, actor_of, dataset):
    data = dataset("secret", name="A secret list")
    join(actor_of("analyst"), theory.second, data)
    assert "A secret list" in as_json(read_theory(actor_of("analyst"), theory.problem))
    assert "A secret list" not in as_json(read_theory(actor_of("evaluator"), theory.problem))


def test_an_import_keeps_what_was_there_as_a_version(told, client_of, actor_of):
    client = client_of("partner")
    content = json.dumps({"schema": "commonlight.theory/1", "steps": [], "links": []})
    file = SimpleUploadedFile("theory.json", content.encode())
    assert client.post(f"{HOME}import/", {"file": file}).status_code == 302
    assert read_theory(actor_of("partner"), told.problem).steps == ()
    assert "Version 1" in client.get(f"{HOME}versions/").content.decode()


STEP = {"id": "a", "number": 1, "kind": "activity", "text": "A"}
LINK = {"id": "l", "number": 1, "from": "a", "to": "b"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": "other"}, "“schema” must be “commonlight.theory/1”"),
        ({"steps": {}}, "“steps” must be a list of at most 500"),
        ({"steps": ["a"]}, "steps[0] must be an object"),
        ({"steps": [{**STEP, "kind": "dream"}]}, "steps[0].kind must be one of: activity"),
        ({"steps": [{**STEP, "text": " "}]}, "steps[0]: the text is empty"),
        ({"steps": [{**STEP, "text": "x" * 201}]}, "steps[0].text must be text of at most 200"),
        ({"steps": [{**STEP, "id": "A B"}]}, "steps[0].id must be one to twelve"),
        ({"steps": [{**STEP, "number": True}]}, "steps[0].number must be a whole number"),
        ({"steps": [STEP, {**STEP, "id": "b"}]}, "steps.number: “1” stands there twice"),
        ({"links": [LINK]}, "links[0].to: there is no step “b”"),
        ({"links": [{**LINK, "to": "a"}]}, "links[0]: a step cannot lead to itself"),
    ],
)
def test_a_file_that_is_no_theory_is_refused_with_the_place(db, change, told):
    given = {"schema": "commonlight.theory/1", "steps": [STEP], "links": [], **change}
    with pytest.raises(FileError, match=re.escape(told)):
        read_file(json.dumps(given).encode())


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"{", b"x" * (1024 * 1024 + 1)])
def test_a_file_that_cannot_be_read_is_refused(content):
    with pytest.raises(FileError, match="file"):
        read_file(content)


def test_the_picture_has_a_title_and_tells_itself_in_words(theory, client_of):
    answer = client_of("decision_maker").get(f"{HOME}theory.svg")
    root = ElementTree.fromstring(answer.content)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    title, words = root.find(f"{space}title"), root.find(f"{space}desc")
    assert title.text == "Theory of change: Young people are threatened at the station"
    assert "Link 1: “Youth workers are at the station in the evening” leads to" in words.text
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == words.get("id")
    assert not root.findall(f".//{space}a")
    assert b"style=" not in answer.content


def test_the_document_has_headings_tables_and_words_for_the_picture(theory, client_of):
    answer = client_of("partner").get(f"{HOME}theory.docx")
    found = docx.Document(io.BytesIO(answer.content))
    styles = [one.style.name for one in found.paragraphs]
    assert styles[0] == "Title"
    headings = [one.text for one in found.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["Diagram", "Steps", "Links", "What the checks find", "Unproven links"]
    assert found.tables[0].rows[1].cells[2].text == theory.work.text
    [picture] = found.inline_shapes
    words = picture._inline.docPr.get("descr")
    assert words.startswith("Diagram of the theory of change. Link 1:")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert parts.read("word/media/picture1.png").startswith(b"\x89PNG")
        ElementTree.fromstring(parts.read("word/media/picture1.svg"))


def test_the_page_and_the_document_have_the_signs_of_french(told, client_of, city):
    links = type(told.first).objects.of(city.workspace)
    links.filter(pk=told.first.pk).update(is_own_judgement=False, assumption="")
    client, narrow = client_of("partner"), "\N{NARROW NO-BREAK SPACE}"
    french = {"Accept-Language": "fr"}
    page = client.get(HOME, headers=french).content.decode()
    assert f"<td>1{narrow}: {told.work.text}</td><td>2{narrow}: {told.trust.text}</td>" in page
    answer = client.get(f"{HOME}theory.docx", headers=french)
    lines = [one.text for one in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert any(f"»{narrow}: " in one for one in lines)


def test_the_same_theory_gives_the_same_bytes(theory, client_of):
    client = client_of("partner")
    for name in ("svg", "json", "docx", "pptx"):
        first, again = (client.get(f"{HOME}theory.{name}").content for _ in range(2))
        assert first == again, name


def test_every_slide_has_a_title_and_the_picture_its_words(theory, client_of):
    answer = client_of("partner").get(f"{HOME}theory.pptx")
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    show = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        names = parts.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
        slides = [
            ElementTree.fromstring(parts.read(f"ppt/slides/slide{at}.xml")) for at in (1, 2, 3, 4)
        ]
    for slide in slides:
        [_title] = slide.findall(f".//{show}ph[@type='title']")
    texts = [one.text for one in slides[0].iter(f"{drawing}t")]
    assert texts[0] == theory.problem.title
    [words] = slides[1].findall(f".//{show}pic/{show}nvPicPr/{show}cNvPr")
    assert "Link 1:" in words.get("descr")


def test_what_leaves_is_logged_and_nothing_leaves_an_empty_theory(theory, client_of, actor_of):
    client = client_of("partner")
    client.get(f"{HOME}theory.json")
    event = Event.objects.filter(chain="lakeside").latest("number")
    assert (event.kind, event.action) == ("export", "theory.export")
    other = another(actor_of("partner"))
    address = f"/w/lakeside/problems/{other.number}/theory/theory.json"
    assert client.get(address).status_code == 404


def test_markup_in_words_stays_words(theory, client_of):
    client = client_of("partner")
    nasty = "<script>alert(1)</script>&\x00\x0b"
    sent = {"kind": "activity", "text": nasty.replace("\x00", ""), "revision": 1}
    assert client.post(f"{HOME}steps/1/", sent).status_code == 302
    assert b"<script>alert" not in client.get(HOME).content
    ElementTree.fromstring(client.get(f"{HOME}theory.svg").content)
    docx.Document(io.BytesIO(client.get(f"{HOME}theory.docx").content))


def test_the_interface_tells_what_the_page_shows(theory, client_of, actor_of):
    client = client_of("evaluator")
    base = "/api/v1/workspaces/lakeside"
    found = client.get(f"{base}/problems/1/theory").json()
    document = document_of(read_theory(actor_of("evaluator"), theory.problem))
    assert found["steps"] == document["steps"]
    assert [one["start"] for one in found["links"]] == [one["from"] for one in document["links"]]
    assert found["faults"] == []
    [row] = client.get(f"{base}/theories").json()["items"]
    assert (row["steps"], row["links"], row["faults"]) == (5, 4, [])
    assert client_of("stranger").get(f"{base}/problems/1/theory").status_code == 404
