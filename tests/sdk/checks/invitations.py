"""Guests through the SDK."""

from msgraph import GraphServiceClient
from msgraph.generated.models.invitation import Invitation


async def a_guest_is_invited(client: GraphServiceClient) -> None:
    invited = await client.invitations.post(
        Invitation(
            invited_user_email_address="guest@elsewhere.example",
            invited_user_display_name="Guest",
            invite_redirect_url="https://portal.example",
        )
    )
    assert invited.status == "PendingAcceptance"
    assert invited.invite_redeem_url.startswith("https://portal.example")
    guest = await client.users.by_user_id(invited.invited_user.id).get()
    assert guest.display_name == "Guest"
    await client.users.by_user_id(guest.id).delete()


ALL = [a_guest_is_invited]
