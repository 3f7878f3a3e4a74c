"""The workbench's settings for tests: a home folder of their own, fast passwords."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="commonlight-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["COMMONLIGHT_HOME"] = _home
os.environ["COMMONLIGHT_DATABASE_URL"] = os.environ.get("COMMONLIGHT_TEST_DATABASE", "")
for _name in ("COMMONLIGHT_HOSTS", "COMMONLIGHT_SECRET_KEY", "COMMONLIGHT_BEHIND_PROXY"):
    os.environ.pop(_name, None)

from commonlight.web.config.settings import *  # noqa: E402, F403
from commonlight.web.config.settings import DATABASES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # A file, so that threads and processes of a test meet in one database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_home) / "tests.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)
