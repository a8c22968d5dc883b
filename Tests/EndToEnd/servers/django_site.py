"""What the servers under Django have in common."""

import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def settings(directory: str) -> dict:
    """Settings of a site on loopback with a database in `directory`."""
    return {
        "SECRET_KEY": os.urandom(32).hex(),
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "DATABASES": {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": os.path.join(directory, "site.sqlite3"),
                "OPTIONS": {"timeout": 20},
            }
        },
        "STATIC_URL": "/static/",
    }


def key() -> str:
    """A fresh RSA key in PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return private.private_bytes(*form).decode()
