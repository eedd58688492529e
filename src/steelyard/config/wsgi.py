"""The product as a WSGI application; it refuses to start on a database that it does not fit."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
application = get_wsgi_application()

from steelyard.config.checks import require_fit_database  # noqa: E402  needs the apps loaded

require_fit_database()
