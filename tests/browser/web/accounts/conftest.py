"""A real browser on the pages of people, with the city of the web tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PASSWORD = "a long enough passphrase"


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Sign in by the page."""

    def do(page: Any, role: str, *, to: str = "/me/") -> None:
        page.goto(f"/accounts/login/?next={to}")
        page.get_by_label("E-mail address").fill(f"{role}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    return do
