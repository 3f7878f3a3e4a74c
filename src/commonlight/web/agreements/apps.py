"""The agreements app."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Sharing agreements, which decide who sees what."""

    name = "commonlight.web.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Tell the policy who may do what, and keep the data sets of signed agreements."""
        from django.db.models.signals import m2m_changed

        from commonlight.web.agreements import rules  # noqa: F401
        from commonlight.web.agreements.domain.finding import dataset_model
        from commonlight.web.agreements.guards import keep_datasets

        through = dataset_model()._meta.get_field("agreements").remote_field.through
        m2m_changed.connect(keep_datasets, sender=through, dispatch_uid="agreements")
