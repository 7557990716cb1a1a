//! Which roles in the services go with an administrator role (seed 002, R5–R7, R91). Data only:
//! nothing here grants a right in this directory.

use crate::authz::{Role, RoleSet};
use crate::language::Words;

/// A service beside the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Exchange Online.
    Exchange,
    /// SharePoint Online.
    SharePoint,
    /// Skype for Business.
    Skype,
    /// Dynamics CRM.
    Crm,
}

impl Service {
    /// The services, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Exchange, Self::SharePoint, Self::Skype, Self::Crm];

    /// Stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::SharePoint => "sharepoint",
            Self::Skype => "skype",
            Self::Crm => "crm",
        }
    }

    /// Name for people.
    pub const fn name(self) -> Words {
        match self {
            Self::Exchange => Words::new("Exchange Online", "Exchange Online"),
            Self::SharePoint => Words::new("SharePoint Online", "SharePoint Online"),
            Self::Skype => Words::new("Skype for Business", "Skype voor Bedrijven"),
            Self::Crm => Words::new("Dynamics CRM Online", "Dynamics CRM Online"),
        }
    }
}

/// A role in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceRole {
    /// The service.
    pub service: Service,
    /// Stable key.
    pub key: &'static str,
    /// Name for people.
    pub name: Words,
}

const fn role(service: Service, key: &'static str, name: Words) -> ServiceRole {
    ServiceRole { service, key, name }
}

const EXCHANGE: ServiceRole = role(
    Service::Exchange,
    "exchangeOnlineAdministrator",
    Words::new("Exchange Online administrator", "Exchange Online-beheerder"),
);
const COMPANY: ServiceRole = role(
    Service::Exchange,
    "companyAdministrator",
    Words::new("Company administrator", "Bedrijfsbeheerder"),
);
const HELP_DESK: ServiceRole = role(
    Service::Exchange,
    "helpDeskAdministrator",
    Words::new("Help desk administrator", "Helpdeskbeheerder"),
);
const SHARE_POINT: ServiceRole = role(
    Service::SharePoint,
    "sharePointOnlineAdministrator",
    Words::new("SharePoint Online administrator", "SharePoint Online-beheerder"),
);
const SKYPE: ServiceRole = role(
    Service::Skype,
    "skypeForBusinessAdministrator",
    Words::new("Skype for Business administrator", "Skype voor Bedrijven-beheerder"),
);
const SKYPE_ONLINE: ServiceRole = role(
    Service::Skype,
    "skypeForBusinessOnlineAdministrator",
    Words::new("Skype for Business Online administrator", "Skype voor Bedrijven Online-beheerder"),
);
const CRM: ServiceRole = role(
    Service::Crm,
    "systemAdministrator",
    Words::new("System administrator", "Systeembeheerder"),
);

impl Role {
    /// The roles in the services that go with this one.
    pub const fn service_roles(self) -> &'static [ServiceRole] {
        match self {
            Self::Global => &[EXCHANGE, COMPANY, SHARE_POINT, SKYPE, CRM],
            Self::Password => &[HELP_DESK, SKYPE_ONLINE],
            Self::User | Self::Skype => &[SKYPE_ONLINE],
            Self::Exchange => &[EXCHANGE],
            Self::SharePoint => &[SHARE_POINT],
            Self::Billing | Self::Service => &[],
        }
    }
}

/// The roles in the services that go with a set of roles, each with the roles it comes from, in
/// the order of the services.
pub fn service_roles(roles: RoleSet) -> Vec<(ServiceRole, RoleSet)> {
    let mut found: Vec<(ServiceRole, RoleSet)> = Vec::new();
    for service in Service::ALL {
        for holder in roles.iter() {
            for each in holder.service_roles().iter().filter(|each| each.service == service) {
                match found.iter_mut().find(|(known, _)| known == each) {
                    Some((_, from)) => *from = from.with(holder),
                    None => found.push((*each, RoleSet::EMPTY.with(holder))),
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(role: Role, service: Service) -> Vec<&'static str> {
        let roles = role.service_roles().iter().filter(|each| each.service == service);
        roles.map(|each| each.key).collect()
    }

    /// A row of the table: keys in Exchange Online, SharePoint Online and Skype for Business.
    type Row<'a> = (Role, &'a [&'a str], &'a [&'a str], &'a [&'a str]);

    #[test]
    fn the_table_of_the_documentation_is_encoded_row_by_row() {
        let table: [Row<'_>; 8] = [
            (
                Role::Global,
                &["exchangeOnlineAdministrator", "companyAdministrator"],
                &["sharePointOnlineAdministrator"],
                &["skypeForBusinessAdministrator"],
            ),
            (Role::Billing, &[], &[], &[]),
            (
                Role::Password,
                &["helpDeskAdministrator"],
                &[],
                &["skypeForBusinessOnlineAdministrator"],
            ),
            (Role::Service, &[], &[], &[]),
            (Role::User, &[], &[], &["skypeForBusinessOnlineAdministrator"]),
            (Role::Exchange, &["exchangeOnlineAdministrator"], &[], &[]),
            (Role::SharePoint, &[], &["sharePointOnlineAdministrator"], &[]),
            (Role::Skype, &[], &[], &["skypeForBusinessOnlineAdministrator"]),
        ];
        for (role, exchange, sharepoint, skype) in table {
            assert_eq!(keys(role, Service::Exchange), exchange, "{role:?}");
            assert_eq!(keys(role, Service::SharePoint), sharepoint, "{role:?}");
            assert_eq!(keys(role, Service::Skype), skype, "{role:?}");
        }
    }

    #[test]
    fn only_a_global_administrator_is_system_administrator_in_crm() {
        for role in Role::ALL {
            let held = !keys(role, Service::Crm).is_empty();
            assert_eq!(held, role == Role::Global, "{role:?}");
        }
    }

    #[test]
    fn a_role_that_two_roles_bring_stands_once_with_both() {
        let roles: RoleSet = [Role::Password, Role::User].into_iter().collect();
        let found = service_roles(roles);
        let keys: Vec<_> = found.iter().map(|(role, _)| role.key).collect();
        assert_eq!(keys, ["helpDeskAdministrator", "skypeForBusinessOnlineAdministrator"]);
        assert_eq!(found[1].1, roles);
    }
}
