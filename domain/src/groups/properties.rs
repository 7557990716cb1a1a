//! The property table of groups.

use super::{Group, GroupKind, HIDDEN_MEMBERSHIP};
use crate::addresses::rules::{address, alias, mail_tip, on_text, proxies};
use crate::limits::{MAX_ALIASES, MAX_MAIL_TIP};
use crate::properties::{Entity, Member, Property, Type};
use crate::text::not_blank;
use crate::value::Value;
use crate::{fields, get, set};
use std::borrow::Cow;

fields!(
    /// A property of a group, as typed queries name it.
    GroupField:
    Id,
    DisplayName,
    Description,
    MailEnabled,
    SecurityEnabled,
    GroupTypes,
    Mail,
    MailNickname,
    ProxyAddresses,
    Visibility,
    Classification,
    PreferredLanguage,
    CreatedDateTime,
    DeletedDateTime,
    HideFromAddressLists,
    AllowExternalSenders,
    MailTip,
    MemberJoinRestriction,
    MemberDepartRestriction,
    ModerationEnabled,
    BypassNestedModeration,
    SendModerationNotifications,
    ReportToManager,
    ReportToOriginator,
    SendOofMessageToOriginator,
    Members,
    Owners,
    Capabilities,
);

const fn text(max: usize) -> Type {
    Type::Text { max }
}

const fn row(
    name: &'static str,
    field: GroupField,
    ty: Type,
    get: for<'a> fn(&'a Group) -> Value<'a>,
    description: &'static str,
) -> Property<Group> {
    Property::new(name, field, ty, get, description)
}

use GroupField as F;

/// What a filter may name of members and owners.
const LINKED: &[Member] = &[Member { name: "id", ty: Type::Id }];

impl Entity for Group {
    type Field = GroupField;
    const NAME: &'static str = "group";
    const RELATIONS: &'static [&'static str] = &["members", "owners", "memberOf"];

    const PATHS: &'static [Property<Self>] = &[
        // Not for members: a filter would tell what a hidden membership hides.
        row("members", F::Members, Type::Objects, |_| Value::Null, "Members.").with_members(LINKED),
        row("owners", F::Owners, Type::Objects, |_| Value::Null, "Owners.")
            .for_members()
            .with_members(LINKED),
    ];

    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", F::Id, Type::Id, id_value, "Identifier, never reused.")
            .for_members()
            .by_default()
            .filterable(),
        row("displayName", F::DisplayName, text(256), get!(display_name), "Name shown in lists.")
            .writable(set!(display_name))
            .rule(|value| on_text(value, not_blank))
            .required()
            .by_default()
            .for_members()
            .sortable(),
        row("description", F::Description, text(1024), get!(description), "What it is for.")
            .writable(set!(description))
            .by_default()
            .for_members()
            .filterable(),
        row(
            "mailEnabled",
            F::MailEnabled,
            Type::Bool,
            get!(mail_enabled),
            "Whether it receives mail. Given at creation and never changed.",
        )
        .writable(set!(mail_enabled))
        .required()
        .by_default()
        .for_members()
        .filterable(),
        row(
            "securityEnabled",
            F::SecurityEnabled,
            Type::Bool,
            get!(security_enabled),
            "Whether rights may be given to it. Given at creation and never changed.",
        )
        .writable(set!(security_enabled))
        .required()
        .by_default()
        .for_members()
        .filterable(),
        row(
            "groupTypes",
            F::GroupTypes,
            Type::Texts { items: 2, max: 32 },
            group_types,
            "`[\"Unified\"]` for a Microsoft 365 group, else empty. Given at creation and never \
             changed.",
        )
        .writable(set_group_types)
        .rule(known_types)
        .required()
        .by_default()
        .for_members()
        .filterable(),
        row(
            "mail",
            F::Mail,
            text(254),
            get!(mail),
            "Primary mail address; made from the alias unless given.",
        )
        .writable(set!(mail))
        .rule(address)
        .by_default()
        .for_members()
        .sortable(),
        row(
            "mailNickname",
            F::MailNickname,
            text(64),
            get!(mail_nickname),
            "Mail alias; \
             of a mail-enabled group unique over those and contacts.",
        )
        .writable(set!(mail_nickname))
        .rule(alias)
        .by_default()
        .for_members()
        .sortable(),
        row(
            "proxyAddresses",
            F::ProxyAddresses,
            Type::Texts { items: MAX_ALIASES + 1, max: 262 },
            get!(proxy_addresses),
            "Addresses at which mail arrives; `SMTP:` marks the primary one.",
        )
        .writable(set!(proxy_addresses))
        .rule(proxies)
        .by_default()
        .for_members()
        .filterable(),
        row(
            "visibility",
            F::Visibility,
            Type::Word(&["Public", "Private", HIDDEN_MEMBERSHIP]),
            get!(visibility),
            "`HiddenMembership` hides the members; given at creation and never changed.",
        )
        .writable(set!(visibility))
        .by_default()
        .for_members()
        .filterable(),
        row(
            "classification",
            F::Classification,
            text(64),
            get!(classification),
            "The organisation's own classification.",
        )
        .writable(set!(classification))
        .by_default()
        .for_members()
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
        .for_members()
        .filterable(),
        row(
            "createdDateTime",
            F::CreatedDateTime,
            Type::Time,
            get!(created),
            "When the group was made.",
        )
        .by_default()
        .for_members()
        .sortable(),
        row(
            "deletedDateTime",
            F::DeletedDateTime,
            Type::Time,
            get!(deleted),
            "When the group was moved to deleted items.",
        )
        .by_default()
        .for_members()
        .sortable(),
        row(
            "hideFromAddressLists",
            F::HideFromAddressLists,
            Type::Bool,
            get!(hide_from_address_lists),
            "True leaves the group out of address lists; mail still arrives.",
        )
        .writable(set!(hide_from_address_lists))
        .required()
        .for_members()
        .filterable(),
        row(
            "allowExternalSenders",
            F::AllowExternalSenders,
            Type::Bool,
            get!(allow_external_senders),
            "Whether people outside the organisation may send to the group.",
        )
        .writable(set!(allow_external_senders))
        .required()
        .for_members()
        .filterable(),
        row(
            "mailTip",
            F::MailTip,
            text(MAX_MAIL_TIP),
            get!(mail_tip),
            "Text shown to who writes to the group; no HTML.",
        )
        .writable(set!(mail_tip))
        .rule(mail_tip)
        .for_members(),
        row(
            "memberJoinRestriction",
            F::MemberJoinRestriction,
            Type::Word(&["Open", "Closed", "ApprovalRequired"]),
            get!(join_restriction),
            "Whether people may join by themselves.",
        )
        .writable(set!(join_restriction))
        .required()
        .for_members(),
        row(
            "memberDepartRestriction",
            F::MemberDepartRestriction,
            Type::Word(&["Open", "Closed"]),
            get!(depart_restriction),
            "Whether people may leave by themselves.",
        )
        .writable(set!(depart_restriction))
        .required()
        .for_members(),
        row(
            "moderationEnabled",
            F::ModerationEnabled,
            Type::Bool,
            get!(moderation_enabled),
            "Whether a moderator approves each message; owners do where there is none.",
        )
        .writable(set!(moderation_enabled))
        .required()
        .for_members(),
        row(
            "bypassNestedModeration",
            F::BypassNestedModeration,
            Type::Bool,
            get!(bypass_nested_moderation),
            "Whether messages approved here pass the groups in it without further approval.",
        )
        .writable(set!(bypass_nested_moderation))
        .required()
        .for_members(),
        row(
            "sendModerationNotifications",
            F::SendModerationNotifications,
            Type::Word(&["Always", "Internal", "Never"]),
            get!(moderation_notifications),
            "Which senders hear that their message was refused.",
        )
        .writable(set!(moderation_notifications))
        .required()
        .for_members(),
        row(
            "reportToManager",
            F::ReportToManager,
            Type::Bool,
            get!(report_to_manager),
            "Delivery reports go to the first owner.",
        )
        .writable(set!(report_to_manager))
        .required()
        .for_members(),
        row(
            "reportToOriginator",
            F::ReportToOriginator,
            Type::Bool,
            get!(report_to_originator),
            "Delivery reports go to the sender.",
        )
        .writable(set!(report_to_originator))
        .required()
        .for_members(),
        row(
            "sendOofMessageToOriginator",
            F::SendOofMessageToOriginator,
            Type::Bool,
            get!(oof_to_originator),
            "Out-of-office answers go to the sender.",
        )
        .writable(set!(oof_to_originator))
        .required()
        .for_members(),
        row(
            "capabilities",
            F::Capabilities,
            Type::Object,
            |_| Value::Null,
            "What the caller may do with the group: canUpdate, canDelete. Null is what has no \
             meaning for groups.",
        )
        .for_members()
        .computed(),
    ];

    fn id(&self) -> uuid::Uuid {
        self.id.uuid()
    }
}

