"""Users and groups, as graphene-django makes them of the models."""

import graphene
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
