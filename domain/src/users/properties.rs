//! The property table of users.

use super::complex::{EXTENSION_MEMBERS, ORG_DATA_MEMBERS};
use super::rules::{policies, upn, usage_location};
use super::{PERSON, User};
use crate::addresses::rules::{address, addresses, alias, on_text, proxies};
use crate::authz::{Capabilities, Grant, Right, Scope};
use crate::error::Result;
use crate::objects::{Expandable, Expanded};
use crate::ports::ReadTx;
use crate::properties::{Entity, Property, Type};
use crate::text::not_blank;
use crate::value::Value;
use crate::{fields, get, managers, set};
use std::borrow::Cow;

fields!(
    /// A property of a user, as typed queries name it.
    UserField:
    Id,
    UserPrincipalName,
    DisplayName,
    GivenName,
    Surname,
    JobTitle,
    Department,
    CompanyName,
    OfficeLocation,
    StreetAddress,
    City,
    State,
    PostalCode,
    Country,
    UsageLocation,
    PreferredLanguage,
    EmployeeId,
    EmployeeType,
    EmployeeHireDate,
    EmployeeLeaveDateTime,
    FaxNumber,
    MobilePhone,
    BusinessPhones,
    Mail,
    MailNickname,
    OtherMails,
    AlternateEmail,
    ProxyAddresses,
    AccountEnabled,
    UserType,
    PasswordPolicies,
    ShowInAddressList,
    UserPurpose,
    LastPasswordChangeDateTime,
    SignInSessionsValidFromDateTime,
    CreatedDateTime,
    DeletedDateTime,
    EmployeeOrgData,
    Division,
    CostCenter,
    ImAddresses,
    SecurityIdentifier,
    OnPremisesImmutableId,
    OnPremisesSyncEnabled,
    OnPremisesLastSyncDateTime,
    OnPremisesDistinguishedName,
    OnPremisesDomainName,
    OnPremisesSamAccountName,
    OnPremisesSecurityIdentifier,
    OnPremisesUserPrincipalName,
    OnPremisesProvisioningErrors,
    OnPremisesExtensionAttributes,
    ExtensionAttribute1,
    ExtensionAttribute2,
    ExtensionAttribute3,
    ExtensionAttribute4,
    ExtensionAttribute5,
    ExtensionAttribute6,
    ExtensionAttribute7,
    ExtensionAttribute8,
    ExtensionAttribute9,
    ExtensionAttribute10,
    ExtensionAttribute11,
    ExtensionAttribute12,
    ExtensionAttribute13,
    ExtensionAttribute14,
    ExtensionAttribute15,
    ServiceProvisioningErrors,
    AssignedLicenses,
    AssignedPlans,
    ProvisionedPlans,
    LicenseAssignmentStates,
    Capabilities,
    CreationType,
    ExternalUserState,
    ManagerId,
);

const fn text(max: usize) -> Type {
    Type::Text { max }
}

const fn row(
    name: &'static str,
    field: UserField,
    ty: Type,
    get: for<'a> fn(&'a User) -> Value<'a>,
    description: &'static str,
) -> Property<User> {
    Property::new(name, field, ty, get, description)
}

/// What is null for whoever no other directory provides.
const KEPT_HERE: &str = "Null: the person is kept here and not by a synchronised directory.";

/// What is empty where nothing is licensed.
const UNLICENSED: &str = "Empty: the directory assigns no licences.";

const fn none(_: &User) -> Value<'_> {
    Value::Null
}

const fn nothing(_: &User) -> Value<'_> {
    Value::List(Vec::new())
}

/// The row of one extension attribute.
macro_rules! extension {
    ($number:literal, $field:ident) => {
        row(
            concat!("onPremisesExtensionAttributes/extensionAttribute", $number),
            F::$field,
            text(1024),
            |user| user.extension_attributes.get($number),
            "Extension attribute.",
        )
        .filterable()
    };
}

use UserField as F;

impl Entity for User {
    type Field = UserField;
    const NAME: &'static str = "user";

