//! Invitations of guests: people with an account elsewhere (A28).

mod redeem;

pub use redeem::{Redemption, redeem};

use crate::addresses::syntax::{self, MAX_LOCAL};
use crate::addresses::{AddressList, HolderKind, conflict, free_variant};
use crate::authz::{Grant, rights};
use crate::changes::{self, Change};
use crate::error::{Error, Result, Violation};
use crate::id::Id;
use crate::ports::WriteTx;
use crate::text::is_blank;
use crate::users::{User, UserId};
use crate::value::Value;
use std::borrow::Cow;
use validator::ValidateUrl as _;

/// State of a guest who has not answered yet.
pub const PENDING: &str = "PendingAcceptance";
/// State of a guest who has accepted.
pub const ACCEPTED: &str = "Accepted";
/// Days an invitation can be accepted.
pub const VALID_DAYS: i64 = 30;

/// The members of Graph's form that a client may send.
const KNOWN: [&str; 8] = [
    "invitedUserEmailAddress",
    "inviteRedirectUrl",
    "invitedUserDisplayName",
    "invitedUserType",
    "sendInvitationMessage",
    "resetRedemption",
    "invitedUserMessageInfo",
    "invitedUser",
];

/// A request to invite somebody.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Address of the guest.
    pub email: String,
    /// Page that the guest is sent to.
    pub redirect_url: String,
    /// Name shown; the address by default.
    pub display_name: Option<String>,
}

impl Invite {
    /// Reads Graph's form.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        let Value::Object(members) = body else {
            return Err(Error::invalid("The body must be a JSON object."));
        };
        let mut violations = Vec::new();
        let mut invite =
            Self { email: String::new(), redirect_url: String::new(), display_name: None };
        for (name, value) in members.iter().filter(|(name, _)| !name.contains('@')) {
            invite.take(name, value, &mut violations);
        }
        for (name, text) in [
            ("invitedUserEmailAddress", &invite.email),
            ("inviteRedirectUrl", &invite.redirect_url),
        ] {
            if text.is_empty() && !violations.iter().any(|violation| violation.target == name) {
                let message = format!("'{name}' is required.");
                violations.push(Violation::coded("MissingProperty", name, message));
            }
        }
        if violations.is_empty() { Ok(invite) } else { Err(Error::violations(violations)) }
    }

    fn take(&mut self, name: &str, value: &Value<'static>, violations: &mut Vec<Violation>) {
        let wrong = match (name, value) {
            ("invitedUserEmailAddress", Value::Text(text)) => {
                self.email = text.clone().into_owned();
                syntax::smtp_address(text).err()
            }
            ("inviteRedirectUrl", Value::Text(text)) => {
                self.redirect_url = text.clone().into_owned();
                check_url(text).err()
            }
            ("invitedUserDisplayName", Value::Text(text)) if text.chars().count() <= 256 => {
                self.display_name = Some(text.trim().to_owned()).filter(|name| !is_blank(name));
                None
            }
            ("invitedUserType", Value::Text(text)) if text == "Guest" => None,
            // No mail is sent yet: whoever invites hands the link on.
            ("sendInvitationMessage" | "resetRedemption", Value::Bool(false)) => None,
            (_, Value::Null) => None,
            (known, _) if KNOWN.contains(&known) => {
                Some("has a wrong type, or asks for what is not served.".to_owned())
            }
            _ => {
                let message = format!("'{name}' is not a property of an invitation.");
                return violations.push(Violation::coded("UnknownProperty", name, message));
            }
        };
        if let Some(wrong) = wrong {
            violations.push(Violation::new(name, format!("'{name}' {wrong}")));
        }
    }
}

/// `https://host…`, or `http://` to one's own machine; without a fragment, which carries the token,
/// and without a user, behind whom another host could hide.
fn check_url(url: &str) -> Result<(), String> {
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\<>\"^`{|}".contains(&byte));
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => authority,
    };
    let allowed = match scheme.to_ascii_lowercase().as_str() {
        "https" => is_host(host),
        "http" => ["localhost", "127.0.0.1", "[::1]"].contains(&host),
        _ => false,
    };
    if allowed && plain && !url.contains('#') && url.len() <= 2048 && url.validate_url() {
        return Ok(());
    }
    Err("must be an https address such as https://app.example/welcome, without user name and \
         fragment, at most 2048 characters long."
        .to_owned())
}

/// Whether a text is a host name or an address in brackets.
fn is_host(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')),
        None => text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_name),
    }
}

/// Creates the guest: `local_domain#EXT#@initial-domain`, without a password until it accepts.
///
/// # Errors
/// 400 when the address belongs to somebody already; 409 when the organisation has no initial
/// domain.
pub fn invite(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    request: &Invite,
) -> Result<User> {
    let tenant = tx.tenant();
    let initial = tx.domains(tenant)?.into_iter().find(|domain| domain.is_initial);
    let initial = initial.ok_or_else(|| Error::internal("no initial domain"))?;
    let parts = syntax::smtp_address(&request.email).map_err(Error::invalid)?;
    let local: String = format!("{}_{}", parts.local, parts.domain)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "'.-_!#^~".contains(c) { c } else { '_' })
        .collect();
    // Room for the mark, and for digits where another guest's address reads the same.
    let local: String = local.chars().take(MAX_LOCAL - "#EXT#0000".len()).collect();
    let name = free_variant(tx, &format!("{local}#EXT#"), &initial.name)?.ok_or_else(|| {
        Error::conflict("NoFreeName", "No user principal name is free for this guest. Try again.")
    })?;
    let (alias, _) = name.split_once('@').unwrap_or_default();
    let alias = alias.to_owned();
    let id: UserId = Id::new(tx.new_uuid());
    let user = User {
        id,
        version: 1,
        created: tx.now(),
        user_principal_name: name.clone(),
        display_name: request.display_name.clone().unwrap_or_else(|| request.email.clone()),
        account_enabled: true,
        user_type: "Guest".to_owned(),
        mail: Some(request.email.clone()),
        mail_nickname: Some(alias),
        proxy_addresses: vec![format!("SMTP:{}", request.email)],
        creation_type: Some("Invitation".to_owned()),
        external_user_state: Some(PENDING.to_owned()),
        ..User::default()
    };
    let mut list = AddressList::default();
    list.entry(&name).upn = true;
    let mail = list.entry(&request.email);
    mail.primary = true;
    mail.proxy = true;
    let list = list.into_vec();
    for address in &list {
        if let Some(holder) = tx.holder(tenant, &address.key())? {
            let violation =
                conflict(tx, &grant.scope(), "invitedUserEmailAddress", address, &holder)?;
            return Err(Error::violations(vec![violation]));
        }
    }
    tx.insert_user(&user)?;
    tx.insert_addresses(HolderKind::User, id.uuid(), &list)?;
    tx.record(Change::by(grant, "invitations.create", "user", id, changes::created(&user)))?;
    Ok(user)
}

/// What the answer to an invitation carries besides the guest.
pub fn link(redirect_url: &str, token: &str) -> Value<'static> {
    Value::Text(Cow::Owned(format!("{redirect_url}#invitationToken={token}")))
}
