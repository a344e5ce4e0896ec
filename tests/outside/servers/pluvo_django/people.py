"""Fills the database from `people.json`: the same people as `servers/organisation.mjs` has."""

import json
from pathlib import Path

from pluvo_django.models import Group, Person

PEOPLE = json.loads((Path(__file__).parents[2] / "people.json").read_text(encoding="utf-8"))


def fill():
    people = []
    for index in range(PEOPLE["users"]):
        number = index + 1
        given = PEOPLE["givenNames"][index % len(PEOPLE["givenNames"])]
        family = PEOPLE["familyNames"][index % len(PEOPLE["familyNames"])]
        people.append(
            Person(
                id=f"00000000-0000-4000-8000-{number:012}",
                name=f"{given} {family} {number}",
                email=f"person{number}@example.com",
                ref=f"EMP-{number}",
                archived=number % PEOPLE["archivedEvery"] == 0,
                roles=["MANAGER", "PARTICIPANT"] if number == 1 else ["PARTICIPANT"],
            )
        )
    Person.objects.bulk_create(people)
    group = Group.objects.create(id="00000000-0000-4000-9000-000000000001", name="Everybody", ref="GROUP-1")
    group.members.set(people[: PEOPLE["groupSize"]])
    group.leaders.set(people[:1])
