"""The app of knowledge."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """The second pillar: practices, statements, gaps, and whether they fit here."""

    name = "commonlight.web.knowledge"
    label = "knowledge"
