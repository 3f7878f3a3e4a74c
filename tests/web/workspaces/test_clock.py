"""Times are those of the city that is looked at, and never those of the one before."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from commonlight.web.workspaces.actors import actor_of_request
from commonlight.web.workspaces.clock import CityClockMiddleware


def test_a_page_of_a_city_shows_the_time_of_the_city(city, people, rf):
    city.workspace.time_zone = "America/Chicago"
    city.workspace.save()
    request = rf.get("/")
    request.user = people["partner"]
    request.session = {}
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    try:
        actor_of_request(request, "lakeside")
        assert timezone.localtime(noon).hour == 7
    finally:
        timezone.deactivate()


def test_the_next_request_does_not_keep_it(rf):
    timezone.activate(ZoneInfo("America/Chicago"))
    CityClockMiddleware(lambda request: timezone.get_current_timezone_name())(rf.get("/"))
    assert timezone.get_current_timezone_name() == "UTC"
