"""A real browser on the theory of a problem."""

from __future__ import annotations

from web.design.theory import conftest as own

problem, theory = own.problem, own.theory
