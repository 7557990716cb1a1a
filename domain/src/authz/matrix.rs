//! The permission matrix of seed 002, 15 rows by 8 roles, and two permissions beside it.

use super::role::{Role, RoleSet};
use crate::error::Refusal;
use crate::language::Words;

/// A permission. The first fifteen are the rows of the matrix, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Row 1.
    ViewOrganizationAndUsers,
    /// Row 2.
    ManageSupportTickets,
    /// Row 3.
    ResetUserPasswords,
    /// Row 4.
    PerformBillingAndPurchasing,
    /// Row 5: role assignments of others, saved user views (A2).
    ViewUsersAndRoles,
    /// Row 6.
    ManageUsersAndGroups,
    /// Row 7.
    ManageUserLicenses,
    /// Row 8.
    ViewUserLicenses,
    /// Row 9.
    ManageDomains,
    /// Row 10.
    ManageOrganization,
    /// Row 11.
    ViewServiceHealthAndMessages,
    /// Row 12.
    DelegateAdminRoles,
    /// Row 13.
    UseDirectorySync,
    /// Row 14.
    ManageReports,
    /// Row 15.
    ManageMobileDevices,
    /// Writing shared contacts: global and Exchange administrators (seed 000, A3).
    ManageContacts,
    /// Distribution and mail-enabled security groups: global and Exchange administrators (A1).
    ManageRecipients,
    /// What every signed-in member may do: read the directory's public properties.
    ReadDirectory,
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Not granted.
    No,
    /// Granted.
    Yes,
    /// Granted for viewing; may not edit. Informational (A9).
    View,
    /// Granted over people without any administrator role (A4).
    NonAdmins,
    /// Granted, but not to delete a global administrator or create administrators (A5, A21).
    Limited,
}

impl Cell {
    /// Text in the matrix file.
    pub const fn text(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::View => "view",
            Self::NonAdmins => "non-admins",
            Self::Limited => "limited",
        }
    }

    /// What limits it, in words.
    pub fn limit(self) -> Option<Words> {
        self.footnote().map(|(_, words)| words)
    }

    /// How much a cell grants, to find the best one of several roles.
    const fn rank(self) -> u8 {
        match self {
            Self::No => 0,
            Self::View => 1,
            Self::NonAdmins => 2,
            Self::Limited => 3,
            Self::Yes => 4,
        }
    }
}

const Y: Cell = Cell::Yes;
const N: Cell = Cell::No;
const V: Cell = Cell::View;
const B: Cell = Cell::NonAdmins;
const L: Cell = Cell::Limited;

impl Permission {
    /// The fifteen rows, in order.
    pub const ROWS: [Self; 15] = [
        Self::ViewOrganizationAndUsers,
        Self::ManageSupportTickets,
        Self::ResetUserPasswords,
        Self::PerformBillingAndPurchasing,
        Self::ViewUsersAndRoles,
        Self::ManageUsersAndGroups,
        Self::ManageUserLicenses,
        Self::ViewUserLicenses,
        Self::ManageDomains,
        Self::ManageOrganization,
        Self::ViewServiceHealthAndMessages,
        Self::DelegateAdminRoles,
        Self::UseDirectorySync,
        Self::ManageReports,
        Self::ManageMobileDevices,
    ];

    /// The permissions beside the matrix, never counted in it.
    pub const BESIDE: [Self; 2] = [Self::ManageContacts, Self::ManageRecipients];

    /// Stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ViewOrganizationAndUsers => "view_organization_and_users",
            Self::ManageSupportTickets => "manage_support_tickets",
            Self::ResetUserPasswords => "reset_user_passwords",
            Self::PerformBillingAndPurchasing => "perform_billing_and_purchasing",
            Self::ViewUsersAndRoles => "view_users_and_roles",
            Self::ManageUsersAndGroups => "manage_users_and_groups",
            Self::ManageUserLicenses => "manage_user_licenses",
            Self::ViewUserLicenses => "view_user_licenses",
            Self::ManageDomains => "manage_domains",
            Self::ManageOrganization => "manage_organization",
            Self::ViewServiceHealthAndMessages => "view_service_health_and_messages",
            Self::DelegateAdminRoles => "delegate_admin_roles",
            Self::UseDirectorySync => "use_directory_sync",
            Self::ManageReports => "manage_reports",
            Self::ManageMobileDevices => "manage_mobile_devices",
            Self::ManageContacts => "manage_contacts",
            Self::ManageRecipients => "manage_recipients",
            Self::ReadDirectory => "read_directory",
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<Self> {
        let all = Self::ROWS.into_iter().chain(Self::BESIDE).chain([Self::ReadDirectory]);
        all.into_iter().find(|permission| permission.key() == key)
    }

