//! Where the properties of users stand.

use crate::query::{Column, Columns};
use roster_domain::users::UserField;

/// The table of users.
pub(crate) enum UserColumns {}

const fn text(name: &'static str) -> Column {
    Column::Text { name, nullable: true }
}

const fn plain(name: &'static str, nullable: bool) -> Column {
    Column::Plain { name, nullable }
}

impl Columns for UserColumns {
    type Field = UserField;
    const TABLE: &'static str = "users";
    const PRESENT: &'static str = " AND users.deleted_at IS NULL";

    fn words(field: UserField) -> Option<&'static str> {
        (field == UserField::DisplayName).then_some("displayNameWords")
    }

    fn column(field: UserField) -> Column {
        use UserField as F;
        match field {
            F::Id => plain("id", false),
            F::UserPrincipalName => Column::Text { name: "upn_key", nullable: false },
            F::DisplayName => Column::Text { name: "display_name_key", nullable: false },
            F::GivenName => text("given_name_key"),
            F::Surname => text("surname_key"),
            F::JobTitle => text("job_title_key"),
            F::Department => text("department_key"),
            F::CompanyName => text("company_name_key"),
            F::OfficeLocation => text("office_location_key"),
            F::StreetAddress => text("street_address_key"),
            F::City => text("city_key"),
            F::State => text("state_key"),
            F::PostalCode => text("postal_code_key"),
            F::Country => text("country_key"),
            F::UsageLocation => text("usage_location_key"),
            F::EmployeeId => text("employee_id_key"),
            F::MobilePhone => text("mobile_phone_key"),
            F::Mail => text("mail_key"),
            F::MailNickname => text("mail_nickname_key"),
            F::AccountEnabled => plain("account_enabled", false),
            F::UserType => plain("user_type", false),
            F::CreatedDateTime => plain("created_at", false),
            F::DeletedDateTime => plain("deleted_at", true),
            F::ManagerId => Column::Seen("manager_id"),
            other => facet(other),
        }
    }
}

/// What has no column of its own.
const fn facet(field: UserField) -> Column {
    use UserField as F;
    match field {
        F::PreferredLanguage => Column::FacetText("preferredLanguage"),
        F::EmployeeType => Column::FacetText("employeeType"),
        F::FaxNumber => Column::FacetText("faxNumber"),
        F::PasswordPolicies => Column::FacetText("passwordPolicies"),
        F::CreationType => Column::FacetText("creationType"),
        F::ExternalUserState => Column::FacetText("externalUserState"),
        F::EmployeeHireDate => Column::FacetTime("employeeHireDate"),
        F::EmployeeLeaveDateTime => Column::FacetTime("employeeLeaveDateTime"),
        F::UserPurpose => Column::FacetText("userPurpose"),
        F::Division => Column::FacetText("division"),
        F::CostCenter => Column::FacetText("costCenter"),
        F::OnPremisesImmutableId => Column::FacetText("onPremisesImmutableId"),
        F::OnPremisesSyncEnabled => Column::FacetBool("onPremisesSyncEnabled"),
        F::OnPremisesProvisioningErrors => Column::FacetList("onPremisesProvisioningErrors"),
        F::ServiceProvisioningErrors => Column::FacetList("serviceProvisioningErrors"),
        F::AssignedLicenses => Column::FacetList("assignedLicenses"),
        F::ExtensionAttribute1 => Column::FacetText("extensionAttribute1"),
        F::ExtensionAttribute2 => Column::FacetText("extensionAttribute2"),
        F::ExtensionAttribute3 => Column::FacetText("extensionAttribute3"),
        F::ExtensionAttribute4 => Column::FacetText("extensionAttribute4"),
        F::ExtensionAttribute5 => Column::FacetText("extensionAttribute5"),
        F::ExtensionAttribute6 => Column::FacetText("extensionAttribute6"),
        F::ExtensionAttribute7 => Column::FacetText("extensionAttribute7"),
        F::ExtensionAttribute8 => Column::FacetText("extensionAttribute8"),
        F::ExtensionAttribute9 => Column::FacetText("extensionAttribute9"),
        F::ExtensionAttribute10 => Column::FacetText("extensionAttribute10"),
        F::ExtensionAttribute11 => Column::FacetText("extensionAttribute11"),
        F::ExtensionAttribute12 => Column::FacetText("extensionAttribute12"),
        F::ExtensionAttribute13 => Column::FacetText("extensionAttribute13"),
        F::ExtensionAttribute14 => Column::FacetText("extensionAttribute14"),
        F::ExtensionAttribute15 => Column::FacetText("extensionAttribute15"),
        F::ShowInAddressList => Column::FacetBool("showInAddressList"),
        F::BusinessPhones => Column::FacetList("businessPhones"),
        F::OtherMails => Column::FacetList("otherMails"),
        F::ProxyAddresses => Column::FacetList("proxyAddresses"),
        _ => Column::Absent,
    }
}

/// The table of users, for those in deleted items.
pub(super) enum DeletedUserColumns {}

impl Columns for DeletedUserColumns {
    type Field = UserField;
    const TABLE: &'static str = UserColumns::TABLE;
    const PRESENT: &'static str = " AND users.deleted_at IS NOT NULL";

    fn words(field: UserField) -> Option<&'static str> {
        UserColumns::words(field)
    }

    fn column(field: UserField) -> Column {
        UserColumns::column(field)
    }
}
