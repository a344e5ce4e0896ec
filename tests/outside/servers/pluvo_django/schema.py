"""Users and groups through graphene-django: names and arguments of Pluvo's schema, behaviour of graphene.

Much of Pluvo's schema is pieced together, so a server may lack what the documentation shows. This one lacks a person's
`language`, `profileImage` and `extraCategoryValues` and a group's `trainings`, `permissions` and
`extraCategoryValues`: a client that asks for them meets graphene's own answer, status 400 with `Cannot query field …`
and, for fragments, `Unknown type …`.
"""

import graphene
from django.db.models import Q
from graphene_django import DjangoConnectionField

from pluvo_django import models
from pluvo_django.mutations import Mutation
from pluvo_django.types import Group, Role, User


class SortDirection(graphene.Enum):
    ASC = "ASC"
    DESC = "DESC"


class UserSortField(graphene.Enum):
    NAME = "NAME"


class UserSortByInput(graphene.InputObjectType):
    field = UserSortField()
    direction = SortDirection()


class GroupSortByInput(graphene.InputObjectType):
    field = UserSortField()
    direction = SortDirection()


class ExtraCategoryFilterInput(graphene.InputObjectType):
    category_ref = graphene.String()


class Query(graphene.ObjectType):
    user = graphene.Field(User, id=graphene.UUID(), ref=graphene.String(), email=graphene.String())
    paginated_users = DjangoConnectionField(
        User,
        q=graphene.String(),
        archived=graphene.Boolean(),
        user_roles=graphene.List(graphene.NonNull(Role)),
        group_ids=graphene.List(graphene.NonNull(graphene.UUID)),
        training_ids=graphene.List(graphene.NonNull(graphene.UUID)),
        extra_categories=graphene.List(ExtraCategoryFilterInput),
        last_login__gt=graphene.DateTime(),
        last_login__lt=graphene.DateTime(),
        sort_by=UserSortByInput(),
    )
    group = graphene.Field(Group, id=graphene.UUID(), ref=graphene.String())
    paginated_groups = DjangoConnectionField(Group, q=graphene.String(), sort_by=GroupSortByInput())

    def resolve_user(root, info, **keys):
        return models.Person.objects.filter(**keys).first()

    def resolve_paginated_users(root, info, q=None, archived=None, group_ids=None, sort_by=None, **kwargs):
        people = models.Person.objects.all()
        if q:
            people = people.filter(Q(name__icontains=q) | Q(email__icontains=q))
        if archived is not None:
            people = people.filter(archived=archived)
        if group_ids is not None:
            people = people.filter(participant_groups__in=group_ids)
        if sort_by is not None and sort_by.direction == SortDirection.DESC:
            people = people.reverse()
        return people

    def resolve_group(root, info, **keys):
        return models.Group.objects.filter(**keys).first()


schema = graphene.Schema(query=Query, mutation=Mutation)
