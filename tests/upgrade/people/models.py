"""Users of a site that has its own: with a big key, and with one that is no number."""

import uuid

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class BigMember(AbstractBaseUser):
    """Has a 64-bit key."""

    id = models.BigAutoField(primary_key=True)
    username = models.CharField(max_length=150, unique=True)

    USERNAME_FIELD = "username"


class UuidMember(AbstractBaseUser):
    """Has a UUID for a key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True)

    USERNAME_FIELD = "username"
