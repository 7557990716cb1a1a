"""The checks, one module a noun."""

from . import contacts, groups, invitations, objects, paths, roles, users

ALL = [
    *users.ALL,
    *roles.ALL,
    *invitations.ALL,
    *contacts.ALL,
    *groups.ALL,
    *objects.ALL,
    *paths.ALL,
]
