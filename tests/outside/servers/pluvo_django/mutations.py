"""Writing people and memberships, in graphene's own way: its names for input types are nobody else's."""

import graphene
from django.core.exceptions import ValidationError
from django.db import transaction
from graphql import GraphQLError

from pluvo_django import models
from pluvo_django.types import Role, User


class PersonData(graphene.InputObjectType):
    email = graphene.String()
    name = graphene.String()
    ref = graphene.String()
    roles = graphene.List(graphene.NonNull(Role))
    archived = graphene.Boolean()
    add_participant_groups = graphene.List(graphene.NonNull(graphene.UUID))
    remove_participant_groups = graphene.List(graphene.NonNull(graphene.UUID))


def save(person, data):
    """Django's own validation says what is missing or taken."""
    joins, leaves = data.pop("add_participant_groups", []), data.pop("remove_participant_groups", [])
    if "roles" in data:
        data["roles"] = [role.value for role in data["roles"]]
    for field, value in data.items():
        setattr(person, field, value)
    try:
        person.full_clean()
    except ValidationError as problem:
        raise GraphQLError("; ".join(problem.messages), extensions={"code": "BAD_USER_INPUT"}) from problem
    with transaction.atomic():
        person.save()
        person.participant_groups.add(*joins)
        person.participant_groups.remove(*leaves)
    return person


class UpdateOrCreateUser(graphene.Mutation):
    class Arguments:
        ref = graphene.String()
        email = graphene.String()
        send_invite = graphene.Boolean()
        user = PersonData(required=True)

    user = graphene.Field(User)
    created = graphene.Boolean()

    def mutate(root, info, user, send_invite=None, **key):
        person = models.Person.objects.filter(**key).first()
        data = {**key, **user}
        saved = save(person or models.Person(roles=["PARTICIPANT"]), data)
        return UpdateOrCreateUser(user=saved, created=person is None)


class UpdateUser(graphene.Mutation):
    class Arguments:
        id = graphene.UUID()
        ref = graphene.String()
        user = PersonData(required=True)

    user = graphene.Field(User)

    def mutate(root, info, user, **key):
        person = models.Person.objects.filter(**key).first()
        if person is None:
            raise GraphQLError("There is no such user.", extensions={"code": "NOT_FOUND"})
        return UpdateUser(user=save(person, dict(user)))


class MembershipArguments:
    group_id = graphene.UUID()
    group_ref = graphene.String()
    user_ids = graphene.List(graphene.NonNull(graphene.UUID))
    user_refs = graphene.List(graphene.NonNull(graphene.String))


def split(wanted, group_id=None, group_ref=None, user_ids=(), user_refs=()):
    """The group, whose membership changes, whose is so already, and who is nobody."""
    key = {"id": group_id} if group_id else {"ref": group_ref}
    group = models.Group.objects.filter(**key).first()
    if group is None:
        raise GraphQLError("There is no such group.", extensions={"code": "NOT_FOUND"})
    by_id = models.Person.objects.filter(id__in=user_ids)
    people = by_id | models.Person.objects.filter(ref__in=user_refs)
    members = set(group.members.values_list("id", flat=True))
    found = list(people.values_list("id", flat=True))
    already = [person for person in found if (person in members) == wanted]
    missing = [person for person in user_ids if person not in found]
    return group, [person for person in found if person not in already], already, missing


class AddUsersToGroup(graphene.Mutation):
    Arguments = MembershipArguments

    added_ids = graphene.List(graphene.NonNull(graphene.UUID))
    already_added_ids = graphene.List(graphene.NonNull(graphene.UUID))
    failed_ids = graphene.List(graphene.NonNull(graphene.UUID))

    def mutate(root, info, **arguments):
        group, added, already, missing = split(True, **arguments)
        group.members.add(*added)
        return AddUsersToGroup(added_ids=added, already_added_ids=already, failed_ids=missing)


class RemoveUsersFromGroup(graphene.Mutation):
    Arguments = MembershipArguments

    removed_ids = graphene.List(graphene.NonNull(graphene.UUID))
    already_removed_ids = graphene.List(graphene.NonNull(graphene.UUID))
    failed_ids = graphene.List(graphene.NonNull(graphene.UUID))

    def mutate(root, info, **arguments):
        group, removed, already, missing = split(False, **arguments)
        group.members.remove(*removed)
        return RemoveUsersFromGroup(removed_ids=removed, already_removed_ids=already, failed_ids=missing)


class Mutation(graphene.ObjectType):
    update_or_create_user = UpdateOrCreateUser.Field()
    update_user = UpdateUser.Field()
    add_users_to_group = AddUsersToGroup.Field()
    remove_users_from_group = RemoveUsersFromGroup.Field()
