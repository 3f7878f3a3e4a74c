"""What stands in the catalogue: releases with their files, and data sets that are public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from commonlight.web.audits.domain.downloads import FILES, files_of
from commonlight.web.audits.domain.public import PublicFinding, PublicRelease, released
from commonlight.web.data.models import DataSet
from commonlight.web.portability.catalogue.graph import Node, Text, Uri
from commonlight.web.workspaces.enums import Licence
from commonlight.web.workspaces.models import Organisation, Workspace

__all__ = ["catalogue_of", "public_datasets"]

AUTHORITY = "http://publications.europa.eu/resource/authority"
SAFETY = Uri(f"{AUTHORITY}/data-theme/JUST")
PUBLIC = Uri(f"{AUTHORITY}/access-right/PUBLIC")
LANGUAGES = {"en": "ENG", "de": "DEU", "fr": "FRA"}
LICENCES = {
    Licence.CC_BY: "CC_BY_4_0",
    Licence.CC_BY_SA: "CC_BYSA_4_0",
    Licence.CC0: "CC0",
}
FILE_TYPES = {
    "table.csv": "CSV",
    "finding.json": "JSON",
    "chart.svg": "SVG",
    "map.svg": "SVG",
    "map.geojson": "GEOJSON",
}

Absolute = Callable[[str], str]


def public_datasets(workspace: Workspace) -> list[DataSet]:
    """Data sets that are public data and have something in them."""
    rows = DataSet.objects.of(workspace).filter(
        is_public=True, deleted_at=None, current__isnull=False
    )
    return list(rows.select_related("owner", "current"))


def catalogue_of(workspace: Workspace, absolute: Absolute) -> list[Node]:
    """The catalogue and all that it lists; people are nowhere in it."""
    home = absolute(reverse("portability-public:start", args=[workspace.slug]))
    publisher = _organisation(workspace, home)
    contact = _contact(workspace, home)
    listed: list[Node] = []
    for release in released(workspace, with_content=True):
        if release.findings:
            listed += _release(workspace, release, absolute, publisher, contact)
    for dataset in public_datasets(workspace):
        listed += _dataset(workspace, dataset, home, contact)
    catalogue = Node(Uri(home), "dcat:Catalog")
    language = workspace.language
    catalogue.say("dct:title", Text(workspace.name, language))
    catalogue.say("dct:description", Text(_about(workspace), "en"))
    catalogue.say("dct:publisher", publisher.uri)
    catalogue.say("foaf:homepage", Uri(home))
    catalogue.say("dct:language", _language(language))
    catalogue.say("dcat:dataset", *(one.uri for one in listed if one.kind == "dcat:Dataset"))
    return [catalogue, publisher, contact, *listed]


def _release(
    workspace: Workspace, one: PublicRelease, absolute: Absolute, publisher: Node, contact: Node
) -> list[Node]:
    """A release as a data set, each file of its findings as a distribution."""
    release = one.release
    address = absolute(reverse("audits-public:brief", args=[workspace.slug, release.number]))
    node = Node(Uri(address), "dcat:Dataset")
    files = [file for found in one.findings for file in _files(workspace, found, absolute)]
    sentences = " ".join(found.sentence for found in one.findings)
    node.say("dct:title", Text(release.title, workspace.language))
    node.say("dct:description", Text(release.text or sentences, _text_language(release, workspace)))
    node.say("dct:identifier", Text(address))
    node.say("dct:publisher", publisher.uri)
    node.say("dcat:contactPoint", contact.uri)
    node.say("dcat:theme", SAFETY)
    node.say("dct:accessRights", PUBLIC)
    node.say("dct:issued", release.checked_at)
    node.say("dcat:landingPage", Uri(address))
    node.say("dcat:distribution", *(file.uri for file in files))
    period = _period(f"{address}#period", *_days(release.run.parameters))
    if period:
        node.say("dct:temporal", period.uri)
        files.append(period)
    return [node, *files]


def _files(workspace: Workspace, found: PublicFinding, absolute: Absolute) -> list[Node]:
    """The files of a released finding."""
    number, key = found.release.number, found.finding.key
    page = absolute(reverse("audits-public:finding", args=[workspace.slug, number, key]))
    nodes = []
    for name in files_of(found.content):
        address = absolute(reverse("audits-public:file", args=[workspace.slug, number, key, name]))
        node = Node(Uri(address), "dcat:Distribution")
        node.say("dct:title", Text(f"{found.sentence} ({name})", "en"))
        node.say("dcat:accessURL", Uri(page))
        node.say("dcat:downloadURL", Uri(address))
        node.say("dct:format", Uri(f"{AUTHORITY}/file-type/{FILE_TYPES[name]}"))
        node.say("dcat:mediaType", _media_type(name))
        node.say("dct:license", Uri(f"{AUTHORITY}/licence/{LICENCES[Licence(workspace.licence)]}"))
        nodes.append(node)
    return nodes


def _dataset(workspace: Workspace, dataset: DataSet, home: str, contact: Node) -> list[Node]:
    """A public data set, which its own publisher publishes."""
    address = f"{home}#data-{dataset.slug}"
    node = Node(Uri(address), "dcat:Dataset")
    publisher = Node(Uri(f"{address}-publisher"), "foaf:Agent")
    publisher.say("foaf:name", Text(dataset.publisher or dataset.owner.name))
    node.say("dct:title", Text(dataset.name, workspace.language))
    node.say("dct:description", Text(dataset.description or dataset.name, workspace.language))
    node.say("dct:identifier", Text(address))
    node.say("dct:publisher", publisher.uri)
    node.say("dcat:contactPoint", contact.uri)
    node.say("dcat:theme", SAFETY)
    node.say("dct:accessRights", PUBLIC)
    node.say("dct:rights", _rights(address, dataset))
    current = dataset.current
    assert current is not None
    node.say("dct:modified", current.created_at)
    found = [node, publisher]
    if dataset.licence:
        rights = Node(Uri(f"{address}-licence"), "dct:RightsStatement")
        rights.say("dct:description", Text(dataset.licence))
        found.append(rights)
    period = _period(f"{address}-period", current.first_day, current.last_day)
    if period:
        node.say("dct:temporal", period.uri)
        found.append(period)
    return found


def _organisation(workspace: Workspace, home: str) -> Node:
    """The publisher: the municipality, else the partnership itself."""
    found = Organisation.objects.of(workspace).filter(kind="municipality").first()
    node = Node(Uri(f"{home}#publisher"), "foaf:Agent")
    node.say("foaf:name", Text(found.name if found else workspace.name))
    return node


def _contact(workspace: Workspace, home: str) -> Node:
    """An office, never a person."""
    found = Organisation.objects.of(workspace).exclude(public_contact="").order_by("pk").first()
    node = Node(Uri(f"{home}#contact"), "vcard:Organization")
    node.say("vcard:fn", Text(found.name if found else workspace.name))
    node.say("vcard:hasURL", Uri(home))
    node.say("vcard:note", Text(found.public_contact) if found else None)
    return node


def _period(address: str, first: date | None, last: date | None) -> Node | None:
    if first is None and last is None:
        return None
    node = Node(Uri(address), "dct:PeriodOfTime")
    node.say("dcat:startDate", first)
    node.say("dcat:endDate", last)
    return node


def _days(parameters: dict[str, Any]) -> tuple[date | None, date | None]:
    """The period that an audit covered."""
    try:
        first, last = parameters["period"]
        return date.fromisoformat(first), date.fromisoformat(last)
    except (KeyError, TypeError, ValueError):
        return None, None


def _about(workspace: Workspace) -> str:
    return f"Released findings and public data of the security partnership of {workspace.city}."


def _language(code: str) -> Uri | None:
    found = LANGUAGES.get(code.split("-")[0])
    return Uri(f"{AUTHORITY}/language/{found}") if found else None


def _text_language(release: Any, workspace: Workspace) -> str:
    """What residents should know is written by people; sentences of findings are English."""
    return workspace.language if release.text else "en"


def _media_type(name: str) -> Uri:
    return Uri("http://www.iana.org/assignments/media-types/" + FILES[name].split(";")[0])


def _rights(address: str, dataset: DataSet) -> Uri | None:
    return Uri(f"{address}-licence") if dataset.licence else None
