"""A real browser at the problems of Lakeside: a coordinator, and partners with a phone."""

from __future__ import annotations

from web.problems import conftest as own

problem, asked, answered, opened = own.problem, own.asked, own.answered, own.opened
frame_of, sources, whole = own.frame_of, own.sources, own.whole
