//! What requests about many objects have in common: each object succeeds or fails alone, and the
//! answer tells of each, in the order of the request.

use futures_util::future::join_all;
use roster_domain::{Error, Violation};
use serde::Serialize;
use utoipa::ToSchema;

/// Objects that are changed at the same time; each in a transaction of its own.
const TOGETHER: usize = 25;

/// What became of each object, in the order of the keys.
pub async fn each<'a, T, F>(keys: &'a [String], change: impl Fn(&'a str) -> F) -> Vec<T>
where
    F: Future<Output = T>,
{
    let mut outcomes = Vec::with_capacity(keys.len());
    for keys in keys.chunks(TOGETHER) {
        outcomes.extend(join_all(keys.iter().map(|key| change(key))).await);
    }
    outcomes
}

/// Why an object was left as it was.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkRefusal)]
pub struct Refused {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<RefusedDetail>,
}

/// One offending property.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkRefusalDetail)]
pub struct RefusedDetail {
    code: &'static str,
    message: String,
    target: String,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let detail = |violation: Violation| RefusedDetail {
            code: violation.code,
            message: violation.message,
            target: violation.target,
        };
        Self {
            code: error.code,
            message: error.message.into_owned(),
            details: error.violations.into_iter().map(detail).collect(),
        }
    }
}
