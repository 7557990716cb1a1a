//! The four kinds of groups and who may be what in them (R126, R128, R129, A28).

use super::{Group, Link};
use crate::limits::{MAX_OWNERS, MAX_RECIPIENT_OWNERS};
use crate::objects::DirectoryObject;
use crate::users::User;

/// A kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// Mail to many.
    Distribution,
    /// Mail to many, and rights.
    MailEnabledSecurity,
    /// Rights.
    Security,
    /// A team with a mailbox.
    Microsoft365,
}

/// Nothing of a group is a role; roles are not found by who names them here.
const NO_ROLES: &str = "An administrator role cannot stand in a group; name its holders.";

impl GroupKind {
    /// The kind of Graph's three flags.
    pub const fn of(unified: bool, mail_enabled: bool, security_enabled: bool) -> Option<Self> {
        match (unified, mail_enabled, security_enabled) {
            (true, true, _) => Some(Self::Microsoft365),
            (false, true, false) => Some(Self::Distribution),
            (false, true, true) => Some(Self::MailEnabledSecurity),
            (false, false, true) => Some(Self::Security),
            (true, false, _) | (false, false, false) => None,
        }
    }

    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::Distribution, Self::MailEnabledSecurity, Self::Security, Self::Microsoft365];

    /// Key, in questions about a kind.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Distribution => "distribution",
            Self::MailEnabledSecurity => "mailEnabledSecurity",
            Self::Security => "security",
            Self::Microsoft365 => "microsoft365",
        }
    }

    /// Reads a key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key().eq_ignore_ascii_case(key))
    }

    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Distribution => "distribution group",
            Self::MailEnabledSecurity => "mail-enabled security group",
            Self::Security => "security group",
            Self::Microsoft365 => "Microsoft 365 group",
        }
    }

    /// Whether Exchange administrators manage it (A1). Such groups are deleted at once; the
    /// others go to deleted items.
    pub const fn is_recipient(self) -> bool {
        matches!(self, Self::Distribution | Self::MailEnabledSecurity)
    }

    /// Most owners.
    pub const fn max_owners(self) -> usize {
        if self.is_recipient() { MAX_RECIPIENT_OWNERS } else { MAX_OWNERS }
    }

    /// Whether an object may stand in a place of a group of this kind.
    ///
    /// # Errors
    /// Why it may not, and what to do instead.
    pub fn admits(self, link: Link, object: &DirectoryObject) -> Result<(), String> {
        match link {
            Link::Member => self.admits_member(object),
            Link::Owner => self.admits_owner(object),
            Link::AcceptedSender | Link::RejectedSender | Link::ExemptSender => {
                self.admits_sender(object)
            }
            Link::Moderator => self.admits_moderator(object),
        }
    }

    fn admits_member(self, object: &DirectoryObject) -> Result<(), String> {
        match (self, object) {
            (Self::Microsoft365 | Self::Security, DirectoryObject::User(_)) => Ok(()),
            (Self::Distribution | Self::MailEnabledSecurity, DirectoryObject::User(user)) => {
                with_mail(self, user)
            }
            (Self::Microsoft365, DirectoryObject::Group(_)) => {
                Err("Groups cannot be members of a Microsoft 365 group. Add their members instead."
                    .to_owned())
            }
            (Self::Microsoft365, DirectoryObject::Contact(_)) => Err(
                "A contact cannot be a member of a Microsoft 365 group. Invite the person as a \
                 guest (POST /v1.0/invitations) and add the guest."
                    .to_owned(),
            ),
            (
                Self::Security | Self::Distribution | Self::MailEnabledSecurity,
                DirectoryObject::Contact(_),
            ) => Ok(()),
            (_, DirectoryObject::Role(_)) => Err(NO_ROLES.to_owned()),
            (Self::Security, DirectoryObject::Group(group)) => match group.kind() {
                Some(Self::Security | Self::MailEnabledSecurity) => Ok(()),
                kind => Err(no_member(self, kind, "security groups")),
            },
            (Self::Distribution | Self::MailEnabledSecurity, DirectoryObject::Group(group)) => {
                match group.kind() {
                    Some(Self::Distribution | Self::MailEnabledSecurity) => Ok(()),
                    kind => Err(no_member(self, kind, "mail-enabled groups")),
                }
            }
        }
    }

    fn admits_owner(self, object: &DirectoryObject) -> Result<(), String> {
        match (self, object) {
            (Self::Microsoft365 | Self::Security, DirectoryObject::User(_)) => Ok(()),
            (Self::Distribution | Self::MailEnabledSecurity, DirectoryObject::User(user)) => {
                with_mail(self, user)
            }
            (Self::Distribution | Self::MailEnabledSecurity, DirectoryObject::Group(group))
                if group.kind() == Some(Self::MailEnabledSecurity) =>
            {
                Ok(())
            }
            (Self::Distribution | Self::MailEnabledSecurity, _) => Err(format!(
                "Owners of a {} are users with a mail address or mail-enabled security groups.",
                self.name()
            )),
            _ => Err(format!("Owners of a {} are users.", self.name())),
        }
    }

    fn admits_sender(self, object: &DirectoryObject) -> Result<(), String> {
        if self == Self::Security {
            return Err("A security group receives no mail, so it has no senders.".to_owned());
        }
        match object {
            DirectoryObject::User(user) => with_mail(self, user),
            DirectoryObject::Contact(_) => Ok(()),
            DirectoryObject::Group(group) if group.mail_enabled => Ok(()),
            DirectoryObject::Group(_) => {
                Err("A group named as sender must be mail-enabled.".to_owned())
            }
            DirectoryObject::Role(_) => Err(NO_ROLES.to_owned()),
        }
    }

    fn admits_moderator(self, object: &DirectoryObject) -> Result<(), String> {
        match object {
            DirectoryObject::User(user) if self != Self::Security => with_mail(self, user),
            _ if self == Self::Security => {
                Err("A security group receives no mail, so it has no moderators.".to_owned())
            }
            _ => Err("Moderators are users with a mail address.".to_owned()),
        }
    }
}

