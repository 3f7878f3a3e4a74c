"""Checks of the workbench that need no database: models, settings in public, templates.

Exit code 1 and one line a fault: a change of a model without its migration, a setting that
would not be safe in public, a template that does not compile.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "src/commonlight/web"
PUBLIC = {
    "COMMONLIGHT_HOSTS": "partnership.example.org",
    "COMMONLIGHT_SECRET_KEY": "nothing-that-anybody-would-guess-0123456789-AbCdEf",
    "COMMONLIGHT_BEHIND_PROXY": "1",
    "DJANGO_SETTINGS_MODULE": "commonlight.web.config.settings",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {**PUBLIC, "COMMONLIGHT_HOME": home}
        import django

        django.setup()
        faults = [*missing_migrations(), *unsafe_settings(), *broken_templates()]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def missing_migrations() -> list[str]:
    from django.core.management import call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        return ["models were changed without a migration: run makemigrations"]
    return []


def unsafe_settings() -> list[str]:
    from django.core.checks import WARNING, run_checks

    found = run_checks(include_deployment_checks=True)
    told = [one for one in found if one.level >= WARNING and not one.is_silenced()]
    return [f"settings: {one.id} {one.msg}" for one in told]


def broken_templates() -> list[str]:
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    faults = []
    found = (path for path in sorted(WEB.rglob("templates/**/*.*")) if path.suffix != ".toml")
    for path in found:
        name = path.relative_to(next(one for one in path.parents if one.name == "templates"))
        try:
            get_template(str(name))
        except TemplateSyntaxError as error:
            faults.append(f"{name}: {error}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
