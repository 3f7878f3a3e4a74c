"""The app of partnerships."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """The second pillar: mandates, tasks, agreements, pulse and meetings."""

    name = "commonlight.web.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """Register the rules, and load what each app counts of partners."""
        from commonlight.web.partnerships import rules  # noqa: F401
        from commonlight.web.partnerships.domain.facts import load_facts

        load_facts()
