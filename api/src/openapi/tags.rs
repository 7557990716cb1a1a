//! The groups of operations.

use utoipa::openapi::tag::{Tag, TagBuilder};

/// Each group with its meaning, in the order in which a newcomer needs them.
const TAGS: [(&str, &str); 14] = [
    ("tokens", "Signing in: tokens of people and API clients, their keys, and one's own password."),
    ("users", "People with an account, and guests."),
    ("managers", "Who reports to whom."),
    (
        "groups",
        "Distribution, security and Microsoft 365 groups, their owners, members and delivery.",
    ),
    ("contacts", "Outside people whom everyone sees in the address book."),
    ("address book", "Everyone and everything with a mail address, found while typing."),
    ("directory objects", "Objects of any kind, by their identifiers."),
    ("deleted items", "What was deleted in the last 30 days: restored or purged from here."),
    ("roles", "Administrator roles and who holds them."),
    ("permissions", "The permission matrix, and why an operation is refused."),
    ("user views", "Saved filters of the user list, shared by administrators."),
    ("imports", "Many people or contacts at once, from CSV files."),
    ("reports", "What administrators should look after."),
    ("service", "Whether the service is alive and ready."),
];

/// The groups, for the document.
pub(super) fn all() -> Vec<Tag> {
    let tag =
        |(name, text): (&str, &str)| TagBuilder::new().name(name).description(Some(text)).build();
    TAGS.map(tag).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::serve::REGISTER;
    use crate::openapi::{Installation, document, operations};
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_is_in_a_group_that_is_described() {
        let mut document = document(&Installation::default(), REGISTER);
        let mut used = BTreeSet::new();
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                used.extend(operation.tags.clone().unwrap_or_default());
            }
        }
        let known: BTreeSet<_> = TAGS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(used, known);
    }
}
