//! What `permissions/check` tells beforehand of each operation, against what it answers then.

use super::{Kind, Operation, Principal};
use roster_tests::Answer;
use serde_json::{Value, json};

/// A question about a request.
pub(super) struct Question {
    body: Value,
    /// The request names an object that the question cannot: one among those it reads.
    names_more: bool,
}

impl Question {
    /// The question about a request with this path and body.
    pub(super) fn about(operation: &Operation, path: &str, body: Option<&Value>) -> Self {
        let named = operation.template.split('/').zip(path.split('/'));
        let mut named =
            named.filter(|(part, _)| part.starts_with('{')).map(|(_, id)| id).peekable();
        let mut question = json!({"operation": operation.key()});
        // Below /me, the target is the caller.
        let is_own = operation.template.starts_with("/v1.0/me");
        if let Some(target) = named.next_if(|_| !is_own) {
            question["target"] = json!(target);
        }
        let reference = body.and_then(|body| body["@odata.id"].as_str());
        let object = named.next().or_else(|| reference?.rsplit('/').next());
        let ends = ["/$ref", "/approve", "/deny", "/joinRequests/{request}"];
        let is_end = ends.iter().any(|end| operation.template.ends_with(end));
        if let Some(object) = object.filter(|_| is_end || reference.is_some()) {
            question["object"] = json!(object);
        }
        if operation.key() == "POST /v1.0/groups" {
            question["kind"] = json!("distribution");
        }
        if operation.method == "patch" {
            let written = body.and_then(Value::as_object).into_iter().flatten();
            question["properties"] = written.map(|(name, _)| name.as_str()).collect();
        }
        Self { body: question, names_more: object.is_some() && !is_end && reference.is_none() }
    }

    /// Asks it as a principal about themselves, if they may ask and it is about a right.
    pub(super) async fn put(&self, operation: &Operation, by: &Principal) -> Option<Answer> {
        if matches!(by.kind, Kind::Anonymous) || operation.any_of.is_none() {
            return None;
        }
        Some(by.client.post("/v1.0/permissions/check", &self.body).await)
    }

    /// The operation answered what was told, with the same explanation. What would tell roles of
    /// others stays open.
    pub(super) fn compare(&self, told: &Answer, answer: &Answer, who: &str) {
        let Self { body, names_more } = self;
        let what = format!("{who}: {body} told {told}\nand did {answer}");
        match answer.status {
            // A body that this test does not know is refused before anything is looked for.
            400 => {}
            404 if (*names_more || body["target"].is_null()) && told.status == 200 => {
                assert_eq!(told["allowed"], true, "{what}");
            }
            404 => assert_eq!(told.status, 404, "{what}"),
            403 => {
                assert_eq!(told["allowed"], false, "{what}");
                let explained = &answer["error"]["innerError"]["authorization"];
                for detail in ["permission", "matrixRow", "grantingRoles", "limit"] {
                    assert_eq!(told[detail], explained[detail], "{what}");
                }
            }
            _ => {
                let open = who == "password" && body["operation"] == "PATCH /v1.0/users/{id}";
                let expected = if open { Value::Null } else { json!(true) };
                assert_eq!(told["allowed"], expected, "{what}");
            }
        }
    }
}
