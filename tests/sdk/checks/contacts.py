"""Shared contacts through the SDK."""

from msgraph import GraphServiceClient
from msgraph.generated.contacts.contacts_request_builder import ContactsRequestBuilder
from msgraph.generated.models.org_contact import OrgContact
from msgraph.generated.models.phone import Phone
from msgraph.generated.models.phone_type import PhoneType
from msgraph.generated.models.physical_office_address import PhysicalOfficeAddress

from .support import contacts, new_contact, options, refused


ListOptions = ContactsRequestBuilder.ContactsRequestBuilderGetQueryParameters


async def a_contact_is_created_read_changed_and_deleted(client: GraphServiceClient) -> None:
    # The SDK has no `contacts.post`: Graph itself only reads contacts.
    created = await client.directory_objects.post(
        OrgContact(
            display_name="Ann Baker",
            mail="ann@supplier.example",
            company_name="Supplier",
            phones=[Phone(number="+31 20 555 0199", type=PhoneType.Business)],
            addresses=[PhysicalOfficeAddress(city="Utrecht", country_or_region="Netherlands")],
        )
    )
    assert isinstance(created, OrgContact)
    item = client.contacts.by_org_contact_id(created.id)
    await item.patch(OrgContact(job_title="Account manager"))
    read = await item.get()
    assert (read.display_name, read.job_title) == ("Ann Baker", "Account manager")
    assert (read.mail, read.company_name) == ("ann@supplier.example", "Supplier")
    assert [(each.number, each.type) for each in read.phones] == [
        ("+31 20 555 0199", PhoneType.Business)
    ]
    assert [each.city for each in read.addresses] == ["Utrecht"]

    page = await client.contacts.get()
    assert created.id in [contact.id for contact in page.value]
    assert int(await client.contacts.count.get()) == len(page.value)

    await item.delete()
    async with refused(404, "Request_ResourceNotFound"):
        await item.get()


async def contacts_are_filtered_searched_and_sorted(client: GraphServiceClient) -> None:
    new = [
        new_contact("gill", "Gill Øster", company_name="Adatum"),
        new_contact("hans", "Hans Osterman", company_name="Adatum"),
        new_contact("ivo", "Ivo Peeters", company_name="Other"),
    ]
    async with contacts(client, *new):
        filtered = await client.contacts.get(
            options(ListOptions(filter="companyName eq 'adatum'", orderby=["displayName desc"]))
        )
        assert [each.display_name for each in filtered.value] == ["Hans Osterman", "Gill Øster"]
        searched = await client.contacts.get(
            options(ListOptions(search='"displayName:oster"', select=["displayName"], count=True))
        )
        assert searched.odata_count == 2
        assert all(each.mail is None for each in searched.value), "not selected"


ALL = [
    a_contact_is_created_read_changed_and_deleted,
    contacts_are_filtered_searched_and_sorted,
]
