"""Users and groups through graphene-django: names and arguments of Pluvo's schema, behaviour of graphene.

Fields that Pluvo's documentation uses but does not define (`profileImage`, `archivedAt`, …) are left out, so that a
client that asks for one meets graphene's own answer: status 400 and `Cannot query field …`.
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


class Language(graphene.Enum):
    NL = "NL"


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
    language = graphene.NonNull(Language)

    def resolve_language(root, info):
        return "NL"


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


class Query(graphene.ObjectType):
    user = graphene.Field(User, id=graphene.UUID(), ref=graphene.String(), email=graphene.String())
    paginated_users = DjangoConnectionField(
        User,
        q=graphene.String(),
        archived=graphene.Boolean(),
        user_roles=graphene.List(graphene.NonNull(Role)),
        group_ids=graphene.List(graphene.NonNull(graphene.UUID)),
        training_ids=graphene.List(graphene.NonNull(graphene.UUID)),
        last_login__gt=graphene.DateTime(),
        last_login__lt=graphene.DateTime(),
    )
    group = graphene.Field(Group, id=graphene.UUID(), ref=graphene.String())
    paginated_groups = DjangoConnectionField(Group, q=graphene.String())

    def resolve_user(root, info, **keys):
        return models.Person.objects.filter(**keys).first()

    def resolve_paginated_users(root, info, q=None, archived=None, group_ids=None, **kwargs):
        people = models.Person.objects.all()
        if q:
            people = people.filter(Q(name__icontains=q) | Q(email__icontains=q))
        if archived is not None:
            people = people.filter(archived=archived)
        if group_ids is not None:
            people = people.filter(participant_groups__in=group_ids)
        return people

    def resolve_group(root, info, **keys):
        return models.Group.objects.filter(**keys).first()


schema = graphene.Schema(query=Query)
