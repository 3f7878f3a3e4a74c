"""Events are found by their thing, and the database refuses to change or remove them."""

from typing import Any

from django.db import migrations, models

from commonlight.web.eventlog import guards


def install(apps: Any, schema_editor: Any) -> None:
    guards.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["chain", "thing_kind", "thing_id", "-at"], name="events_of_a_thing"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
