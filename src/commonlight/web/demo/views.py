"""Choose who to be, and walk the tour."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from commonlight.web.accounts.models import User
from commonlight.web.demo.context import SESSION_KEY
from commonlight.web.demo.people import PEOPLE, demo_person
from commonlight.web.demo.tours import place_of
from commonlight.web.policy import open_page

__all__ = ["become", "choose", "end_tour", "sample", "step"]

SAMPLE_FILE = "simulated_incidents.csv"
SAMPLE_LINES = 501
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@open_page
def choose(request: HttpRequest) -> HttpResponse:
    """The people of the demo city."""
    _demo_only()
    return render(request, "demo/choose.html", {"people": PEOPLE})


@open_page
@require_POST
def become(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as a demo person and start that person's tour.

    Who has put a tour away and is somebody else now finds what waits for that person instead.
    """
    _demo_only()
    try:
        user = User.objects.get(email=demo_person(key).email, is_simulated=True)
    except (KeyError, User.DoesNotExist):
        raise Http404 from None
    has_ended_tour = request.user.is_authenticated and SESSION_KEY not in request.session
    logout(request)
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)
    if has_ended_tour:
        return redirect("workspaces-site:start")
    return redirect("demo-site:step", key=key, number=1)


@open_page
def step(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Go to a step of a tour: remember it and open its page."""
    _demo_only()
    place = place_of(key, number)
    if place is None:
        raise Http404
    request.session[SESSION_KEY] = [key, number]
    return redirect(place.address)


@open_page
def sample(request: HttpRequest) -> HttpResponse:
    """A small file to try the upload with: the first records of the simulated city."""
    _demo_only()
    path = Path(settings.COMMONLIGHT_HOME) / "demo-city" / SAMPLE_FILE
    if not path.is_file():
        raise Http404
    with path.open("rb") as lines:
        content = b"".join(islice(lines, SAMPLE_LINES))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="simulated_sample.csv"'
    return answer


@open_page
@require_POST
def end_tour(request: HttpRequest) -> HttpResponse:
    """Put the tour away."""
    _demo_only()
    request.session.pop(SESSION_KEY, None)
    return redirect("workspaces-site:start")


def _demo_only() -> None:
    """Elsewhere than in a demo these pages do not exist."""
    if not settings.COMMONLIGHT_DEMO:
        raise Http404