    // Lengths are those of the bulk file, one limit a property (A27, R13).
    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", F::Id, Type::Id, id_value, "Identifier, never reused.")
            .for_members()
            .by_default()
            .filterable(),
        row(
            "userPrincipalName",
            F::UserPrincipalName,
            text(113),
            get!(user_principal_name),
            "Sign-in name `name@domain`, in a verified domain of the organisation.",
        )
        .writable(set!(user_principal_name))
        .rule(upn)
        .required()
        .by_default()
        .for_members()
        .sensitive()
        .sortable(),
        row("displayName", F::DisplayName, text(256), get!(display_name), "Name shown in lists.")
            .writable(set!(display_name))
            .rule(|value| on_text(value, not_blank))
            .required()
            .by_default()
            .for_members()
            .sortable(),
        row("givenName", F::GivenName, text(64), get!(given_name), "Given name.")
            .writable(set!(given_name))
            .by_default()
            .for_members()
            .sortable(),
        row("surname", F::Surname, text(64), get!(surname), "Family name.")
            .writable(set!(surname))
            .by_default()
            .for_members()
            .sortable(),
        row("jobTitle", F::JobTitle, text(64), get!(job_title), "Job title.")
            .writable(set!(job_title))
            .by_default()
            .for_members()
            .sortable(),
        row("department", F::Department, text(64), get!(department), "Department.")
            .writable(set!(department))
            .for_members()
            .sortable(),
        row("companyName", F::CompanyName, text(64), get!(company_name), "Company.")
            .writable(set!(company_name))
            .for_members()
            .sortable(),
        row("officeLocation", F::OfficeLocation, text(128), get!(office_location), "Office.")
            .writable(set!(office_location))
            .by_default()
            .for_members()
            .sortable(),
        row(
            "streetAddress",
            F::StreetAddress,
            text(1023),
            get!(street_address),
            "Street and number.",
        )
        .writable(set!(street_address))
        .for_members()
        .filterable(),
        row("city", F::City, text(128), get!(city), "City.")
            .writable(set!(city))
            .for_members()
            .sortable(),
        row("state", F::State, text(128), get!(state), "State or province.")
            .writable(set!(state))
            .for_members()
            .sortable(),
        row("postalCode", F::PostalCode, text(40), get!(postal_code), "Postal code.")
            .writable(set!(postal_code))
            .for_members()
            .sortable(),
        row("country", F::Country, text(128), get!(country), "Country or region.")
            .writable(set!(country))
            .for_members()
            .sortable(),
        row(
            "usageLocation",
            F::UsageLocation,
            text(2),
            get!(usage_location),
            "Two-letter country (ISO 3166) in which services are used.",
        )
        .writable(|u: &mut User, v| u.usage_location = v.as_text().map(str::to_ascii_uppercase))
        .rule(usage_location)
        .filterable(),
        row(
            "preferredLanguage",
            F::PreferredLanguage,
            text(35),
            get!(preferred_language),
            "Preferred language, as a language tag such as `nl-NL`.",
        )
        .writable(set!(preferred_language))
        .by_default()
        .filterable(),
        row(
            "employeeId",
            F::EmployeeId,
            text(16),
            get!(employee_id),
            "Number in the organisation's own records.",
        )
        .writable(set!(employee_id))
        .sortable(),
        row("employeeType", F::EmployeeType, text(64), get!(employee_type), "Kind of employment.")
            .writable(set!(employee_type))
            .filterable(),
        row(
            "employeeHireDate",
            F::EmployeeHireDate,
            Type::Time,
            get!(employee_hire_date),
            "First day of employment.",
        )
        .writable(set!(employee_hire_date))
        .filterable(),
        row(
            "employeeLeaveDateTime",
            F::EmployeeLeaveDateTime,
            Type::Time,
            get!(employee_leave_date_time),
            "Last day of employment.",
        )
        .writable(set!(employee_leave_date_time))
        .filterable(),
        row(
            "employeeOrgData",
            F::EmployeeOrgData,
            Type::Object,
            get!(employee_org_data),
            "Division and cost centre in the organisation's own records.",
        )
        .writable(set!(employee_org_data))
        .made_of(ORG_DATA_MEMBERS),
        row("faxNumber", F::FaxNumber, text(64), get!(fax_number), "Fax number.")
            .writable(set!(fax_number))
            .for_members()
            .filterable(),
        row("mobilePhone", F::MobilePhone, text(64), get!(mobile_phone), "Mobile number.")
            .writable(set!(mobile_phone))
            .by_default()
            .for_members()
            .sensitive()
            .sortable(),
        row(
            "businessPhones",
            F::BusinessPhones,
            Type::Texts { items: 1, max: 64 },
            get!(business_phones),
            "Business phone; at most one.",
        )
        .writable(set!(business_phones))
        .by_default()
        .for_members()
        .sensitive()
        .filterable(),
        row(
            "mail",
            F::Mail,
            text(254),
            get!(mail),
            "Primary mail address. Whoever has one is in the address book.",
        )
        .writable(set!(mail))
        .rule(address)
        .by_default()
        .for_members()
        .sensitive()
        .sortable(),
        row("mailNickname", F::MailNickname, text(64), get!(mail_nickname), "Mail alias.")
            .writable(set!(mail_nickname))
            .rule(alias)
            .sortable(),
        row(
            "otherMails",
            F::OtherMails,
            Type::Texts { items: 250, max: 250 },
            get!(other_mails),
            "Addresses outside the organisation; the first is the alternate e-mail address.",
        )
        .writable(set!(other_mails))
        .rule(addresses)
        .sensitive()
        .filterable(),
        row(
            "alternateEmail",
            F::AlternateEmail,
            text(250),
            |u| Value::optional(u.alternate_email()),
            "The first of `otherMails`: for notices and recovery of administrators.",
        )
        .writable(set_alternate_email)
        .rule(address)
        .sensitive(),
        row(
            "proxyAddresses",
            F::ProxyAddresses,
            Type::Texts { items: 401, max: 262 },
            get!(proxy_addresses),
            "Addresses at which mail arrives; `SMTP:` marks the primary one.",
        )
        .writable(set!(proxy_addresses))
        .rule(proxies)
        .sensitive()
        .filterable(),
        row(
            "accountEnabled",
            F::AccountEnabled,
            Type::Bool,
            get!(account_enabled),
            "Whether sign-in is allowed.",
        )
        .writable(set!(account_enabled))
        .required()
        .sensitive()
        .filterable(),
        row(
            "userType",
            F::UserType,
            Type::Word(&["Member", "Guest"]),
            get!(user_type),
            "`Member` or `Guest`.",
        )
        .writable(set!(user_type))
        .required()
        .filterable(),
        row(
            "userPurpose",
            F::UserPurpose,
            Type::Word(&[PERSON, "shared", "room", "equipment"]),
            |user| Value::text(user.purpose()),
            "What the mailbox is for: a person, several people, a room or equipment. Nobody signs in \
             to those made for anything but a person unless `accountEnabled` says so.",
        )
        .writable(set_purpose)
        .required()
        .for_members()
        .filterable(),
        row(
            "passwordPolicies",
            F::PasswordPolicies,
            text(64),
            get!(password_policies),
            "`DisablePasswordExpiration`, `DisableStrongPassword`, or both joined by a comma.",
        )
        .writable(set!(password_policies))
        .rule(policies)
        .filterable(),
        row(
            "showInAddressList",
            F::ShowInAddressList,
            Type::Bool,
            get!(show_in_address_list),
            "False hides the person from address lists.",
        )
        .writable(set!(show_in_address_list))
        .filterable(),
        row(
            "lastPasswordChangeDateTime",
            F::LastPasswordChangeDateTime,
            Type::Time,
            get!(last_password_change),
            "When the password was last set.",
        ),
        row(
            "signInSessionsValidFromDateTime",
            F::SignInSessionsValidFromDateTime,
            Type::Time,
            get!(sign_in_sessions_valid_from),
            "Sessions begun earlier have ended.",
        ),
        row(
            "createdDateTime",
            F::CreatedDateTime,
            Type::Time,
            get!(created),
            "When the account was made.",
        )
        .sortable(),
        row(
            "deletedDateTime",
            F::DeletedDateTime,
            Type::Time,
            get!(deleted),
            "When the account was moved to deleted items.",
        )
        .sortable(),
        row(
            "creationType",
            F::CreationType,
            text(64),
            get!(creation_type),
            "`Invitation` for guests, null for ordinary accounts.",
        )
        .filterable(),
        row(
            "externalUserState",
            F::ExternalUserState,
            text(64),
            get!(external_user_state),
            "`PendingAcceptance` or `Accepted` for guests.",
        )
        .filterable(),
        row(
            "imAddresses",
            F::ImAddresses,
            Type::Texts { items: 0, max: 254 },
            nothing,
            "Addresses of instant messaging: none, no messaging service belongs to the directory.",
        ),
        row(
            "securityIdentifier",
            F::SecurityIdentifier,
            text(64),
            |user| Value::Text(security_identifier(user.id.uuid()).into()),
            "The identifier in the form of Windows access lists, `S-1-12-1-…`.",
        ),
        row(
            "onPremisesImmutableId",
            F::OnPremisesImmutableId,
            text(256),
            get!(immutable_id),
            "Anchor that ties the person to an entry of another directory.",
        )
        .writable(set!(immutable_id))
        .sensitive()
        .filterable(),
        row(
            "onPremisesExtensionAttributes",
            F::OnPremisesExtensionAttributes,
            Type::Object,
            get!(extension_attributes),
            "Fifteen texts `extensionAttribute1` to `extensionAttribute15`, for the organisation's \
             own use.",
        )
        .writable(set!(extension_attributes))
        .made_of(EXTENSION_MEMBERS),
        row("onPremisesSyncEnabled", F::OnPremisesSyncEnabled, Type::Bool, none, KEPT_HERE)
            .filterable(),
        row(
            "onPremisesLastSyncDateTime",
            F::OnPremisesLastSyncDateTime,
            Type::Time,
            none,
            KEPT_HERE,
        ),
        row(
            "onPremisesDistinguishedName",
            F::OnPremisesDistinguishedName,
            text(1024),
            none,
            KEPT_HERE,
        ),
        row("onPremisesDomainName", F::OnPremisesDomainName, text(253), none, KEPT_HERE),
        row("onPremisesSamAccountName", F::OnPremisesSamAccountName, text(256), none, KEPT_HERE),
        row(
            "onPremisesSecurityIdentifier",
            F::OnPremisesSecurityIdentifier,
            text(184),
            none,
            KEPT_HERE,
        ),
        row(
            "onPremisesUserPrincipalName",
            F::OnPremisesUserPrincipalName,
            text(1024),
            none,
            KEPT_HERE,
        ),
        row(
            "onPremisesProvisioningErrors",
            F::OnPremisesProvisioningErrors,
            Type::Objects,
            nothing,
            "Conflicts of synchronisation: none while the person is kept here.",
        )
        .filterable(),
        row(
            "serviceProvisioningErrors",
            F::ServiceProvisioningErrors,
            Type::Objects,
            nothing,
            "Errors of services that were to be provided: none, no service is provided by the \
             directory.",
        )
        .filterable(),
        row("assignedLicenses", F::AssignedLicenses, Type::Objects, nothing, UNLICENSED)
            .filterable(),
        row("assignedPlans", F::AssignedPlans, Type::Objects, nothing, UNLICENSED),
        row("provisionedPlans", F::ProvisionedPlans, Type::Objects, nothing, UNLICENSED),
        row(
            "licenseAssignmentStates",
            F::LicenseAssignmentStates,
            Type::Objects,
            nothing,
            UNLICENSED,
        ),
        row(
            "capabilities",
            F::Capabilities,
            Type::Object,
            |_| Value::Null,
            "What the caller may do with the user: canUpdate, canDelete, canResetPassword, \
             canAssignLicense, canAssignRoles. Null where it depends on roles that the caller may \
             not see.",
        )
        .for_members()
        .computed(),
    ];

    const PATHS: &'static [Property<Self>] = &[
        row(
            "manager/id",
            F::ManagerId,
            Type::Id,
            |u| u.manager.map_or(Value::Null, |id| Value::Text(Cow::Owned(id.to_string()))),
            "Identifier of the manager.",
        )
        .for_members()
        .filterable(),
        row(
            "employeeOrgData/division",
            F::Division,
            text(64),
            |u| Value::optional(u.employee_org_data.division.as_deref()),
            "Division.",
        )
        .filterable(),
        row(
            "employeeOrgData/costCenter",
            F::CostCenter,
            text(64),
            |u| Value::optional(u.employee_org_data.cost_center.as_deref()),
            "Cost centre.",
        )
        .filterable(),
        extension!(1, ExtensionAttribute1),
        extension!(2, ExtensionAttribute2),
        extension!(3, ExtensionAttribute3),
        extension!(4, ExtensionAttribute4),
        extension!(5, ExtensionAttribute5),
        extension!(6, ExtensionAttribute6),
        extension!(7, ExtensionAttribute7),
        extension!(8, ExtensionAttribute8),
        extension!(9, ExtensionAttribute9),
        extension!(10, ExtensionAttribute10),
        extension!(11, ExtensionAttribute11),
        extension!(12, ExtensionAttribute12),
        extension!(13, ExtensionAttribute13),
        extension!(14, ExtensionAttribute14),
        extension!(15, ExtensionAttribute15),
    ];

    const RELATIONS: &'static [&'static str] = managers::RELATIONS;

    fn id(&self) -> uuid::Uuid {
        self.id.uuid()
    }
}

