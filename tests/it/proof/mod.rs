//! What holds whatever the operation is: the tests here are generated from the published document,
//! so that a new operation or property is tested by itself.

mod headers;
mod hidden;
mod higher;
mod kept;
mod logs;
mod recycled;
mod stranger;
mod unseen;
mod walk;

use roster_tests::{Answer, TestApp};
use serde_json::Value;

/// An id that nothing has.
const RANDOM: &str = "01900000-0000-7000-8000-000000000000";

async fn document(app: &TestApp) -> Value {
    app.anonymous().get("/openapi.json").await.is(200).json
}

/// Status and body, without the parts that differ between equal answers.
fn told(answer: &Answer, key: &str) -> (u16, String) {
    let mut json = answer.json.clone();
    if let Some(inner) = json.pointer_mut("/error/innerError").and_then(Value::as_object_mut) {
        for each in ["request-id", "client-request-id", "date"] {
            inner.remove(each);
        }
    }
    let text = if json.is_null() { answer.text.clone() } else { json.to_string() };
    let text = if key.is_empty() { text } else { text.replace(key, "KEY") };
    (answer.status, text)
}
