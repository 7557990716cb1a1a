//! Everything that an organisation can read, byte by byte.

use super::super::stranger::Stranger;
use super::super::{RANDOM, told};
use crate::matrix::operations;
use serde_json::{Value, json};

/// Headers that tell of a state or of limits.
const HEADERS: [&str; 6] =
    ["etag", "retry-after", "ratelimit", "ratelimit-policy", "location", "content-length"];

/// What a request was, and everything of its answer that does not differ between equal ones.
pub(super) type Seen = (String, u16, String, Vec<String>);

/// What the other organisation reads with each operation, as its administrator and as a member,
/// and what it is told when it asks for what is wrong.
pub(super) async fn observed(document: &Value, of: &Stranger) -> Vec<Seen> {
    let mut seen = Vec::new();
    for operation in operations(document).iter().filter(|each| each.method == "get") {
        // The keys of the whole service, and what the process says of itself.
        if operation.any_of.is_none() {
            continue;
        }
        let path = of.path(operation);
        for client in [&of.global, &of.member] {
            // Plainly, and with an option that is wrong everywhere.
            for path in [path.clone(), format!("{path}?$filter=id")] {
                let answer = client.get(&path).await;
                let (status, mut text) = told(&answer, RANDOM);
                // The place of the next page is sealed anew each time.
                if let Some(link) = answer["@odata.nextLink"].as_str() {
                    text = text.replace(&json!(link).to_string(), "LINK");
                }
                let sealed = text.contains("LINK");
                let headers = HEADERS.iter().filter(|name| !sealed || **name != "content-length");
                let headers = headers.map(|name| answer.header(name).to_owned()).collect();
                seen.push((path, status, text, headers));
            }
        }
    }
    let search = of.global.query("/v1.0/addressBook", &[("$search", "p")]).await;
    seen.push(("search".to_owned(), search.status, told(&search, RANDOM).1, vec![]));
    seen
}
