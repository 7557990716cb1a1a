//! The cells of the permission matrix.

use super::MEMBERS;

/// The cells, as the seed has them.
const MATRIX: &str = include_str!("../../fixtures/permission-matrix.csv");

/// Permissions beside the fifteen rows.
const BESIDE: [(&str, &[&str]); 2] =
    [("manage_contacts", &["global", "exchange"]), ("manage_recipients", &["global", "exchange"])];

/// Whether one of the roles grants a permission in any measure.
pub(super) fn granted(permission: &str, roles: &[&str]) -> bool {
    if permission == MEMBERS {
        return true;
    }
    if let Some((_, granting)) = BESIDE.iter().find(|(key, _)| *key == permission) {
        return granting.iter().any(|role| roles.contains(role));
    }
    let mut lines = MATRIX.lines().filter(|line| !line.starts_with('#'));
    let header: Vec<&str> = lines.next().expect("a header").rsplit(',').take(8).collect();
    let row = lines.find(|line| line.split(',').next() == Some(permission));
    let row = row.unwrap_or_else(|| panic!("'{permission}' is no permission of the matrix"));
    header.iter().zip(row.rsplit(',')).any(|(role, cell)| roles.contains(role) && cell != "no")
}
