"""The app of the review of designs."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """What a design is asked before others rely on it."""

    name = "commonlight.web.design.review"
    label = "design_review"
