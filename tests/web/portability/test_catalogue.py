"""The catalogue holds what DCAT-AP asks for, and nobody's name."""

import json

import pytest
from django.test import Client

rdflib = pytest.importorskip("rdflib")
from rdflib import DCAT, DCTERMS, FOAF, RDF, Namespace  # noqa: E402
from rdflib.compare import isomorphic  # noqa: E402

from commonlight.web.eventlog.models import Event  # noqa: E402
from commonlight.web.portability.catalogue.graph import Node, Text, Uri, as_turtle  # noqa: E402

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
BASE = "/public/lakeside"


@pytest.fixture
def turtle(full_city):
    answer = Client().get(f"{BASE}/catalogue.ttl")
    assert answer["Content-Type"] == "text/turtle; charset=utf-8"
    return rdflib.Graph().parse(data=answer.content.decode(), format="turtle")


def test_both_forms_say_the_same(turtle, full_city):
    text = Client().get(f"{BASE}/catalogue.jsonld").content.decode()
    assert isomorphic(turtle, rdflib.Graph().parse(data=text, format="json-ld"))


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (DCAT.Catalog, [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset]),
        (DCAT.Dataset, [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint]),
        (DCAT.Distribution, [DCAT.accessURL, DCAT.downloadURL, DCTERMS.format]),
        (FOAF.Agent, [FOAF.name]),
        (VCARD.Organization, [VCARD.fn]),
    ],
)
def test_what_dcat_ap_asks_for_is_there(turtle, kind, needed):
    things = list(turtle.subjects(RDF.type, kind))
    assert things
    for thing in things:
        for name in needed:
            assert turtle.value(thing, name, any=True) is not None, (thing, name)


def test_what_is_named_is_described(turtle):
    """No address of our own leads to nothing."""
    ours = "http://testserver/public/lakeside/"
    for name in (DCTERMS.publisher, DCAT.contactPoint, DCAT.distribution, DCTERMS.temporal):
        for thing in turtle.objects(None, name):
            assert str(thing).startswith(ours)
            assert (thing, RDF.type, None) in turtle


def test_only_released_findings_and_public_data_are_listed(turtle):
    titles = {str(one) for one in turtle.objects(None, DCTERMS.title)}
    assert {"Safer Lakeside", "Burglary in 2026", "Areas"} <= titles
    assert not any("south" in one for one in titles)
    assert "Burglary" not in titles


def test_files_of_a_release_carry_the_licence_of_the_workspace(turtle):
    given = {str(one) for one in turtle.objects(None, DCTERMS.license)}
    assert given == {"http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"}


def test_nobody_is_named_and_nobody_who_reads_is_kept(full_city, people):
    before = Event.objects.count()
    for path in ("/", "/catalogue/", "/catalogue.jsonld", "/catalogue.ttl"):
        answer = Client().get(BASE + path)
        assert answer.status_code == 200
        assert not answer.cookies
        text = answer.content.decode()
        assert not any(user.name in text or user.email in text for user in people.values())
    assert Event.objects.count() == before


def test_after_the_agreement_the_release_is_gone(full_city):
    from commonlight.web.audits.models import Release

    Release.objects.of(full_city).update(state="withdrawn")
    text = Client().get(f"{BASE}/catalogue.jsonld").content.decode()
    assert "Burglary in 2026" not in text


def test_an_address_that_is_not_there(full_city):
    assert Client().get("/public/nowhere/catalogue.ttl").status_code == 404


@pytest.mark.parametrize("text", ['"""', "a\nb", "\\u0041", "<script>", "\x7f", "ü„“", 'a" ; x "'])
def test_any_text_survives(text):
    node = Node(Uri("http://example.org/a b<c>"), "dcat:Dataset")
    node.say("dct:title", Text(text, "en"))
    graph = rdflib.Graph().parse(data=as_turtle([node]), format="turtle")
    assert [str(one) for one in graph.objects(None, DCTERMS.title)] == [text]


def test_the_document_is_json(full_city):
    document = json.loads(Client().get(f"{BASE}/catalogue.jsonld").content)
    assert document["@graph"][0]["@type"] == "dcat:Catalog"
