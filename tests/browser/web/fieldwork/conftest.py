"""A real browser in the field: a phone, a session of the youth workers, an audit."""

from __future__ import annotations

from web.fieldwork import conftest as own

problem, session, cause, audit = own.problem, own.session, own.cause, own.audit
hold, finding = own.hold, own.finding
