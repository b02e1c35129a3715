"""What a small site needs; secrets come from the environment."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "for a look only")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"
