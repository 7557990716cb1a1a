"""The checks, one module a noun."""

from . import contacts, invitations, roles, users

ALL = [*users.ALL, *roles.ALL, *invitations.ALL, *contacts.ALL]
