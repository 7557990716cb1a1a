"""What several checks need."""

from contextlib import asynccontextmanager

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.org_contact import OrgContact
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.user import User

DOMAIN = "contoso.onroster.example"


def options(parameters) -> RequestConfiguration:
    return RequestConfiguration(query_parameters=parameters)


def new_user(alias: str, display_name: str, **properties) -> User:
    return User(
        display_name=display_name,
        user_principal_name=f"{alias}@{DOMAIN}",
        mail_nickname=alias,
        account_enabled=True,
        usage_location="NL",
        password_profile=PasswordProfile(password="Kale-Umbrella-91"),
        **properties,
    )


@asynccontextmanager
async def users(client: GraphServiceClient, *new: User):
    """Users for the length of a check."""
    made = [await client.users.post(user) for user in new]
    try:
        yield made
    finally:
        for user in made:
            await client.users.by_user_id(user.id).delete()


def new_contact(alias: str, display_name: str, **properties) -> OrgContact:
    return OrgContact(
        display_name=display_name, mail=f"{alias}@supplier.example", mail_nickname=alias, **properties
    )


@asynccontextmanager
async def contacts(client: GraphServiceClient, *new: OrgContact):
    """Contacts for the length of a check; the SDK has no `contacts.post`."""
    made = [await client.directory_objects.post(contact) for contact in new]
    try:
        yield made
    finally:
        for contact in made:
            await client.contacts.by_org_contact_id(contact.id).delete()


@asynccontextmanager
async def refused(status: int, code: str):
    """Asserts that the body is refused; gives a list that will hold the refusal."""
    refusals = []
    try:
        yield refusals
    except ODataError as refusal:
        assert refusal.response_status_code == status, refusal
        assert refusal.error.code == code, refusal.error
        assert refusal.error.message, refusal.error
        assert refusal.error.inner_error.request_id, refusal.error
        refusals.append(refusal)
    else:
        raise AssertionError(f"not refused with {status} {code}")
