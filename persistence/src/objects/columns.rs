//! Where the properties of objects of every kind stand: in a derived table over all their tables.

use crate::groups::named_by;
use crate::query::{Column, Columns, Sql};
use roster_domain::objects::ObjectField;
use uuid::Uuid;

/// The derived table of [`super::source`].
pub(super) enum ObjectColumns {}

impl Columns for ObjectColumns {
    type Field = ObjectField;
    const TABLE: &'static str = "objects";
    const PRESENT: &'static str = " AND objects.present";

    fn own(sql: &mut Sql, member: Uuid) {
        sql.push("objects.id = ");
        sql.bind_id(member);
        sql.push(" OR ");
        named_by(sql, Self::TABLE, member);
    }

    fn words(field: ObjectField) -> Option<&'static str> {
        (field == ObjectField::DisplayName).then_some("displayNameWords")
    }

    fn column(field: ObjectField) -> Column {
        use ObjectField as F;
        match field {
            F::Id => Column::Plain { name: "id", nullable: false },
            F::DisplayName => Column::Text { name: "display_name_key", nullable: false },
            F::Mail => Column::Text { name: "mail_key", nullable: true },
            F::MailNickname => Column::Text { name: "mail_nickname_key", nullable: true },
            // A role, which may be the last of a page, has none.
            F::CreatedDateTime => Column::Plain { name: "created_at", nullable: true },
            // Only present objects are related.
            F::DeletedDateTime => Column::Absent,
        }
    }
}
