"""Groups of every kind through the SDK."""

from contextlib import asynccontextmanager

from msgraph import GraphServiceClient
from msgraph.generated.directory_objects.item.check_member_groups.check_member_groups_post_request_body import (  # noqa: E501
    CheckMemberGroupsPostRequestBody,
)
from msgraph.generated.directory_objects.item.get_member_groups.get_member_groups_post_request_body import (  # noqa: E501
    GetMemberGroupsPostRequestBody,
)
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.groups.item.group_item_request_builder import GroupItemRequestBuilder
from msgraph.generated.models.group import Group
from msgraph.generated.models.org_contact import OrgContact
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.user import User

from .support import contacts, new_contact, new_user, options, refused, users

ListOptions = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters
ItemOptions = GroupItemRequestBuilder.GroupItemRequestBuilderGetQueryParameters

# Name, and what tells the kind: mail-enabled, security-enabled, Microsoft 365.
KINDS = {
    "distribution": (True, False, False),
    "mailsecurity": (True, True, False),
    "security": (False, True, False),
    "unified": (True, False, True),
}


def new_group(client: GraphServiceClient, alias: str, kind: str, owner: User) -> Group:
    mail, security, unified = KINDS[kind]
    return Group(
        display_name=f"Group {alias}",
        mail_nickname=alias,
        mail_enabled=mail,
        security_enabled=security,
        group_types=["Unified"] if unified else [],
        additional_data={"owners@odata.bind": [address(client, "users", owner.id)]},
    )


def address(client: GraphServiceClient, collection: str, object_id: str) -> str:
    return f"{client.request_adapter.base_url}/{collection}/{object_id}"


def reference(client: GraphServiceClient, object_id: str) -> ReferenceCreate:
    return ReferenceCreate(odata_id=address(client, "directoryObjects", object_id))


@asynccontextmanager
async def groups(client: GraphServiceClient, *new: Group):
    """Groups for the length of a check."""
    made = [await client.groups.post(group) for group in new]
    try:
        yield made
    finally:
        for group in made:
            await client.groups.by_group_id(group.id).delete()


async def each_kind_is_created_changed_and_deleted(client: GraphServiceClient) -> None:
    async with users(client, new_user("owner", "Owner")) as [owner]:
        for kind, (mail, security, unified) in KINDS.items():
            made = await client.groups.post(new_group(client, kind, kind, owner))
            item = client.groups.by_group_id(made.id)
            read = await item.get()
            assert (read.mail_enabled, read.security_enabled) == (mail, security), kind
            assert (read.group_types == ["Unified"]) == unified, kind
            assert (read.mail is not None) == mail, kind
            await item.patch(Group(description=f"A {kind} group"))
            chosen = await item.get(options(ItemOptions(select=["description"])))
            assert chosen.description == f"A {kind} group" and chosen.display_name is None
            await item.delete()
            async with refused(404, "Request_ResourceNotFound"):
                await item.get()


async def members_of_every_kind_come_and_go(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("boss", "Boss"), new_user("eva", "Eva")) as [boss, eva],
        contacts(client, new_contact("ann", "Ann")) as [ann],
        groups(
            client,
            new_group(client, "outer", "distribution", boss),
            new_group(client, "inner", "mailsecurity", boss),
        ) as [outer, inner],
    ):
        item = client.groups.by_group_id(outer.id)
        for each in (eva, ann, inner):
            await item.members.ref.post(reference(client, each.id))
        async with refused(400, "Request_BadRequest"):
            await item.members.ref.post(reference(client, eva.id))

        page = await item.members.get()
        assert {type(each) for each in page.value} == {User, OrgContact, Group}
        assert {each.id for each in page.value} == {eva.id, ann.id, inner.id}
        for cast, expected in [
            (item.members.graph_user, eva),
            (item.members.graph_org_contact, ann),
            (item.members.graph_group, inner),
        ]:
            assert [each.id for each in (await cast.get()).value] == [expected.id]
            assert int(await cast.count.get()) == 1
        assert int(await item.members.count.get()) == 3
        referenced = await item.members.ref.get()
        assert len(referenced.value) == 3
        expanded = await item.get(options(ItemOptions(expand=["members"])))
        assert {each.id for each in expanded.members} == {eva.id, ann.id, inner.id}

        await item.members.by_directory_object_id(ann.id).ref.delete()
        assert int(await item.members.count.get()) == 2


