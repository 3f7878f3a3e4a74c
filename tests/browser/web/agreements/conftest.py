"""A real browser on the pages of agreements, the log and retention."""

from __future__ import annotations

from web.agreements import conftest as own

draft, offered, signed = own.draft, own.offered, own.signed
read_all = own.read_all
