"""The people and their group."""

import uuid

from django.db import models


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)
    ref = models.CharField(max_length=100, unique=True)
    archived = models.BooleanField(default=False)
    roles = models.JSONField(default=list)

    class Meta:
        ordering = ("name",)


class Group(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    ref = models.CharField(max_length=100, unique=True)
    max_users = models.IntegerField(default=500)
    enable_chat = models.BooleanField(default=True)
    is_editable = models.BooleanField(default=True)
    members = models.ManyToManyField(Person, related_name="participant_groups")
    leaders = models.ManyToManyField(Person, related_name="manager_groups")

    class Meta:
        ordering = ("name",)
