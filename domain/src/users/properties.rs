//! The property table of users.

use super::{PERSON, User};
use crate::addresses::rules::{address, addresses, alias, on_text, proxies};
use crate::addresses::syntax;
use crate::authz::{Capabilities, Grant, Right, Scope};
use crate::error::Result;
use crate::limits::MAX_EXPANDED;
use crate::objects::{Expandable, Expanded, Relation, list_related};
use crate::ports::ReadTx;
use crate::properties::{Entity, Property, Type};
use crate::query::Query;
use crate::value::Value;
use crate::{countries, fields, get, managers, set};
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
            .rule(not_blank)
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

    const PATHS: &'static [Property<Self>] = &[row(
        "manager/id",
        F::ManagerId,
        Type::Id,
        |u| u.manager.map_or(Value::Null, |id| Value::Text(Cow::Owned(id.to_string()))),
        "Identifier of the manager.",
    )
    .for_members()
    .filterable()];

    const RELATIONS: &'static [&'static str] = &[managers::MANAGER, "memberOf"];

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
        if relation == managers::MANAGER {
            return managers::of_page(tx, scope, page.iter().map(|user| user.manager));
        }
        let first = Query { top: MAX_EXPANDED, ..Query::default() };
        let memberships = page.iter().map(|user| {
            let relation = Relation::MemberOf(user.id.uuid());
            Ok(Expanded::Many(list_related(tx, scope, relation, &first, None)?.items))
        });
        memberships.collect()
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

fn not_blank(value: &Value<'static>) -> Result<(), String> {
    on_text(
        value,
        |text| {
            if text.trim().is_empty() { Err("cannot be blank.".to_owned()) } else { Ok(()) }
        },
    )
}

fn upn(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| syntax::user_principal_name(text, &syntax::API_LIMITS).map(|_| ()))
}

fn usage_location(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| match countries::usage_location(text) {
        Some(_) => Ok(()),
        None => Err("must be a two-letter country code such as NL.".to_owned()),
    })
}

fn policies(value: &Value<'static>) -> Result<(), String> {
    on_text(value, |text| {
        let known = |word: &str| {
            matches!(word.trim(), "DisablePasswordExpiration" | "DisableStrongPassword" | "None")
        };
        if text.split(',').all(known) {
            return Ok(());
        }
        Err("must be DisablePasswordExpiration, DisableStrongPassword, or both \
             joined by a comma."
            .to_owned())
    })
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
}
