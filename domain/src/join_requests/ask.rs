//! Asking to join a group (R127).

use super::{JoinRequest, MAX_JUSTIFICATION, read};
use crate::authz::{Grant, rights};
use crate::changes::{self, Change};
use crate::error::{Error, Result, Violation};
use crate::groups::{self, Group, Link};
use crate::id::Id;
use crate::objects;
use crate::ports::WriteTx;
use crate::value::Value;

/// What a request says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewJoinRequest {
    /// Why they ask.
    pub justification: Option<String>,
}

impl NewJoinRequest {
    /// Reads the optional body `{justification}`.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: Option<&Value<'static>>) -> Result<Self> {
        let Some(Value::Object(members)) = body else { return Ok(Self::default()) };
        let mut new = Self::default();
        let mut violations = Vec::new();
        for (name, value) in members.iter().filter(|(name, _)| !name.contains('@')) {
            match (name.as_ref(), value) {
                ("justification", Value::Null) => {}
                ("justification", Value::Text(text))
                    if text.chars().count() <= MAX_JUSTIFICATION =>
                {
                    new.justification = Some(text.trim().to_owned()).filter(|t| !t.is_empty());
                }
                ("justification", _) => violations.push(Violation::new(
                    "justification",
                    format!("'justification' is a text of at most {MAX_JUSTIFICATION} characters."),
                )),
                (unknown, _) => violations.push(Violation::coded(
                    "UnknownProperty",
                    unknown,
                    format!("'{unknown}' is unknown; a request takes a 'justification'."),
                )),
            }
        }
        if violations.is_empty() { Ok(new) } else { Err(Error::violations(violations)) }
    }
}

/// Asks, as the signed-in person, to become a member of a group.
///
/// # Errors
/// 404; 400 where nobody has to or may ask, for who is a member or has asked already, and for who
/// cannot be a member of such a group.
pub fn ask(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    new: &NewJoinRequest,
) -> Result<JoinRequest> {
    let Some(requestor) = grant.actor().user() else {
        return Err(Error::invalid("Only people ask to join; an API client has no membership."));
    };
    let group = groups::find(tx, &grant.scope(), key)?;
    takes_requests(&group)?;
    let oneself = objects::find(tx, &grant.scope(), &requestor.to_string())?;
    groups::admit(tx, &group, Link::Member, &oneself)?;
    if read::own(tx, grant, &group)?.is_some() {
        return Err(Error::violations(vec![Violation::coded(
            "ObjectConflict",
            "joinRequests",
            "You have asked to join this group already; wait for an owner, or withdraw the request.",
        )]));
    }
    let request = JoinRequest {
        id: Id::new(tx.new_uuid()),
        group: group.id,
        requestor,
        created: tx.now(),
        justification: new.justification.clone(),
    };
    tx.insert_join_request(&request)?;
    let details = changes::created(&request);
    tx.record(Change::by(grant, "groups.joinRequests.add", "group", group.id, details))?;
    Ok(request)
}

fn takes_requests(group: &Group) -> Result<()> {
    let problem = match group.join_restriction.as_str() {
        "ApprovalRequired" => return Ok(()),
        "Open" => "Nobody has to ask to join this group: add yourself with POST …/members/$ref.",
        _ => "This group is closed; its owners add members themselves.",
    };
    Err(Error::invalid_property("memberJoinRestriction", problem))
}
