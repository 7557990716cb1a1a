//! Every operation of the document × every kind of principal (S33), against the permission matrix.
//!
//! New operations are covered by themselves. One that acts on a new kind of object needs a body
//! that makes such an object, in [`objects`].

mod asked;
mod cells;
pub(crate) mod objects;
mod owners;

use asked::Question;
use cells::granted;
use objects::{body, path};
use roster_tests::{Client, ROLES, TestApp, on_both};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

on_both! { every_principal_may_do_what_the_matrix_says_and_nothing_else }

/// What everybody who is signed in may do.
const MEMBERS: &str = "read_directory";

/// Collections that are the same in every organisation.
pub(crate) const CATALOGUES: [&str; 3] = [
    "/v1.0/directoryRoleTemplates",
    "/v1.0/directoryRoles",
    "/v1.0/roleManagement/directory/roleDefinitions",
];

pub(crate) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Somebody who sends requests.
struct Principal {
    name: &'static str,
    client: Client,
    kind: Kind,
}

enum Kind {
    Anonymous,
    /// Holds these roles, perhaps none.
    Signed(Vec<&'static str>),
    OtherTenant,
}

/// What an operation answers to a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Allowed,
    Forbidden,
    Unauthenticated,
    NotFound,
}

impl Outcome {
    fn of(status: u16) -> Self {
        match status {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            _ => Self::Allowed,
        }
    }

    const fn sign(self) -> char {
        match self {
            Self::Allowed => '✔',
            Self::Forbidden => '✘',
            Self::Unauthenticated => '?',
            Self::NotFound => '∅',
        }
    }
}

pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) template: String,
    /// One of these is needed; none for what is public.
    pub(crate) any_of: Option<Vec<String>>,
    /// A relation to the object opens it too, so that the right is proved after the body is read.
    has_relation: bool,
    /// Media type of the request body.
    pub(crate) media: Option<String>,
}

impl Operation {
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.template)
    }

    /// The outcomes that are right for somebody.
    fn expected(&self, kind: &Kind) -> Vec<Outcome> {
        let Some(any_of) = &self.any_of else { return vec![Outcome::Allowed] };
        let granted = |roles: &[&str]| self.decisive().iter().any(|key| granted(key, roles));
        match kind {
            Kind::Anonymous => vec![Outcome::Unauthenticated],
            Kind::OtherTenant if self.names_an_object() => vec![Outcome::NotFound],
            Kind::OtherTenant => vec![Outcome::Allowed],
            // Which of the permissions is needed depends on the kind of the object.
            Kind::Signed(roles) if granted(roles) && self.is_polymorphic() => {
                vec![Outcome::Allowed, Outcome::Forbidden]
            }
            // A result is shown once, when it is ready, to whoever asked for it.
            Kind::Signed(roles) if granted(roles) && self.template.ends_with("/result") => {
                vec![Outcome::Allowed, Outcome::Forbidden, Outcome::NotFound]
            }
            // What the caller is related to, of which there is nothing here.
            Kind::Signed(_) if self.names_something_of_oneself() => vec![Outcome::NotFound],
            Kind::Signed(roles) if granted(roles) => vec![Outcome::Allowed],
            Kind::Signed(_) if any_of.iter().any(|key| key == MEMBERS) => vec![self.own_part()],
            Kind::Signed(_) => vec![Outcome::Forbidden],
        }
    }

    /// What members are answered where they have a part of their own: lists and numbers are of
    /// that part, and the one object of this test is not in it.
    fn own_part(&self) -> Outcome {
        match self.template.rsplit('/').next() {
            Some("serviceRoles") => Outcome::Forbidden,
            Some(last) if last.starts_with('{') => Outcome::NotFound,
            _ => Outcome::Allowed,
        }
    }

    /// Whether it acts on objects of several kinds.
    fn is_polymorphic(&self) -> bool {
        let several = ["/v1.0/directoryObjects/{", "/v1.0/imports/{"];
        let of_several = several.iter().any(|start| self.template.starts_with(start));
        of_several && self.decisive().len() > 1
    }

    /// The permissions that open it; a member's own part in it aside.
    fn decisive(&self) -> Vec<&String> {
        let any_of = self.any_of.iter().flatten();
        let own_part = any_of.clone().count() > 1;
        any_of.filter(|key| !own_part || *key != MEMBERS).collect()
    }

    /// Whether the path names one of the objects that the caller is related to.
    fn names_something_of_oneself(&self) -> bool {
        self.template.starts_with("/v1.0/me/") && self.template.ends_with('}')
    }

    /// Whether the path holds the id of something that belongs to one organisation.
    pub(crate) fn names_an_object(&self) -> bool {
        self.template
            .match_indices("/{")
            .any(|(at, _)| !CATALOGUES.contains(&self.template.split_at(at).0))
    }
}

