"""Look at one page as people do: in both themes, on a phone, in every language, with axe."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from commonlight.web.ui.languages import LANGUAGES

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const excess = document.documentElement.scrollWidth - width;
  if (excess < 1) return "";
  const outside = (one) => {
    const box = one.getBoundingClientRect();
    return box.right > width + 1 || box.left < -1;
  };
  const scrolls = (one) => {
    for (let above = one.parentElement; above; above = above.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(above).overflowX)) return true;
    return false;
  };
  const found = [...document.querySelectorAll("body *")]
    .filter((one) => outside(one) && !scrolls(one))
    .map((one) => one.outerHTML.slice(0, 120));
  return `${excess} px too wide: ` + found.slice(-2).join(" | ");
}"""
OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
FEWER = """() => {
  const seen = new WeakMap();
  for (const one of document.querySelectorAll("main *")) {
    if (!one.isConnected) continue;
    const alike = seen.get(one.parentElement) ?? new Map();
    seen.set(one.parentElement, alike);
    const sort = `${one.tagName} ${one.getAttribute("class")}`;
    alike.set(sort, (alike.get(sort) ?? 0) + 1);
    const most = one.querySelector("input, select, textarea, button") ? 24 : 12;
    if (alike.get(sort) > most) one.remove();
  }
}"""
"""The 13th row, item or point in a row is like the twelfth, and axe is slow."""
TO_THE_LEFT = "document.documentElement.dir = 'rtl'"
TO_THE_RIGHT = "document.documentElement.dir = 'ltr'"
PHONE = {"width": 360, "height": 800}


@cache
def axe_source() -> str:
    """The script of axe."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def look_at(page: Any, path: str) -> list[str]:
    """Everything that is wrong with a page."""
    page.set_viewport_size(PHONE)
    answer = page.goto(path, wait_until="load")
    if answer.status != 200:
        return [f"{path}: {answer.status}"]
    return [*look_here(page), *_in_other_languages(page, path)]


def look_here(page: Any) -> list[str]:
    """What is wrong with the page as it stands open."""
    size = page.viewport_size
    page.evaluate(OPEN_ALL)
    found = [*_too_wide(page), *_by_axe(page)]
    page.set_viewport_size(size)
    return [f"{page.url} {one}" for one in found]


def _too_wide(page: Any) -> list[str]:
    """Whether a page fits a phone, from the left and from the right."""
    page.set_viewport_size(PHONE)
    found = {"at 360 px": page.evaluate(TOO_WIDE)}
    page.set_viewport_size({"width": 320, "height": 800})
    found["at 320 px"] = page.evaluate(TOO_WIDE)
    page.set_viewport_size(PHONE)
    page.evaluate(TO_THE_LEFT)
    found["at 360 px from right to left"] = page.evaluate(TOO_WIDE)
    page.evaluate(TO_THE_RIGHT)
    return [f"{where}: {what}" for where, what in found.items() if what]


def _in_other_languages(page: Any, path: str) -> list[str]:
    """Whether a page fits a phone in each language, whose words are longer than ours."""
    found = []
    page.set_viewport_size(PHONE)
    for code, _ in LANGUAGES[1:]:
        page.context.add_cookies([{"name": "django_language", "value": code, "url": page.url}])
        page.goto(path, wait_until="load")
        assert page.evaluate("document.documentElement.lang") == code
        page.evaluate(OPEN_ALL)
        if what := page.evaluate(TOO_WIDE):
            found.append(f"{page.url} in {code} at 360 px: {what}")
    page.context.clear_cookies(name="django_language")
    return found


def _by_axe(page: Any) -> list[str]:
    """All rules in light on a wide screen; colours in dark and sizes of targets on a phone."""
    page.evaluate(FEWER)
    page.evaluate(axe_source())
    page.emulate_media(color_scheme="dark")
    rules = {"type": "rule", "values": ON_A_PHONE}
    found = [f"on a phone, in dark: {one}" for one in _violations(page, rules)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1200, "height": 900})
    rules = {"type": "tag", "values": STANDARD}
    return [*found, *(f"in light: {one}" for one in _violations(page, rules))]


ON_A_PHONE = ["target-size", "color-contrast", "link-in-text-block"]


def _violations(page: Any, rules: dict[str, Any]) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    answer = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in answer["violations"]
        for node in one["nodes"][:3]
    ]
