"""The app of problems."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """The first pillar: what is wrong, where, for whom, and who says so."""

    name = "commonlight.web.problems"
    label = "problems"

    def ready(self) -> None:
        """Register the rules, and load what each pillar adds to the path of a problem."""
        from commonlight.web.problems import rules  # noqa: F401
        from commonlight.web.problems.coverage import load_coverage
        from commonlight.web.problems.needs import load_needs
        from commonlight.web.problems.path import load_parts
        from commonlight.web.problems.record_fields import load_fields

        load_parts()
        load_fields()
        load_needs()
        load_coverage()
