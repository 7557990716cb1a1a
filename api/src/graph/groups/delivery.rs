//! `POST /groups/{id}/checkDelivery`.

use super::super::typed::{Projections, Typed};
use crate::authentication::Authorized;
use crate::graph::links;
use crate::http::{Failure, JsonBody};
use crate::roster::Roster;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use roster_domain::addresses::syntax;
use roster_domain::authz::rights;
use roster_domain::error::Violation;
use roster_domain::groups::{self, Nested, Reason};
use roster_domain::limits::MAX_TOLD_NAME;
use roster_domain::{Error, Value};
use serde::Serialize;
use utoipa::ToSchema;

/// A message to check.
#[derive(ToSchema)]
#[schema(as = deliveryQuestion)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Question {
    /// Address of the sender.
    sender: String,
}

/// Why a message is refused.
#[derive(Serialize, ToSchema)]
#[schema(as = deliveryReason)]
struct ReasonBody {
    /// Status of the bounce: `5.7.133`.
    code: &'static str,
    /// The rule behind it.
    rule: &'static str,
    /// What is wrong and how to mend it.
    message: String,
}

impl From<Reason> for ReasonBody {
    fn from(reason: Reason) -> Self {
        let Reason { code, rule, message } = reason;
        Self { code, rule, message }
    }
}

/// A group in the group that does not simply pass the message on.
#[derive(Serialize, ToSchema)]
#[schema(as = nestedDelivery)]
struct NestedBody {
    /// Id of the group.
    id: String,
    /// Its name.
    #[serde(rename = "displayName")]
    display_name: String,
    /// `refused`: who is only behind this group gets nothing. `moderated`: its own moderators are
    /// asked again; `bypassNestedModeration` of a moderated group above spares them.
    decision: &'static str,
    /// Why it refuses; empty when it does not.
    reasons: Vec<ReasonBody>,
}

impl From<Nested> for NestedBody {
    fn from(nested: Nested) -> Self {
        Self {
            id: nested.id.to_string(),
            display_name: nested.display_name,
            decision: nested.decision.word(),
            reasons: nested.reasons.into_iter().map(ReasonBody::from).collect(),
        }
    }
}

/// What would become of a message.
#[derive(Serialize, ToSchema)]
#[schema(as = delivery)]
struct Answer<'a> {
    #[serde(rename = "@odata.context")]
    context: String,
    /// Whether the group takes it.
    accepted: bool,
    /// Why not.
    reasons: Vec<ReasonBody>,
    /// Whether somebody has to approve it first.
    moderated: bool,
    /// Who approves it.
    #[schema(value_type = Vec<Object>)]
    approvers: Vec<Typed<'a>>,
    /// The groups in the group, however deep, that refuse it by their own settings or ask again;
    /// those that pass it on are left out, and so are groups the caller does not see.
    nested: Vec<NestedBody>,
    /// Who would get it, each once, after the approvals; the first hundred.
    #[schema(value_type = Vec<Object>)]
    recipients: Vec<Typed<'a>>,
    /// Number of all who would get it.
    #[serde(rename = "recipients@odata.count")]
    total: i64,
    /// Address of all who would get it, where there are more and no group in it refuses the
    /// sender.
    #[serde(rename = "recipients@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Tells whether a group would take a message, and who would get it. The settings of the groups in
/// it count too, for those who are behind them.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id")),
    request_body = Question,
    responses((status = 200, description = "What would become of the message", body = Answer)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[post("/v1.0/groups/{id}/checkDelivery")]
pub(super) async fn check_delivery(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let scope = grant.scope();
    let sender = read_sender(&body)?;
    let found =
        roster.read(move |tx| groups::check_delivery(tx, &grant, &id, sender.trim())).await?;
    let projections = Projections::read(None, &scope)?;
    let group = found.group;
    let all = || links::location(&roster, &format!("groups/{group}"), "recipients");
    Ok(HttpResponse::Ok().json(Answer {
        context: format!("{}/v1.0/$metadata#delivery", roster.public_url),
        accepted: found.reasons.is_empty(),
        reasons: found.reasons.into_iter().map(ReasonBody::from).collect(),
        moderated: found.moderated,
        approvers: found.approvers.iter().map(|o| Typed::item(o, &projections)).collect(),
        nested: found.nested.into_iter().map(NestedBody::from).collect(),
        recipients: found.recipients.items.iter().map(|o| Typed::item(o, &projections)).collect(),
        total: found.total,
        next: (found.recipients.more && !found.narrowed).then(all),
    }))
}

/// The sender a question names.
fn read_sender(body: &Value<'static>) -> Result<String, Error> {
    let Value::Object(members) = body else {
        return Err(Error::invalid("The body must be a JSON object: {\"sender\": ADDRESS}."));
    };
    let is_known = |name: &str| name == "sender" || name.starts_with('@');
    let unknown = members.iter().filter(|(name, _)| !is_known(name)).map(|(name, _)| {
        let message = "Only 'sender' is a property of this request; leave the others out.";
        let told: String = name.chars().take(MAX_TOLD_NAME).collect();
        Violation::coded("UnknownProperty", told, message)
    });
    let mut violations: Vec<Violation> = unknown.collect();
    let sender = body.member("sender").and_then(Value::as_text).map(str::trim);
    if let Err(wrong) = sender
        .map_or(Err("must be the address of the sender.".to_owned()), |text| {
            syntax::smtp_address(text).map(drop)
        })
    {
        violations.push(Violation::new("sender", format!("'sender' {wrong}")));
    }
    match sender {
        Some(sender) if violations.is_empty() => Ok(sender.to_owned()),
        _ => Err(Error::violations(violations)),
    }
}
