"""Objects of every kind, and the address book, through the SDK."""

import json
from urllib.parse import quote

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphServiceClient
from msgraph.generated.directory_objects.get_by_ids.get_by_ids_post_request_body import (
    GetByIdsPostRequestBody,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.org_contact import OrgContact
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.user import User
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

from .support import contacts, new_contact, new_user, options, users

ListOptions = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters


async def objects_are_read_by_their_ids(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("ida", "Ida")) as [ida],
        contacts(client, new_contact("bob", "Bob")) as [bob],
    ):
        everything = await client.directory_objects.get_by_ids.post(
            GetByIdsPostRequestBody(ids=[bob.id, ida.id])
        )
        assert [type(each) for each in everything.value] == [OrgContact, User]
        people = await client.directory_objects.get_by_ids.post(
            GetByIdsPostRequestBody(ids=[bob.id, ida.id], types=["user"])
        )
        assert [each.id for each in people.value] == [ida.id]
        one = await client.directory_objects.by_directory_object_id(bob.id).get()
        assert isinstance(one, OrgContact) and one.display_name == "Bob"


async def managers_are_expanded_in_a_list(client: GraphServiceClient) -> None:
    async with users(client, new_user("head", "Head"), new_user("hand", "Hand")) as [head, hand]:
        address = f"{client.request_adapter.base_url}/users/{head.id}"
        item = client.users.by_user_id(hand.id)
        await item.manager.ref.put(ReferenceUpdate(odata_id=address))
        page = await client.users.get(
            options(ListOptions(expand=["manager"], filter="startswith(displayName,'H')"))
        )
        managers = {each.display_name: each.manager and each.manager.id for each in page.value}
        assert managers == {"Head": None, "Hand": head.id}
        await item.manager.ref.delete()


async def the_address_book_finds_people_and_contacts(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("zoe", "Zoë de Wit")) as [zoe],
        contacts(client, new_contact("zoran", "Zoran Żak")) as [zoran],
    ):
        assert await typed(client, "zo") == [("Zoë de Wit", zoe.id), ("Zoran Żak", zoran.id)]
        assert await typed(client, "wit zoe") == [("Zoë de Wit", zoe.id)]
        assert await typed(client, "zak") == [("Zoran Żak", zoran.id)]


async def typed(client: GraphServiceClient, text: str) -> list[tuple[str, str]]:
    """What the address book shows."""
    body = await asked(client, Method.GET, f"addressBook?$top=10&$search={quote(text)}")
    return [(entry["displayName"], entry["id"]) for entry in body["value"]]


async def asked(client: GraphServiceClient, method: Method, path: str, body=None) -> dict | None:
    """The answer of a resource that the SDK does not have: its adapter asks."""
    request = RequestInformation(method)
    request.url = f"{client.request_adapter.base_url}/{path}"
    request.headers.add("Accept", "application/json")
    if body is not None:
        request.set_stream_content(json.dumps(body).encode(), "application/json")
    errors = {"XXX": ODataError}
    answer = await client.request_adapter.send_primitive_async(request, "bytes", errors)
    return json.loads(answer) if answer else None


async def a_saved_view_shows_its_users(client: GraphServiceClient) -> None:
    async with users(client, new_user("vera", "Vera", city="Delft")) as [vera]:
        views = await asked(client, Method.GET, "userViews")
        assert {"all", "licensed", "withErrors"} <= {view["id"] for view in views["value"]}
        body = {"displayName": "In Delft", "criteria": {"city": "Delft"}}
        view = await asked(client, Method.POST, "userViews", body)
        shown = await asked(client, Method.GET, f"userViews/{view['id']}/users?$select=id")
        assert [each["id"] for each in shown["value"]] == [vera.id]
        await asked(client, Method.DELETE, f"userViews/{view['id']}")


ALL = [
    objects_are_read_by_their_ids,
    managers_are_expanded_in_a_list,
    the_address_book_finds_people_and_contacts,
    a_saved_view_shows_its_users,
]
