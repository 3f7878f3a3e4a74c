"""The pages of the path under load: 200 problems, 10,000 ideas, 2,000 links of theories.

``commonlight serve --demo`` on SQLite with two web workers. The demo's workspace is filled up to
200 problems with statements, causes and theories, whose links rest on findings; half of all ideas
belong to one problem. Every page of the path that the coordinator can open is found from the
addresses, asked for at 20 requests a second while the worker imports, and timed from the moment
it was due. Targets as for all pages: median at most 200 ms, 95th percentile at most 500 ms.

``COMMONLIGHT_BENCH_HOME`` names the home of a demo made before, which is copied.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import child_arguments
from benchmarks.web_serving import Browser, fixed_rate, importing, serving

QUICK = {"incidents": 10_000, "seconds": 10, "problems": 5, "ideas": 50, "links": 40}
APPS = (
    "problems",
    "fieldwork",
    "knowledge",
    "partnerships",
    "theory",
    "design",
    "engagement",
    "design_review",
    "assessment",
    "thread",
)
#: What stands in the places of addresses; the demo's second problem is the one with most in it.
VALUES = {
    "workspace": "lindhafen",
    "number": "2",
    "kind": "problem",
    "name": "sara",
}
FILES = (".csv", ".json", ".md", ".docx", ".pptx", ".pdf", ".svg")


def run(
    incidents: int = 50_000,
    seconds: int = 300,
    problems: int = 200,
    ideas: int = 10_000,
    links: int = 2_000,
) -> list[dict[str, Any]]:
    """Start, fill, measure, stop; one row for each page."""
    with (
        tempfile.TemporaryDirectory(prefix="commonlight-path-") as folder,
        serving(Path(folder), incidents) as server,
    ):
        _child(Path(folder), problems, ideas, links)
        browser = Browser()
        browser.become("coordinator")
        pages = _shown(browser)
        with importing(Path(folder)) as imports:
            rows = fixed_rate(browser, pages, seconds, imports)
        assert server.poll() is None, "the server ended"
    slowest = sorted(rows[:-1], key=lambda one: one["median_ms"])[-12:]
    return [rows[-1] | {"pages": len(pages)}, *reversed(slowest)]


def _child(home: Path, *sizes: int) -> None:
    command = [sys.executable, "-m", "benchmarks.web_path", "--child", str(home), *map(str, sizes)]
    subprocess.run(command, check=True)


def _shown(browser: Browser) -> dict[str, str]:
    """The pages that the coordinator is shown, each asked for often enough to be warm."""
    found = {}
    for name, address in addresses():
        status, body = browser.ask("GET", address)
        if status == 200 and body.lstrip().startswith(b"<!DOCTYPE"):
            found[name] = address
            for _ in range(3):
                browser.ask("GET", address)
    assert len(found) > 60, f"only {len(found)} pages were shown"
    return found


def addresses() -> Iterator[tuple[str, str]]:
    """Every address of the path, its places filled in."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "commonlight.web.config.settings"
    django.setup()
    from django.urls import get_resolver

    resolver = get_resolver()
    for app in APPS:
        for pattern, route in _routes(resolver, app):
            filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: VALUES.get(one[1], "1"), route)
            if not filled.endswith(FILES):
                yield f"{app}: {pattern}", f"/{filled}"


def _routes(resolver: Any, app: str) -> Iterator[tuple[str, str]]:
    for prefix, (_, inner) in _namespaces(resolver, "", app):
        for one in inner.url_patterns:
            yield one.name, prefix + str(one.pattern)


def _namespaces(resolver: Any, prefix: str, app: str) -> Iterator[tuple[str, tuple[str, Any]]]:
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            here = prefix + str(one.pattern)
            if one.app_name == app:
                yield here, (app, one)
            else:
                yield from _namespaces(one, here, app)


def fill(home: Path, problems: int, ideas: int, links: int) -> None:
    """In a process of its own: fill the workspace of the demo."""
    os.environ |= {"COMMONLIGHT_HOME": str(home), "COMMONLIGHT_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "commonlight.web.config.settings"
    import django

    django.setup()
    from django.db import transaction

    from commonlight.web.workspaces.models import Workspace

    place = Workspace.objects.get(slug="lindhafen")
    with transaction.atomic():
        made = _problems(place, problems)
        _ideas(place, made, ideas)
        _theories(place, made, links)


def _problems(place: Any, wanted: int) -> list[Any]:
    from commonlight.web.problems.models import Cause, Problem, Statement
    from commonlight.web.workspaces.models import Membership

    author = Membership.objects.of(place).filter(role="coordinator").first()
    known = Problem.objects.of(place).count()
    numbers = range(known + 1, wanted + 1)
    made = Problem.objects.bulk_create(
        Problem(workspace=place, number=one, title=f"Problem {one}", opened_by=author)
        for one in numbers
    )
    Statement.objects.bulk_create(
        Statement(workspace=place, problem=one, number=1, sentence="It is dark.", author=author)
        for one in made
    )
    Cause.objects.bulk_create(
        Cause(workspace=place, problem=one, text=f"Cause {n}", family="lighting", reach="inside")
        for one in made
        for n in range(3)
    )
    return [*Problem.objects.of(place).order_by("number")]


def _ideas(place: Any, problems: list[Any], wanted: int) -> None:
    """Half of the ideas to the second problem, the others in turn."""
    from commonlight.web.design.models import Idea

    heavy = problems[1]
    owners = [heavy if n % 2 else problems[n // 2 % len(problems)] for n in range(wanted)]
    Idea.objects.bulk_create(
        (
            Idea(workspace=place, problem=one, number=1000 + n, text=f"Idea {n}: a lamp there")
            for n, one in enumerate(owners)
        ),
        batch_size=500,
    )


def _theories(place: Any, problems: list[Any], wanted: int) -> None:
    """A chain of ten links for each problem without a theory, every link resting on a finding."""
    from commonlight.web.audits.models import StoredFinding
    from commonlight.web.design.theory.models import Link, Step, Theory
    from commonlight.web.thread.models import Link as Strand

    with_one = set(Theory.objects.of(place).values_list("problem_id", flat=True))
    free = [one for one in problems if one.pk not in with_one]
    each = -(-wanted // len(free))
    finding = StoredFinding.objects.of(place).first()
    for problem in free:
        theory = Theory.objects.create(workspace=place, problem=problem)
        steps = Step.objects.bulk_create(
            Step(workspace=place, theory=theory, number=n + 1, kind="activity", text=f"Step {n}")
            for n in range(each + 1)
        )
        made = Link.objects.bulk_create(
            Link(
                workspace=place,
                theory=theory,
                number=n + 1,
                source=steps[n],
                target=steps[n + 1],
                mechanism="Because it is seen",
            )
            for n in range(each)
        )
        Strand.objects.bulk_create(
            Strand(
                workspace=place,
                claim_kind="theory_link",
                claim_key=str(one.pk),
                ground_kind="finding",
                ground_key=str(finding.pk),
            )
            for one in made
        )


if __name__ == "__main__":
    given = child_arguments()
    if given:
        fill(Path(given[0]), *(int(one) for one in given[1:]))
    else:
        for one in run(**(QUICK if "--quick" in sys.argv else {})):
            print(one)
