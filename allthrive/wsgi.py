"""The WSGI entry point of the reference host."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allthrive.settings")

application = get_wsgi_application()
