"""Users through the SDK."""

from msgraph import GraphServiceClient
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.user import User
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.tasks.page_iterator import PageIterator

from .support import DOMAIN, new_user, options, refused, users

ListOptions = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters
ItemOptions = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters


async def a_user_is_created_read_changed_and_deleted(client: GraphServiceClient) -> None:
    phones = ["+31 20 555 0100"]
    created = await client.users.post(
        new_user("jan.smit", "Jan Smit", job_title="Buyer", business_phones=phones)
    )
    item = client.users.by_user_id(created.id)
    by_name = await client.users.by_user_id(f"JAN.SMIT@{DOMAIN}").get()
    assert by_name.id == created.id
    assert by_name.odata_type in (None, "#microsoft.graph.user")
    assert (by_name.job_title, by_name.business_phones) == ("Buyer", phones)

    await item.patch(User(job_title="Head buyer", department="Purchasing"))
    chosen = await item.get(options(ItemOptions(select=["jobTitle", "department", "mail"])))
    assert (chosen.job_title, chosen.department) == ("Head buyer", "Purchasing")
    assert chosen.mail == f"jan.smit@{DOMAIN}"
    assert chosen.display_name is None, "not selected"

    await item.patch(User(additional_data={"department": None}))
    assert (await item.get(options(ItemOptions(select=["department"])))).department is None

    await item.delete()
    async with refused(404, "Request_ResourceNotFound"):
        await item.get()


async def what_was_read_can_be_written_back(client: GraphServiceClient) -> None:
    async with users(client, new_user("eva", "Eva")) as [eva]:
        item = client.users.by_user_id(eva.id)
        whole = await item.get()
        whole.office_location = "4.12"
        await item.patch(whole)
        assert (await item.get()).office_location == "4.12"


async def pages_are_followed_without_loss_or_duplicate(client: GraphServiceClient) -> None:
    people = [new_user(f"page{number}", f"Page {number}") for number in range(7)]
    async with users(client, *people) as made:
        parameters = ListOptions(
            top=3, filter="startswith(displayName,'Page')", orderby=["displayName desc"]
        )
        seen = []
        first = await client.users.get(options(parameters))
        assert len(first.value) == 3 and first.odata_next_link

        def note(user: User) -> bool:
            seen.append(user.id)
            return True

        await PageIterator(first, client.request_adapter).iterate(note)
        assert seen == [user.id for user in reversed(made)]


async def a_list_is_filtered_projected_and_counted(client: GraphServiceClient) -> None:
    people = [
        new_user("jan", "Jan Bakker", department="Sales"),
        new_user("jana", "Jana Bos", department="Sales"),
        new_user("piet", "Piet Jansen", department="Sales"),
    ]
    async with users(client, *people):
        parameters = ListOptions(
            filter="startswith(displayName,'Jan') and department eq 'Sales'",
            select=["displayName", "department"],
            orderby=["displayName"],
            count=True,
        )
        page = await client.users.get(options(parameters))
        assert page.odata_count == 2
        assert [user.display_name for user in page.value] == ["Jan Bakker", "Jana Bos"]
        assert all(user.user_principal_name is None for user in page.value), "not selected"
        searched = await client.users.get(options(ListOptions(search='"displayName:jan"')))
        found = sorted(user.display_name for user in searched.value)
        assert found == ["Jan Bakker", "Jana Bos", "Piet Jansen"]


async def the_number_of_users_is_plain_text(client: GraphServiceClient) -> None:
    async with users(client, new_user("one", "One"), new_user("two", "Two")):
        counted = await client.users.count.get()
        assert int(counted) == 3, "and the administrator"


async def a_deleted_user_is_listed_restored_and_erased(client: GraphServiceClient) -> None:
    eva = await client.users.post(new_user("gone", "Gone"))
    await client.users.by_user_id(eva.id).delete()
    deleted = await client.directory.deleted_items.graph_user.get()
    assert eva.id in [user.id for user in deleted.value]

    item = client.directory.deleted_items.by_directory_object_id(eva.id)
    restored = await item.restore.post()
    assert isinstance(restored, User) and restored.user_principal_name == f"gone@{DOMAIN}"
    assert (await client.users.by_user_id(eva.id).get()).display_name == "Gone"

    await client.users.by_user_id(eva.id).delete()
    await item.delete()
    async with refused(404, "Request_ResourceNotFound"):
        await item.get()


async def a_manager_is_set_followed_and_cleared(client: GraphServiceClient) -> None:
    async with users(client, new_user("chief", "Chief"), new_user("clerk", "Clerk")) as [chief, clerk]:
        clerks = client.users.by_user_id(clerk.id)
        base = client.request_adapter.base_url
        await clerks.manager.ref.put(ReferenceUpdate(odata_id=f"{base}/users/{chief.id}"))
        manager = await clerks.manager.get()
        assert isinstance(manager, User) and manager.display_name == "Chief"
        reports = await client.users.by_user_id(chief.id).direct_reports.get()
        assert [report.id for report in reports.value] == [clerk.id]
        expanded = await clerks.get(options(ItemOptions(expand=["manager"])))
        assert expanded.manager.id == chief.id
        await clerks.manager.ref.delete()
        async with refused(404, "Request_ResourceNotFound"):
            await clerks.manager.get()


async def every_offending_property_is_named(client: GraphServiceClient) -> None:
    wrong = new_user("wrong", "   ")
    wrong.user_principal_name = "wrong@nowhere.example"
    wrong.usage_location = "Netherlands"
    async with refused(400, "Request_BadRequest") as refusals:
        await client.users.post(wrong)
    targets = {detail.target for detail in refusals[0].error.details}
    assert targets == {"displayName", "userPrincipalName", "usageLocation"}, targets
    assert all(detail.code and detail.message for detail in refusals[0].error.details)


async def a_taken_name_is_a_conflict(client: GraphServiceClient) -> None:
    async with users(client, new_user("taken", "Taken")):
        async with refused(400, "Request_BadRequest") as refusals:
            await client.users.post(new_user("taken", "Again"))
    detail = refusals[0].error.details[0]
    assert (detail.code, detail.target) == ("ObjectConflict", "userPrincipalName"), detail


async def an_unknown_property_in_a_query_is_refused(client: GraphServiceClient) -> None:
    async with refused(400, "Request_BadRequest") as refusals:
        await client.users.get(options(ListOptions(select=["noSuchProperty"])))
    assert refusals[0].error.target == "noSuchProperty", refusals[0].error


ALL = [
    a_user_is_created_read_changed_and_deleted,
    what_was_read_can_be_written_back,
    pages_are_followed_without_loss_or_duplicate,
    a_list_is_filtered_projected_and_counted,
    the_number_of_users_is_plain_text,
    a_deleted_user_is_listed_restored_and_erased,
    a_manager_is_set_followed_and_cleared,
    every_offending_property_is_named,
    a_taken_name_is_a_conflict,
    an_unknown_property_in_a_query_is_refused,
]
