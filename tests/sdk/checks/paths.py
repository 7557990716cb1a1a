"""Paths that the request builders of the SDK make beside those of each noun."""

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.contacts.contacts_request_builder import ContactsRequestBuilder
from msgraph.generated.directory_objects.validate_properties.validate_properties_post_request_body import (  # noqa: E501
    ValidatePropertiesPostRequestBody,
)
from msgraph.generated.groups.item.validate_properties.validate_properties_post_request_body import (  # noqa: E501
    ValidatePropertiesPostRequestBody as GroupNames,
)
from msgraph.generated.models.group import Group
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.user import User
from msgraph.generated.users.count.count_request_builder import CountRequestBuilder
from msgraph.generated.users.item.check_member_groups.check_member_groups_post_request_body import (
    CheckMemberGroupsPostRequestBody,
)
from msgraph.generated.users.item.get_member_groups.get_member_groups_post_request_body import (
    GetMemberGroupsPostRequestBody,
)
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder

from .groups import address, groups, new_group, reference
from .support import contacts, new_contact, new_user, options, refused, users

UserOptions = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters
ContactOptions = ContactsRequestBuilder.ContactsRequestBuilderGetQueryParameters
CountOptions = CountRequestBuilder.CountRequestBuilderGetQueryParameters


async def one_of_the_related_objects_is_read(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("top", "Top"), new_user("under", "Under")) as [top, under],
        groups(client, new_group(client, "circle", "security", top)) as [circle],
    ):
        await client.groups.by_group_id(circle.id).members.ref.post(reference(client, under.id))
        person = client.users.by_user_id(under.id)
        await person.manager.ref.put(ReferenceUpdate(odata_id=address(client, "users", top.id)))
        one = await person.member_of.by_directory_object_id(circle.id).get()
        assert isinstance(one, Group) and one.id == circle.id
        reports = client.users.by_user_id(top.id).direct_reports
        one = await reports.by_directory_object_id(under.id).get()
        assert isinstance(one, User) and one.display_name == "Under"
        async with refused(404, "Request_ResourceNotFound"):
            await person.member_of.by_directory_object_id(top.id).get()

        cast = await person.member_of.graph_group.get()
        assert [each.id for each in cast.value] == [circle.id]
        assert int(await person.member_of.graph_group.count.get()) == 1
        asked = CheckMemberGroupsPostRequestBody(group_ids=[circle.id, top.id])
        assert (await person.check_member_groups.post(asked)).value == [circle.id]
        asked = GetMemberGroupsPostRequestBody(security_enabled_only=True)
        assert (await person.get_member_groups.post(asked)).value == [circle.id]


async def relations_are_expanded_with_what_was_chosen(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("lead", "Lead"), new_user("aide", "Aide")) as [lead, aide],
        contacts(client, new_contact("cleo", "Cleo")) as [cleo],
    ):
        lead_address = ReferenceUpdate(odata_id=address(client, "users", lead.id))
        await client.users.by_user_id(aide.id).manager.ref.put(lead_address)
        choice = UserOptions(select=["id", "displayName"], expand=["manager($select=id,displayName)"])
        read = await client.users.by_user_id(aide.id).get(options(choice))
        assert (read.display_name, read.manager.display_name) == ("Aide", "Lead")
        assert read.mail is None and read.manager.mail is None
        async with groups(client, new_group(client, "band", "security", lead)) as [band]:
            await client.groups.by_group_id(band.id).members.ref.post(reference(client, aide.id))
            read = await client.users.by_user_id(aide.id).get(
                options(UserOptions(expand=["memberOf"]))
            )
            assert [each.id for each in read.member_of] == [band.id]
        page = await client.contacts.get(
            options(ContactOptions(expand=["manager"], filter="displayName eq 'Cleo'"))
        )
        assert [(each.id, each.manager) for each in page.value] == [(cleo.id, None)]


async def a_deleted_user_is_restored_where_it_was(client: GraphServiceClient) -> None:
    made = await client.users.post(new_user("phoenix", "Phoenix"))
    item = client.users.by_user_id(made.id)
    await item.delete()
    deleted = await client.directory.deleted_items.graph_user.get()
    assert made.id in [each.id for each in deleted.value]
    restored = await item.restore.post()
    assert isinstance(restored, User) and restored.password_profile.password
    await item.delete()
    restored = await client.directory_objects.by_directory_object_id(made.id).restore.post()
    assert restored.id == made.id
    await item.delete()
    await client.directory.deleted_items.by_directory_object_id(made.id).delete()
    async with refused(404, "Request_ResourceNotFound"):
        await item.restore.post()


async def names_of_groups_are_checked_ahead(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("namer", "Namer")) as [namer],
        groups(client, new_group(client, "taken", "unified", namer)) as [taken],
    ):
        check = client.directory_objects.validate_properties
        asked = ValidatePropertiesPostRequestBody
        await check.post(asked(entity_type="Group", display_name="Free", mail_nickname="free"))
        async with refused(422, "Request_UnprocessableEntity"):
            await check.post(asked(entity_type="Group", mail_nickname="taken"))
        own = client.groups.by_group_id(taken.id).validate_properties
        await own.post(GroupNames(display_name="Group taken", mail_nickname="taken"))


async def a_count_asks_with_its_header(client: GraphServiceClient) -> None:
    async with users(client, new_user("cora", "Cora One"), new_user("cory", "Cory Two")):
        request = RequestConfiguration(
            query_parameters=CountOptions(filter="startswith(displayName,'Cor')")
        )
        request.headers.add("ConsistencyLevel", "eventual")
        assert int(await client.users.count.get(request)) == 2


ALL = [
    one_of_the_related_objects_is_read,
    relations_are_expanded_with_what_was_chosen,
    a_deleted_user_is_restored_where_it_was,
    names_of_groups_are_checked_ahead,
    a_count_asks_with_its_header,
]
