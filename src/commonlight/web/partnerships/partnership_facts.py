"""What the partnership itself tells of declared and done, and of involvement."""

from commonlight.web.partnerships.domain import counting, involving

__all__ = ["counting", "involving"]