    /// Number of the matrix row, 1 to 15.
    pub fn row(self) -> Option<u8> {
        let at = Self::ROWS.iter().position(|row| *row == self)?;
        u8::try_from(at).ok().map(|at| at.saturating_add(1))
    }

    /// The cells in the order of [`Role::ALL`]:
    /// billing, global, password, service, user, exchange, sharepoint, skype.
    pub const fn cells(self) -> [Cell; 8] {
        match self {
            Self::ViewOrganizationAndUsers => [Y, Y, Y, Y, Y, Y, V, V],
            Self::ManageSupportTickets => [Y, Y, Y, Y, Y, Y, Y, Y],
            Self::ResetUserPasswords => [N, Y, B, N, B, N, N, N],
            Self::PerformBillingAndPurchasing => [Y, Y, N, N, N, N, N, N],
            Self::ViewUsersAndRoles => [N, Y, N, N, Y, Y, Y, Y],
            Self::ManageUsersAndGroups => [N, Y, N, N, L, N, N, N],
            Self::ManageUserLicenses => [N, Y, N, N, L, N, N, N],
            Self::ViewUserLicenses => [N, Y, N, Y, L, Y, Y, Y],
            Self::ManageDomains => [N, Y, N, N, N, N, N, N],
            Self::ManageOrganization => [N, Y, N, N, N, N, N, N],
            Self::ViewServiceHealthAndMessages => [Y, Y, Y, Y, Y, Y, Y, Y],
            Self::DelegateAdminRoles => [N, Y, N, N, N, N, N, N],
            Self::UseDirectorySync => [N, Y, N, N, N, N, N, N],
            Self::ManageReports => [N, Y, N, N, N, Y, Y, N],
            Self::ManageMobileDevices => [N, Y, N, N, N, N, N, N],
            Self::ManageContacts | Self::ManageRecipients => [N, Y, N, N, N, Y, N, N],
            Self::ReadDirectory => [Y; 8],
        }
    }

    /// The cell of one role.
    pub fn cell(self, role: Role) -> Cell {
        let cells = Role::ALL.into_iter().zip(self.cells());
        cells.into_iter().find(|(each, _)| *each == role).map_or(Cell::No, |(_, cell)| cell)
    }

    /// What a set of roles grants: the best cell among them.
    pub fn granted(self, roles: RoleSet) -> Cell {
        let cells = roles.iter().map(|role| self.cell(role));
        cells.max_by_key(|cell| cell.rank()).unwrap_or(Cell::No)
    }

    /// The refusal of whoever lacks it.
    pub(crate) fn missing(self) -> Refusal {
        let roles = Role::ALL.into_iter().filter(|role| self.cell(*role) != Cell::No);
        Refusal { permission: self, limit: None, granting_roles: roles.collect(), target: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_120_cells_agree_with_the_matrix_file() {
        let file = include_str!("../../../tests/fixtures/permission-matrix.csv");
        let text: String = file
            .lines()
            .filter(|l| !l.starts_with('#'))
            .fold(String::new(), |text, line| text + line + "\n");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let roles: Vec<Role> =
            reader.headers().unwrap().iter().skip(2).map(|key| Role::parse(key).unwrap()).collect();
        assert_eq!(roles, Role::ALL);
        let mut cells = 0;
        for (record, row) in reader.records().zip(Permission::ROWS) {
            let record = record.unwrap();
            assert_eq!(&record[0], row.key());
            for (text, role) in record.iter().skip(2).zip(&roles) {
                assert_eq!(text, row.cell(*role).text(), "{} for {}", row.key(), role.key());
                cells += 1;
            }
        }
        assert_eq!(cells, 120);
    }

    #[test]
    fn each_role_has_as_many_rows_as_the_documentation_grants() {
        let counts = Role::ALL
            .map(|role| Permission::ROWS.iter().filter(|row| row.cell(role) != Cell::No).count());
        assert_eq!(counts, [4, 15, 4, 4, 8, 6, 6, 5]);
    }
}