/// The operations of the document; each says who may use it or that everybody may.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (template, item) in document["paths"].as_object().expect("paths") {
        for method in METHODS {
            let described = &item[method];
            if described.is_null() {
                continue;
            }
            let public = described["security"] == json!([{}]) || described["security"] == json!([]);
            let any_of = described["x-permission"]["anyOf"].as_array().map(|keys| {
                keys.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
            });
            assert!(
                public != any_of.as_ref().is_some_and(|keys| !keys.is_empty()),
                "{method} {template} needs either x-permission {{anyOf: […]}} or security(())"
            );
            let content = described["requestBody"]["content"].as_object();
            let media = content.and_then(|content| content.keys().next().cloned());
            let has_relation = described["x-permission"]["orRelation"].is_string();
            let (method, template) = (method.to_owned(), template.clone());
            operations.push(Operation { method, template, any_of, has_relation, media });
        }
    }
    operations
}

async fn principals(app: &TestApp) -> Vec<Principal> {
    let mut all =
        vec![Principal { name: "anonymous", client: app.anonymous(), kind: Kind::Anonymous }];
    for (name, client) in app.everyone().await {
        let roles = match name {
            "member" => vec![],
            "service" => vec!["service", "skype"],
            role => vec![role],
        };
        all.push(Principal { name, client, kind: Kind::Signed(roles) });
    }
    for (name, client) in outdated(app).await {
        all.push(Principal { name, client, kind: Kind::Signed(vec![]) });
    }
    let client = app.other_tenant().await;
    all.push(Principal { name: "other tenant", client, kind: Kind::OtherTenant });
    all
}