fn set_purpose(user: &mut User, value: Value<'static>) {
    user.purpose = value.as_text().filter(|word| *word != PERSON).map(str::to_owned);
}

impl Expandable for User {
    fn related(
        tx: &mut dyn ReadTx,
        scope: &Scope,
        relation: &'static str,
        page: &[Self],
    ) -> Result<Vec<Expanded>> {
        managers::expand(
            tx,
            scope,
            relation,
            page.iter().map(|user| (user.id.uuid(), user.manager)),
        )
    }

    const CAPABILITIES: Option<UserField> = Some(F::Capabilities);

    fn capabilities<R: Right>(
        tx: &mut dyn ReadTx,
        grant: &Grant<R>,
        page: &[Self],
    ) -> Result<Vec<Capabilities>> {
        let ids: Vec<_> = page.iter().map(|user| user.id.uuid()).collect();
        let roles = tx.roles_of_all(grant.tenant(), &ids)?;
        let held = |id| roles.get(id).copied().unwrap_or_default();
        Ok(ids.iter().map(|id| grant.capabilities_over(*id, held(id))).collect())
    }
}

/// The sub-authorities are the identifier in its binary form, read in fours from the low byte on.
fn security_identifier(id: uuid::Uuid) -> String {
    id.to_bytes_le().chunks_exact(4).fold("S-1-12-1".to_owned(), |text, four| {
        let number = four.iter().rev().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{text}-{number}")
    })
}

fn id_value(user: &User) -> Value<'_> {
    Value::Text(Cow::Owned(user.id.to_string()))
}

fn set_alternate_email(user: &mut User, value: Value<'static>) {
    match value.as_text().filter(|text| !text.trim().is_empty()) {
        None => {
            user.other_mails.drain(..user.other_mails.len().min(1));
        }
        Some(email) => {
            user.other_mails.drain(..user.other_mails.len().min(1));
            user.other_mails.retain(|other| !other.eq_ignore_ascii_case(email));
            user.other_mails.insert(0, email.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_exactly_one_row() {
        for field in UserField::ALL {
            let rows = User::PROPERTIES.iter().chain(User::PATHS);
            assert_eq!(rows.filter(|row| row.field == *field).count(), 1, "{field:?}");
        }
    }

    #[test]
    fn the_security_identifier_is_the_id_in_another_form() {
        let id = uuid::uuid!("00000001-0002-0003-0405-060708090a0b");
        // 0x00000001; 0x0003_0002; 0x0706_0504; 0x0b0a_0908
        assert_eq!(security_identifier(id), "S-1-12-1-1-196610-117835012-185207048");
    }
}
