//! Where the properties of contacts stand.

use crate::query::{Column, Columns};
use roster_domain::contacts::ContactField;

/// The table of contacts.
pub(crate) enum ContactColumns {}

const fn text(name: &'static str, nullable: bool) -> Column {
    Column::Text { name, nullable }
}

const fn plain(name: &'static str, nullable: bool) -> Column {
    Column::Plain { name, nullable }
}

impl Columns for ContactColumns {
    type Field = ContactField;
    const TABLE: &'static str = "contacts";
    const PRESENT: &'static str = "";

    fn words(field: ContactField) -> Option<&'static str> {
        (field == ContactField::DisplayName).then_some("displayNameWords")
    }

    fn column(field: ContactField) -> Column {
        use ContactField as F;
        match field {
            F::Id => plain("id", false),
            F::CreatedDateTime => plain("created_at", false),
            F::ManagerId => Column::Seen("manager_id"),
            F::DisplayName => text("display_name_key", false),
            F::Name => text("name_key", false),
            F::Mail => text("mail_key", false),
            F::MailNickname => text("mail_nickname_key", false),
            F::GivenName => text("given_name_key", true),
            F::Surname => text("surname_key", true),
            F::CompanyName => text("company_name_key", true),
            F::Department => text("department_key", true),
            F::JobTitle => text("job_title_key", true),
            F::Initials => Column::FacetText("initials"),
            F::HiddenFromAddressListsEnabled => Column::FacetBool("hiddenFromAddressListsEnabled"),
            F::OnPremisesSyncEnabled => Column::FacetBool("onPremisesSyncEnabled"),
            F::ProxyAddresses => Column::FacetList("proxyAddresses"),
            F::Addresses => Column::FacetList("addresses"),
            F::Phones => Column::FacetList("phones"),
            F::PersonalNotes | F::WebPage | F::MailTip => Column::Absent,
        }
    }
}
