//! Where the properties of groups stand.

use crate::query::{Column, Columns, Sql};
use roster_domain::groups::{GroupField, Link};
use uuid::Uuid;

/// The table of groups.
pub(crate) enum GroupColumns {}

const fn plain(name: &'static str, nullable: bool) -> Column {
    Column::Plain { name, nullable }
}

impl Columns for GroupColumns {
    type Field = GroupField;
    const TABLE: &'static str = "groups";
    const PRESENT: &'static str = " AND groups.deleted_at IS NULL";

    fn words(field: GroupField) -> Option<&'static str> {
        match field {
            GroupField::DisplayName => Some("displayNameWords"),
            GroupField::Description => Some("descriptionWords"),
            _ => None,
        }
    }

    fn column(field: GroupField) -> Column {
        use GroupField as F;
        match field {
            F::Id => plain("id", false),
            F::DisplayName => Column::Text { name: "display_name_key", nullable: false },
            F::Mail => Column::Text { name: "mail_key", nullable: true },
            F::MailNickname => Column::Text { name: "mail_nickname_key", nullable: true },
            F::MailEnabled => plain("mail_enabled", false),
            F::SecurityEnabled => plain("security_enabled", false),
            F::CreatedDateTime => plain("created_at", false),
            F::DeletedDateTime => plain("deleted_at", true),
            F::Description => Column::FacetText("description"),
            F::Visibility => Column::FacetText("visibility"),
            F::Classification => Column::FacetText("classification"),
            F::PreferredLanguage => Column::FacetText("preferredLanguage"),
            F::GroupTypes => Column::FacetList("groupTypes"),
            F::ProxyAddresses => Column::FacetList("proxyAddresses"),
            F::HideFromAddressLists => Column::FacetBool("hideFromAddressLists"),
            F::AllowExternalSenders => Column::FacetBool("allowExternalSenders"),
            F::Members => Column::Linked(Link::Member.word()),
            F::Owners => Column::Linked(Link::Owner.word()),
            F::Capabilities
            | F::MailTip
            | F::MemberJoinRestriction
            | F::MemberDepartRestriction
            | F::ModerationEnabled
            | F::BypassNestedModeration
            | F::SendModerationNotifications
            | F::ReportToManager
            | F::ReportToOriginator
            | F::SendOofMessageToOriginator => Column::Absent,
        }
    }

    /// Who stands in a hidden group knows it.
    fn own(sql: &mut Sql, member: Uuid) {
        named_by(sql, Self::TABLE, member);
    }
}

/// The table of groups, for those in deleted items.
pub(super) enum DeletedGroupColumns {}

impl Columns for DeletedGroupColumns {
    type Field = GroupField;
    const TABLE: &'static str = GroupColumns::TABLE;
    const PRESENT: &'static str = " AND groups.deleted_at IS NOT NULL";

    fn words(field: GroupField) -> Option<&'static str> {
        GroupColumns::words(field)
    }

    fn column(field: GroupField) -> Column {
        GroupColumns::column(field)
    }

    fn own(sql: &mut Sql, member: Uuid) {
        GroupColumns::own(sql, member);
    }
}

/// Writes the condition that a group of a table names an object.
pub(crate) fn named_by(sql: &mut Sql, table: &str, object: Uuid) {
    sql.push(&format!(
        "EXISTS (SELECT 1 FROM group_links own WHERE own.tenant_id = {table}.tenant_id \
         AND own.group_id = {table}.id AND own.object_id = "
    ));
    sql.bind_id(object);
    sql.push(")");
}
