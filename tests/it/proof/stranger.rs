//! Another organisation, with one of everything.

use super::kept;
use crate::matrix::Operation;
use roster_tests::{Client, OTHER_DOMAIN, PASSWORD, TestApp, template_id};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A file to import.
const FILE: &str = "User Name,First Name,Last Name,Display Name,Job Title,Department,\
                    Office Number,Office Phone,Mobile Phone,Fax,Address,City,State or Province,\
                    ZIP or Postal Code,Country or Region";

/// Another organisation.
pub(super) struct Stranger {
    /// Its global administrator.
    pub(super) global: Client,
    /// Somebody of it without a role.
    pub(super) member: Client,
    /// One object of each collection that belongs to an organisation, by its path.
    pub(super) ids: HashMap<&'static str, String>,
    /// The name of its user.
    pub(super) name: String,
}

async fn made(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.is(201).id()
}

impl Stranger {
    pub(super) async fn new(app: &TestApp) -> Self {
        let global = app.other_tenant().await;
        let address =
            |id: &str| json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)});
        let person = |name: &str| {
            let profile = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
            json!({
                "displayName": name, "userPrincipalName": format!("{name}@{OTHER_DOMAIN}"),
                "alternateEmail": "p@elsewhere.example", "passwordProfile": profile,
            })
        };
        let user = made(&global, "/v1.0/users", &person("pia")).await;
        let manager = made(&global, "/v1.0/users", &person("pim")).await;
        let gone = made(&global, "/v1.0/users", &person("gone")).await;
        let name = format!("pia@{OTHER_DOMAIN}");
        let member = app.bearer(&app.sign_in(&name).await);
        let put = global.request("PUT", &format!("/v1.0/users/{user}/manager/$ref"));
        global.send(put.json(&address(&manager))).await.is(204);
        let group = json!({
            "displayName": "Bakers", "mailNickname": "bakers", "mailEnabled": true,
            "securityEnabled": true, "memberJoinRestriction": "ApprovalRequired",
            "owners@odata.bind": [address(&manager)["@odata.id"]],
        });
        let group = made(&global, "/v1.0/groups", &group).await;
        let requests = format!("/v1.0/groups/{group}/joinRequests");
        let request = made(&member, &requests, &json!({})).await;
        let contact = json!({"displayName": "Pablo", "mail": "pablo@outside.example"});
        let contact = made(&global, "/v1.0/contacts", &contact).await;
        for place in ["members", "acceptedSenders", "rejectedSenders", "exemptSenders"] {
            let place = format!("/v1.0/groups/{group}/{place}/$ref");
            global.post(&place, &address(&contact)).await.is(204);
        }
        let view = json!({"displayName": "Delft", "criteria": {"city": "Delft"}});
        let view = made(&global, "/v1.0/userViews", &view).await;
        let path = "/v1.0/roleManagement/directory/roleAssignments";
        let assigned = json!({"principalId": manager, "roleDefinitionId": template_id("billing")});
        let assignment = made(&global, path, &assigned).await;
        let row = format!("{FILE}\nplum@{OTHER_DOMAIN},,,Plum,,,,,,,,,,,\n");
        let file = global.request("POST", "/v1.0/imports").header("content-type", "text/csv");
        let import = global.send(file.body(row)).await.is(202).id();
        kept::ended(&global, &import).await;
        // The one-time passwords are told once.
        global.get(&format!("/v1.0/imports/{import}/result")).await.is(200);
        global.delete(&format!("/v1.0/users/{gone}")).await.is(204);
        let ids = HashMap::from([
            ("/v1.0/users", user.clone()),
            ("/v1.0/directoryObjects", user),
            ("/v1.0/groups", group),
            ("/v1.0/contacts", contact),
            ("/v1.0/userViews", view),
            (path, assignment),
            ("/v1.0/imports", import),
            ("/v1.0/directory/deletedItems", gone),
            ("/v1.0/groups/{id}/joinRequests", request),
        ]);
        Self { global, member, ids, name }
    }

    /// The path of an operation on its own objects. Objects that are related to one are named by
    /// the id of its user.
    pub(super) fn path(&self, operation: &Operation) -> String {
        let (mut known, mut filled) = (String::new(), String::new());
        for segment in operation.template.split('/').skip(1) {
            let id = self.ids.get(known.as_str()).map_or(template_id("billing"), String::as_str);
            filled += "/";
            filled += if segment.contains('{') { id } else { segment };
            known += "/";
            known += segment;
        }
        filled
    }
}
