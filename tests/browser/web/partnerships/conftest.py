"""A real browser at the partnership of Lakeside."""

from __future__ import annotations

from web.partnerships import conftest as own

member, pulse, six, today = own.member, own.pulse, own.six, own.today
