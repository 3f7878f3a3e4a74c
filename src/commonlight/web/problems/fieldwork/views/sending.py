"""Do what a form asks; what cannot be kept is said at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form

from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.states import NotNow
from commonlight.web.thread.domain import LinkError

__all__ = ["done"]


def done(form: Form, deed: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """What the deed gives; None where it was refused, with the sentence at the form's field."""
    try:
        return deed(*given, **more) or True
    except FieldworkError as error:
        form.add_error(error.part if error.part in form.fields else None, str(error))
    except (LinkError, NotNow) as error:
        form.add_error(None, str(error))
    return None
