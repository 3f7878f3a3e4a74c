"""The JSON interface: everything that pages show, under the same rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from commonlight import __version__
from commonlight.web.api.auth import SessionAuth, TokenAuth
from commonlight.web.api.problems import MEDIA_TYPE, answer_with_problems
from commonlight.web.api.rates import PerMinute

__all__ = ["api"]

PREFIX = "/api/v1/"
ABOUT = """Everything that the pages of a workspace show, under the same rules.

Send a token as `Authorization: Bearer clt_...`; make one on the page “Tokens” of your workspace.
Errors are problem details (RFC 9457): `detail` says why, `ask` says whom to ask.
Lists take `limit` and `offset`. At most 600 requests a minute; public ones at most 120.
"""


class Interface(NinjaAPI):
    """The interface, whose document says how errors are sent."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The OpenAPI document, with problems under their own media type."""
        document = super().get_openapi_schema(**{"path_prefix": PREFIX, **kwargs})
        for path in document["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    _name_problem(str(status), answer)
        return document

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        """As in Ninja; answers are for the one who asked, and are kept by no cache."""
        answer = super().create_response(request, data, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer


def _name_problem(status: str, answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if status.startswith(("4", "5")) and "application/json" in content:
        content[MEDIA_TYPE] = content.pop("application/json")


api = Interface(
    title="Commonlight",
    version=__version__,
    description=ABOUT,
    urls_namespace="api-v1",
    auth=[TokenAuth(), SessionAuth()],
    throttle=[PerMinute(600)],
    docs_url=None,
    openapi_url=None,
)
answer_with_problems(api)
