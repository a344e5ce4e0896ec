"""Users and groups through graphene-django: names and arguments of Pluvo's schema, behaviour of graphene.

Much of Pluvo's schema is pieced together, so a server may lack what the documentation shows. This one lacks a person's
`language`, `profileImage` and `extraCategoryValues` and a group's `trainings`, `permissions` and
`extraCategoryValues`: a client that asks for them meets graphene's own answer, status 400 with `Cannot query field …`
and, for fragments, `Unknown type …`.
"""

import graphene
from django.db.models import Q
from graphene import relay
from graphene.relay.id_type import SimpleGlobalIDType, UUIDGlobalIDType
from graphene_django import DjangoConnectionField, DjangoObjectType

from pluvo_django import models


class Role(graphene.Enum):
    MANAGER = "MANAGER"
    TRAINER = "TRAINER"
    PARTICIPANT = "PARTICIPANT"


class CountedConnection(relay.Connection):
    class Meta:
        abstract = True

    count = graphene.Int()

    def resolve_count(root, info):
        return root.length


class IdNode(relay.Node):
    class Meta:
        name = "IdNode"
        global_id_type = SimpleGlobalIDType


class UUIDNode(relay.Node):
    class Meta:
        name = "UUIDNode"
        global_id_type = UUIDGlobalIDType


class User(DjangoObjectType):
    class Meta:
        model = models.Person
        interfaces = (IdNode,)
        connection_class = CountedConnection
        fields = ("name", "email", "ref", "archived")

    roles = graphene.List(Role)
    participant_groups = graphene.List(graphene.NonNull(lambda: Group))
    manager_groups = graphene.List(graphene.NonNull(lambda: Group))

    def resolve_participant_groups(root, info):
        return root.participant_groups.all()

    def resolve_manager_groups(root, info):
        return root.manager_groups.all()


class Group(DjangoObjectType):
    class Meta:
        model = models.Group
        interfaces = (UUIDNode,)
        connection_class = CountedConnection
        fields = ("name", "ref", "max_users", "enable_chat", "is_editable")

    users = DjangoConnectionField(User)
    managers = DjangoConnectionField(User)
    user_count = graphene.Int()
    manager_count = graphene.Int()

    def resolve_users(root, info, **kwargs):
        return root.members.all()

    def resolve_managers(root, info, **kwargs):
        return root.leaders.all()

    def resolve_user_count(root, info):
        return root.members.count()

    def resolve_manager_count(root, info):
        return root.leaders.count()


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


schema = graphene.Schema(query=Query)