async def owners_are_added_and_the_last_one_stays(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("first", "First"), new_user("second", "Second")) as [first, second],
        groups(client, new_group(client, "owned", "unified", first)) as [group],
    ):
        owners = client.groups.by_group_id(group.id).owners
        await owners.ref.post(reference(client, second.id))
        assert {each.id for each in (await owners.get()).value} == {first.id, second.id}
        owned = await client.users.by_user_id(second.id).owned_objects.get()
        assert [each.id for each in owned.value] == [group.id]
        await owners.by_directory_object_id(first.id).ref.delete()
        async with refused(400, "Request_BadRequest"):
            await owners.by_directory_object_id(second.id).ref.delete()


async def nesting_is_followed_both_ways(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("chief", "Chief"), new_user("deep", "Deep")) as [chief, deep],
        groups(
            client,
            new_group(client, "upper", "security", chief),
            new_group(client, "lower", "security", chief),
        ) as [upper, lower],
    ):
        upper_item = client.groups.by_group_id(upper.id)
        await upper_item.members.ref.post(reference(client, lower.id))
        lower_members = client.groups.by_group_id(lower.id).members
        await lower_members.ref.post(reference(client, deep.id))
        async with refused(400, "Request_BadRequest"):
            await lower_members.ref.post(reference(client, upper.id))

        transitive = await upper_item.transitive_members.get()
        assert {each.id for each in transitive.value} == {lower.id, deep.id}
        person = client.users.by_user_id(deep.id)
        assert [each.id for each in (await person.member_of.get()).value] == [lower.id]
        above = await person.transitive_member_of.graph_group.get()
        assert {each.id for each in above.value} == {lower.id, upper.id}

        item = client.directory_objects.by_directory_object_id(deep.id)
        asked = CheckMemberGroupsPostRequestBody(group_ids=[upper.id, chief.id])
        assert (await item.check_member_groups.post(asked)).value == [upper.id]
        asked = GetMemberGroupsPostRequestBody(security_enabled_only=False)
        found = await item.get_member_groups.post(asked)
        assert set(found.value) == {lower.id, upper.id}


async def groups_are_filtered_searched_and_counted(client: GraphServiceClient) -> None:
    async with (
        users(client, new_user("keeper", "Keeper")) as [keeper],
        groups(
            client,
            new_group(client, "red", "security", keeper),
            new_group(client, "blue", "unified", keeper),
        ) as [red, blue],
    ):
        unified = await client.groups.get(
            options(ListOptions(filter="groupTypes/any(t:t eq 'Unified')", count=True))
        )
        assert ([each.id for each in unified.value], unified.odata_count) == ([blue.id], 1)
        found = await client.groups.get(options(ListOptions(search='"displayName:red"')))
        assert [each.id for each in found.value] == [red.id]
        assert int(await client.groups.count.get()) == 2


async def a_deleted_group_is_listed_and_restored_with_its_members(
    client: GraphServiceClient,
) -> None:
    async with users(client, new_user("warden", "Warden")) as [warden]:
        made = await client.groups.post(new_group(client, "lost", "unified", warden))
        item = client.groups.by_group_id(made.id)
        await item.members.ref.post(reference(client, warden.id))
        await item.delete()
        deleted = await client.directory.deleted_items.graph_group.get()
        assert made.id in [each.id for each in deleted.value]

        bin_item = client.directory.deleted_items.by_directory_object_id(made.id)
        restored = await bin_item.restore.post()
        assert isinstance(restored, Group) and restored.display_name == "Group lost"
        assert [each.id for each in (await item.members.get()).value] == [warden.id]
        await item.delete()
        await bin_item.delete()
        async with refused(404, "Request_ResourceNotFound"):
            await bin_item.get()


ALL = [
    each_kind_is_created_changed_and_deleted,
    members_of_every_kind_come_and_go,
    owners_are_added_and_the_last_one_stays,
    nesting_is_followed_both_ways,
    groups_are_filtered_searched_and_counted,
    a_deleted_group_is_listed_and_restored_with_its_members,
]
