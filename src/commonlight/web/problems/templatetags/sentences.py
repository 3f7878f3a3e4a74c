"""`{% load sentences %}{{ text|bare }}`: texts of people before a sign of ours."""

from __future__ import annotations

from django import template

from commonlight.web.problems.domain.sentences import bare

register = template.Library()

register.filter("bare", bare)
