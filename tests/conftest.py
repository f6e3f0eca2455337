"""What every test has: a quick password hash, and one place that knows the databases."""

import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 as tuned costs 65 ms a hash; tests of the hash itself set it back."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
