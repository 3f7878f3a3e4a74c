"""Where the pages of the one problem are, and what an answer says."""

from __future__ import annotations

HOME = "/w/lakeside/problems/"
ONE = f"{HOME}1/"


def words(answer):
    return answer.content.decode()