/// Somebody whose token has every role and who holds none any more, and somebody who holds every
/// role and whose token has none yet: both are members (S22).
async fn outdated(app: &TestApp) -> [(&'static str, Client); 2] {
    let all: Vec<&str> = ROLES.iter().map(|(role, _)| *role).collect();
    let (former, claims_all) = app.holder("Former", &all).await;
    let (id, claims_none) = app.holder("Newcomer", &[]).await;
    let bulk = "/v1.0/roleManagement/directory/roleAssignments/bulk";
    let none = json!({"userIds": [former], "role": null});
    let done = app.client().await.post(bulk, &none).await.is(200);
    assert_eq!(done.items()[0]["succeeded"], true, "{done}");
    // The service role comes after its companions (A19).
    for role in all.iter().filter(|role| **role != "service").chain([&"service"]) {
        app.assign(&id, role).await;
    }
    [("former", claims_all), ("newcomer", claims_none)]
}

/// Sends an operation as a principal and checks the answer; returns its sign.
async fn try_as(
    app: &TestApp,
    operation: &Operation,
    principal: &Principal,
    objects: &mut HashMap<String, String>,
) -> char {
    let expected = operation.expected(&principal.kind);
    let path = path(app, &operation.template, objects).await;
    let allowed = expected.contains(&Outcome::Allowed);
    let once = ["/restore", "/approve", "/deny"];
    let consumes =
        operation.method == "delete" || once.iter().any(|end| operation.template.ends_with(end));
    if consumes && allowed {
        objects.clear();
    }
    let known = body(app, &operation.key()).await;
    let mut request = principal.client.request(&operation.method.to_uppercase(), &path);
    request = match (&operation.media, &known) {
        (Some(media), Some(body)) if media.contains("json") => request.json(body),
        (Some(media), None) if media.contains("json") => request.json(&json!({})),
        (Some(media), _) => request.header("content-type", media).body(""),
        (None, _) => request,
    };
    let question = Question::about(operation, &path, known.as_ref());
    let told = question.put(operation, principal).await;
    let answer = principal.client.send(request).await;
    let (who, key) = (principal.name, operation.key());
    assert!(answer.status < 500, "{who}: {answer}");
    if let Some(told) = told {
        question.compare(&told, &answer, who);
    }
    if operation.any_of.is_none() {
        return Outcome::Allowed.sign();
    }
    let is_stranger = matches!(principal.kind, Kind::OtherTenant);
    let outcome = match Outcome::of(answer.status) {
        // The caller is found, and something they may have is not there.
        Outcome::NotFound if !operation.names_an_object() => Outcome::Allowed,
        // A body that this test does not know is refused before the object is looked for.
        Outcome::Allowed
            if (is_stranger || operation.has_relation)
                && known.is_none()
                && answer.status == 400 =>
        {
            *expected.first().unwrap_or(&Outcome::Allowed)
        }
        outcome => outcome,
    };
    assert!(expected.contains(&outcome), "{key} as {who}, not {expected:?}: {answer}");
    match outcome {
        Outcome::Allowed if known.is_some() && !is_stranger => {
            assert!(answer.status < 300, "{key} as {who}: {answer}");
        }
        Outcome::Allowed => {}
        Outcome::Forbidden if answer.status == 403 => explains(answer.enveloped(), operation),
        Outcome::Forbidden | Outcome::Unauthenticated | Outcome::NotFound => {
            drop(answer.enveloped())
        }
    }
    if expected.len() > 1 { '~' } else { outcome.sign() }
}

/// A 403 names a permission that was missing and the roles that would grant it.
fn explains(answer: roster_tests::Answer, operation: &Operation) {
    let explanation = &answer["error"]["innerError"]["authorization"];
    let permission = explanation["permission"].as_str().unwrap_or_default().to_owned();
    let any_of = operation.decisive();
    assert!(any_of.contains(&&permission), "{answer}");
    let granting = explanation["grantingRoles"].as_array().expect("roles");
    let of = |keys: &[&String]| -> Vec<&str> {
        let roles = ROLES.iter().map(|(role, _)| *role);
        roles.filter(|role| keys.iter().any(|key| granted(key, &[role]))).collect()
    };
    // Those of all permissions that open the operation, or of the one that this object needs.
    let told = [of(&any_of), of(&[&permission])].iter().any(|roles| {
        roles.len() == granting.len() && roles.iter().all(|role| granting.contains(&json!(role)))
    });
    assert!(told, "{answer}");
}

async fn every_principal_may_do_what_the_matrix_says_and_nothing_else(app: TestApp) {
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let principals = principals(&app).await;
    let mut table = String::new();
    for operation in operations(&document) {
        let mut objects = HashMap::new();
        let mut signs = String::new();
        for principal in &principals {
            let sign = try_as(&app, &operation, principal, &mut objects).await;
            write!(signs, "{sign} ").unwrap();
        }
        writeln!(table, "{signs} {}", operation.key()).unwrap();
    }
    // What depends on the kind of the object is tried kind by kind elsewhere: `roles::explained`,
    // `imports`. Everything else is what `x-permission` says, for every principal.
    let open: Vec<&str> = table.lines().filter(|line| line.contains('~')).collect();
    assert_eq!(open.len(), 3, "{open:#?}");
    let names: Vec<&str> = principals.iter().map(|principal| principal.name).collect();
    let legend = "✔ allowed  ✘ forbidden  ? not signed in  ∅ not found  ~ depends on the object\n\
                  service: together with skype, as it never stands alone (A19)\n\
                  former: every role in the token, none held; newcomer: every role held, none in \
                  the token";
    insta::assert_snapshot!(
        "operations_and_principals",
        format!("{}\n{legend}\n\n{table}", names.join(", "))
    );
}
