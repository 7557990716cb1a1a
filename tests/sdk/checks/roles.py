"""Role assignments through the SDK."""

from msgraph import GraphServiceClient
from msgraph.generated.models.unified_role_assignment import UnifiedRoleAssignment
from msgraph.generated.models.user import User
from msgraph.generated.role_management.directory.role_assignments.role_assignments_request_builder import (  # noqa: E501
    RoleAssignmentsRequestBuilder,
)

from .support import DOMAIN, new_user, options, refused, users

ListOptions = RoleAssignmentsRequestBuilder.RoleAssignmentsRequestBuilderGetQueryParameters
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
BILLING_ADMINISTRATOR = "b0f54661-2d74-4c50-afa3-1ec803f12efe"


async def a_role_is_assigned_listed_and_revoked(client: GraphServiceClient) -> None:
    assignments = client.role_management.directory.role_assignments
    person = new_user("bill", "Bill", other_mails=["bill@elsewhere.example"])
    async with users(client, person) as [bill]:
        made = await assignments.post(
            UnifiedRoleAssignment(
                principal_id=bill.id,
                role_definition_id=BILLING_ADMINISTRATOR,
                directory_scope_id="/",
            )
        )
        held = await assignments.get(options(ListOptions(filter=f"principalId eq '{bill.id}'")))
        assert [each.id for each in held.value] == [made.id]
        assert held.value[0].role_definition_id == BILLING_ADMINISTRATOR

        await assignments.by_unified_role_assignment_id(made.id).delete()
        held = await assignments.get(options(ListOptions(filter=f"principalId eq '{bill.id}'")))
        assert held.value == []


async def the_eight_roles_and_their_members_are_listed(client: GraphServiceClient) -> None:
    definitions = await client.role_management.directory.role_definitions.get()
    assert len(definitions.value) == 8 and all(role.is_built_in for role in definitions.value)

    roles = await client.directory_roles.get()
    assert len(roles.value) == 8
    [global_role] = [role for role in roles.value if role.role_template_id == GLOBAL_ADMINISTRATOR]
    members = await client.directory_roles.by_directory_role_id(global_role.id).members.get()
    names = [each.user_principal_name for each in members.value if isinstance(each, User)]
    assert f"admin@{DOMAIN}" in names, names


async def the_last_global_administrator_stays(client: GraphServiceClient) -> None:
    async with refused(409, "LastGlobalAdministrator"):
        await client.users.by_user_id(f"admin@{DOMAIN}").delete()


ALL = [
    a_role_is_assigned_listed_and_revoked,
    the_eight_roles_and_their_members_are_listed,
    the_last_global_administrator_stays,
]
