//! Events: sign-ins and refusals. Append-only, outside the change feed, without secrets.

use crate::authz::Actor;
use crate::error::Error;
use crate::id::TenantId;
use crate::imports::{Counts, ImportJob, Status};
use crate::value::Value;
use std::borrow::Cow;
use uuid::Uuid;

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened: `signIn`, `authorization`, `passwordChange`, `import`.
    pub kind: &'static str,
    /// How it ended: `success` or `failure`.
    pub outcome: &'static str,
    /// Organisation, where it is known.
    pub tenant: Option<TenantId>,
    /// Who acted, where it is known.
    pub actor: Option<Uuid>,
    /// The request.
    pub request: Option<Uuid>,
    /// More, without secrets.
    pub details: Value<'static>,
}

impl Event {
    /// A request that was refused for a missing right.
    pub fn refused(actor: &Actor, error: &Error) -> Self {
        let permission = error.refusal.as_ref().map_or("", |refusal| refusal.permission.key());
        let target = error.refusal.as_ref().and_then(|refusal| refusal.target.clone());
        let target = target.map_or(Value::Null, |target| Value::Text(Cow::Owned(target)));
        Self {
            kind: "authorization",
            outcome: "failure",
            tenant: Some(actor.tenant()),
            actor: Some(actor.principal().uuid()),
            request: Some(actor.request()),
            details: Value::Object(vec![
                (Cow::Borrowed("permission"), Value::text(permission)),
                (Cow::Borrowed("target"), target),
            ]),
        }
    }

    /// An attempt to sign in or to change a password.
    pub fn sign_in(
        kind: &'static str,
        tenant: Option<TenantId>,
        actor: Option<Uuid>,
        request: Uuid,
        failure: Option<&'static str>,
    ) -> Self {
        let reason = failure.map_or(Value::Null, Value::text);
        Self {
            kind,
            outcome: if failure.is_none() { "success" } else { "failure" },
            tenant,
            actor,
            request: Some(request),
            details: Value::Object(vec![(Cow::Borrowed("reason"), reason)]),
        }
    }

    /// An import that has ended. Its job is no object of the directory and stands in no change
    /// record; the users it created do.
    pub fn import(job: &ImportJob) -> Self {
        let Counts { rows, created, exists, failed, .. } = job.counts;
        let number = |number| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let completed = job.status == Status::Completed;
        Self {
            kind: "import",
            outcome: if completed { "success" } else { "failure" },
            tenant: Some(job.tenant),
            actor: Some(job.uploader.principal.uuid()),
            request: Some(job.uploader.request),
            details: Value::Object(vec![
                ("job".into(), Value::Text(job.id.to_string().into())),
                ("rows".into(), number(rows)),
                ("created".into(), number(created)),
                ("exists".into(), number(exists)),
                ("failed".into(), number(failed)),
            ]),
        }
    }
}