fn id_value(group: &Group) -> Value<'_> {
    Value::Text(Cow::Owned(group.id.to_string()))
}

const UNIFIED: &str = "Unified";

fn group_types(group: &Group) -> Value<'_> {
    Value::List(if group.unified { vec![Value::text(UNIFIED)] } else { Vec::new() })
}

fn set_group_types(group: &mut Group, value: Value<'static>) {
    group.unified = value.as_list().is_some_and(|items| !items.is_empty());
}

fn known_types(value: &Value<'static>) -> Result<(), String> {
    let mut words = value.as_list().unwrap_or_default().iter().filter_map(Value::as_text);
    match words.find(|word| *word != UNIFIED) {
        None => Ok(()),
        Some("DynamicMembership") => Err(
            "cannot hold DynamicMembership, which is not served: leave it out and add members by \
             reference."
                .to_owned(),
        ),
        Some(_) => Err(format!("must be [] or [\"{UNIFIED}\"].")),
    }
}

impl GroupKind {
    /// Properties that only groups with mail have.
    pub(super) const MAIL_ONLY: [&'static str; 11] = [
        "mail",
        "proxyAddresses",
        "allowExternalSenders",
        "mailTip",
        "memberJoinRestriction",
        "memberDepartRestriction",
        "moderationEnabled",
        "bypassNestedModeration",
        "reportToManager",
        "reportToOriginator",
        "sendOofMessageToOriginator",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_exactly_one_row() {
        let rows = || Group::PROPERTIES.iter().chain(Group::PATHS);
        for field in GroupField::ALL {
            assert_eq!(rows().filter(|row| row.field == *field).count(), 1, "{field:?}");
        }
        assert_eq!(rows().count(), GroupField::ALL.len());
    }
}
