//! What one group says to a message, by its own settings.

use super::super::{Group, Link};
use super::Reason;
use super::sender::{Lists, Sender};
use crate::limits::RESTRICTED_FROM;

/// Why a group refuses a sender (R122–R124, R131); empty when it takes the message.
pub(super) fn reasons(group: &Group, members: i64, sender: &Sender, lists: &Lists) -> Vec<Reason> {
    let mut reasons = Vec::new();
    // R123: the list of allowed senders does not let contacts in while only insiders may send.
    if !sender.inside && !group.allow_external_senders {
        reasons.push(Reason {
            code: "5.7.133",
            rule: "R122",
            message: "The group takes mail from inside the organisation only. Set \
                      allowExternalSenders to let people outside write to it."
                .to_owned(),
        });
    }
    if lists.names(group.id, Link::RejectedSender) == Some(true) {
        reasons.push(Reason {
            code: "5.7.1",
            rule: "R124",
            message: "The sender is among the group's rejectedSenders, itself or through a \
                      group; that list wins over acceptedSenders."
                .to_owned(),
        });
    }
    let accepted = lists.names(group.id, Link::AcceptedSender);
    if accepted == Some(false) {
        reasons.push(Reason {
            code: "5.7.124",
            rule: "R124",
            message: "The group has acceptedSenders and the sender is not among them. Add the \
                      sender; somebody outside needs a contact or guest for it."
                .to_owned(),
        });
    }
    // Links refuse this state; it comes about when the last accepted sender is erased.
    if accepted.is_none() && !group.moderation_enabled && members >= RESTRICTED_FROM {
        reasons.push(Reason {
            code: "5.7.124",
            rule: "R131",
            message: format!(
                "A group with {RESTRICTED_FROM} members or more takes no mail while anybody may \
                 send to it. Name acceptedSenders or set moderationEnabled."
            ),
        });
    }
    reasons
}

/// R130: a moderated group asks, except about what moderators, owners and exempt senders write.
pub(super) fn asks(group: &Group, lists: &Lists) -> bool {
    let passing = [Link::Owner, Link::Moderator, Link::ExemptSender];
    let passes = passing.into_iter().any(|link| lists.names(group.id, link) == Some(true));
    group.moderation_enabled && !passes
}