fn with_mail(kind: GroupKind, user: &User) -> Result<(), String> {
    if user.mail.is_some() {
        return Ok(());
    }
    Err(format!(
        "The user {} has no mail address, which a {} needs. Set 'mail' of the user first.",
        user.user_principal_name,
        kind.name()
    ))
}

fn no_member(of: GroupKind, kind: Option<GroupKind>, instead: &str) -> String {
    let kind = kind.map_or("group", GroupKind::name);
    format!("A {kind} cannot be a member of a {}; only {instead} can.", of.name())
}

impl Group {
    /// The kind and its name, for messages.
    pub(super) fn kind_name(&self) -> &'static str {
        self.kind().map_or("group", GroupKind::name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::Contact;

    fn user(mail: Option<&str>) -> DirectoryObject {
        let user = User { mail: mail.map(str::to_owned), ..User::default() };
        DirectoryObject::User(Box::new(user))
    }

    fn contact() -> DirectoryObject {
        DirectoryObject::Contact(Box::default())
    }

    fn group(kind: GroupKind) -> DirectoryObject {
        let unified = kind == GroupKind::Microsoft365;
        let mail_enabled = kind != GroupKind::Security;
        let security_enabled = matches!(kind, GroupKind::Security | GroupKind::MailEnabledSecurity);
        let group = Group { unified, mail_enabled, security_enabled, ..Group::default() };
        assert_eq!(group.kind(), Some(kind));
        DirectoryObject::Group(Box::new(group))
    }

    /// One letter for each kind of group: may it hold the object there?
    fn admitted(link: Link, object: &DirectoryObject) -> String {
        let letter = |kind: &GroupKind| if kind.admits(link, object).is_ok() { 'y' } else { '-' };
        GroupKind::ALL.iter().map(letter).collect()
    }

    #[test]
    fn three_flags_tell_four_kinds_and_nothing_else() {
        let kinds = [false, true].map(|unified| {
            [false, true].map(|mail| [false, true].map(|sec| GroupKind::of(unified, mail, sec)))
        });
        let found: Vec<_> = kinds.into_iter().flatten().flatten().collect();
        let m365 = Some(GroupKind::Microsoft365);
        let [distribution, mail_enabled, security, _] = GroupKind::ALL.map(Some);
        let expected = [None, security, distribution, mail_enabled, None, None, m365, m365];
        assert_eq!(found, expected);
    }

    #[test]
    fn keys_are_read_back_and_nothing_else_is() {
        assert_eq!(
            GroupKind::ALL.map(|kind| GroupKind::parse(kind.key())),
            GroupKind::ALL.map(Some)
        );
        assert_eq!(GroupKind::parse("club"), None);
    }

    #[test]
    fn each_kind_admits_the_members_of_its_rules() {
        let members = [
            (user(Some("a@x.example")), "yyyy"),
            (user(None), "--yy"),
            (contact(), "yyy-"),
            (group(GroupKind::Distribution), "yy--"),
            (group(GroupKind::MailEnabledSecurity), "yyy-"),
            (group(GroupKind::Security), "--y-"),
            (group(GroupKind::Microsoft365), "----"),
        ];
        for (object, expected) in members {
            assert_eq!(admitted(Link::Member, &object), expected, "{object:?}");
        }
    }

    #[test]
    fn owners_are_people_or_for_mail_groups_a_mail_enabled_security_group() {
        assert_eq!(admitted(Link::Owner, &user(Some("a@x.example"))), "yyyy");
        assert_eq!(admitted(Link::Owner, &user(None)), "--yy");
        assert_eq!(admitted(Link::Owner, &contact()), "----");
        assert_eq!(admitted(Link::Owner, &group(GroupKind::MailEnabledSecurity)), "yy--");
        assert_eq!(admitted(Link::Owner, &group(GroupKind::Security)), "----");
    }

    #[test]
    fn only_groups_with_mail_have_senders_and_moderators() {
        for link in
            [Link::AcceptedSender, Link::RejectedSender, Link::Moderator, Link::ExemptSender]
        {
            assert_eq!(admitted(link, &user(Some("a@x.example"))), "yy-y", "{link:?}");
        }
        assert_eq!(admitted(Link::AcceptedSender, &contact()), "yy-y");
        assert_eq!(admitted(Link::Moderator, &contact()), "----");
    }

    #[test]
    fn a_contact_is_kept_out_of_a_microsoft_365_group_with_a_hint_to_invite_a_guest() {
        let object = DirectoryObject::Contact(Box::<Contact>::default());
        let refused = GroupKind::Microsoft365.admits(Link::Member, &object).unwrap_err();
        assert!(refused.contains("guest") && refused.contains("/v1.0/invitations"), "{refused}");
    }
}
