"""The product's settings on a data folder that goes away with the run."""

import atexit
import os
import shutil
import tempfile

os.environ["STEELYARD_DATA"] = tempfile.mkdtemp(prefix="steelyard-tests-")
atexit.register(shutil.rmtree, os.environ["STEELYARD_DATA"], ignore_errors=True)

from steelyard.config.settings import *  # noqa: E402, F403  the folder must be set first

# Argon2 is slow on purpose; what is tested here is not its strength.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]

# A database in memory is shared by one lock without waiting; a file behaves as the product's own does.
SQLITE["TEST"] = {"NAME": STEELYARD_DATA / "tests.sqlite3"}  # noqa: F405
