//! The service under test, with principals of every kind.

use crate::service::{Ahead, MASTER_KEY, Service, settings};
use crate::{
    Answer, Client, Database, PASSWORD, Place, ROLES, outsider, person, program, template_id,
};
use roster_api::cli::{DomainAddArgs, OrganisationSetArgs, PurchaseChannel};
use roster_api::commands::domain::add_domain;
use roster_api::commands::organisation::set_purchase;
use roster_api::config::Config;
use roster_api::start;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use uuid::Uuid;

/// The initial domain of the organisation.
pub const INITIAL_DOMAIN: &str = "contoso.onroster.example";

/// The initial domain of the other organisation.
pub const OTHER_DOMAIN: &str = "fabrikam.onroster.example";

/// A service of one test's own on a database of its own.
pub struct TestApp {
    /// The database it runs on.
    pub database: Database,
    /// Its address, without a trailing slash.
    pub url: String,
    /// The first administrator, with its one-time password.
    pub administrator: (String, String),
    /// Id and secret of the first API client.
    pub credentials: (String, String),
    http: reqwest::Client,
    tokens: Mutex<HashMap<String, String>>,
    // Dropped in this order: the service uses the place.
    service: Service,
    place: Place,
}

impl TestApp {
    /// Starts the service; none where the machine has no such database.
    pub async fn spawn(database: Database) -> Option<Self> {
        Self::spawn_with(database, |_| {}).await
    }

    /// Starts the service with other settings.
    pub async fn spawn_with(database: Database, adjust: fn(&mut Config)) -> Option<Self> {
        let place = Place::new(database)?;
        let mut config = settings(&place.url);
        adjust(&mut config);
        let service = Service::start(&config);
        let founded = service.founded.as_ref().expect("a new organisation");
        Some(Self {
            database,
            url: service.address.clone(),
            administrator: (founded.administrator.clone(), founded.password.to_string()),
            credentials: credentials(founded),
            http: http(),
            tokens: Mutex::default(),
            service,
            place,
        })
    }

    /// A second process of the service on the same database.
    pub fn neighbour(&self) -> Neighbour {
        // Links and tokens are of one service, whichever process answers.
        let config = Config { public_url: Some(self.url.clone()), ..settings(&self.place.url) };
        Neighbour(Service::start(&config))
    }

    /// A second process of the service whose clock runs some days ahead.
    pub fn neighbour_ahead(&self, days: i64) -> Neighbour {
        let config = Config { public_url: Some(self.url.clone()), ..settings(&self.place.url) };
        Neighbour(Service::start_at(&config, Arc::new(Ahead(days))))
    }

    /// Gives the organisation a further domain.
    pub async fn add_domain(&self, name: &str, verified: bool) {
        let args = DomainAddArgs { name: name.to_owned(), verified, organisation: None };
        let settings = settings(&self.place.url).check().unwrap_or_else(|_| unreachable!());
        add_domain(&settings, &args).await.expect("the domain is new");
    }

    /// Notes that a seller does the organisation's billing (R88), or nobody does.
    pub async fn bought_from(&self, seller: Option<&str>) {
        let channel = seller.map_or(PurchaseChannel::None, |_| PurchaseChannel::Reseller);
        let seller = seller.map(str::to_owned);
        let args = OrganisationSetArgs { organisation: None, purchase_channel: channel, seller };
        let settings = settings(&self.place.url).check().unwrap_or_else(|_| unreachable!());
        set_purchase(&settings, &args).await.expect("the organisation is there");
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.http.clone(), &self.url, None)
    }

    /// The bearer of a token.
    pub fn bearer(&self, token: &str) -> Client {
        self.anonymous().bearing(token)
    }

    /// The first API client, a global administrator.
    pub async fn client(&self) -> Client {
        let mut tokens = self.tokens.lock().await;
        if !tokens.contains_key("client") {
            let token = self.client_token(&self.credentials).await;
            tokens.insert("client".to_owned(), token);
        }
        self.bearer(&tokens["client"])
    }

    /// A person who is global administrator.
    pub async fn as_global(&self) -> Client {
        self.as_role("global").await
    }

    /// A person without any role.
    pub async fn as_member(&self) -> Client {
        self.as_role("member").await
    }

    /// A person who holds one role. The service role never stands alone (A19): its holder is the
    /// Skype administrator besides, who has the fewest rights.
    pub async fn as_role(&self, role: &str) -> Client {
        let known = self.tokens.lock().await.get(role).cloned();
        if let Some(token) = known {
            return self.bearer(&token);
        }
        let roles = match role {
            "member" => json!([]),
            "service" => json!(["service", "skype"]),
            role => json!([role]),
        };
        let user = self.create(&administrator(&format!("{role} person"), &roles)).await;
        let token = self.sign_in(&user.text_of("userPrincipalName")).await;
        self.tokens.lock().await.insert(role.to_owned(), token.clone());
        self.bearer(&token)
    }

    /// A person who is global administrator of another organisation.
    pub async fn other_tenant(&self) -> Client {
        let known = self.tokens.lock().await.get("other tenant").cloned();
        if let Some(token) = known {
            return self.bearer(&token);
        }
        let founded = start::found_further(&self.service.roster, "Fabrikam", OTHER_DOMAIN);
        let founded = founded.await.expect("a further organisation").expect("its credentials");
        let client = self.bearer(&self.client_token(&credentials(&founded)).await);
        let mut body = administrator("Nora", &json!(["global"]));
        body["userPrincipalName"] = json!(format!("nora@{OTHER_DOMAIN}"));
        client.post("/v1.0/users", &body).await.is(201);
        let token = self.sign_in(&format!("nora@{OTHER_DOMAIN}")).await;
        self.tokens.lock().await.insert("other tenant".to_owned(), token.clone());
        self.bearer(&token)
    }

    /// Creates a user as the API client.
    pub async fn create(&self, body: &Value) -> Answer {
        self.client().await.post("/v1.0/users", body).await.is(201)
    }

    /// Creates a person and returns their id.
    pub async fn person(&self, name: &str) -> String {
        self.create(&person(name)).await.id()
    }

    /// Creates a contact outside the organisation and returns its id.
    pub async fn contact(&self, name: &str) -> String {
        self.make_contact(&outsider(name)).await
    }

    /// Creates a contact that stands in no address list and returns its id.
    pub async fn hidden_contact(&self, name: &str) -> String {
        let mut body = outsider(name);
        body["hiddenFromAddressListsEnabled"] = true.into();
        self.make_contact(&body).await
    }

    async fn make_contact(&self, body: &Value) -> String {
        self.client().await.post("/v1.0/contacts", body).await.is(201).id()
    }

    /// Creates a person with roles and the password [`PASSWORD`]; returns their id and a session.
    pub async fn holder(&self, name: &str, roles: &[&str]) -> (String, Client) {
        let user = self.create(&administrator(name, &json!(roles))).await;
        let token = self.sign_in(&user.text_of("userPrincipalName")).await;
        (user.id(), self.bearer(&token))
    }

    /// Assigns a role; returns the id of the assignment.
    pub async fn assign(&self, principal: &str, role: &str) -> String {
        let body = json!({
            "principalId": principal, "roleDefinitionId": template_id(role), "directoryScopeId": "/"
        });
        let client = self.client().await;
        client.post("/v1.0/roleManagement/directory/roleAssignments", &body).await.is(201).id()
    }

    /// The id of the assignment of a role to a principal.
    pub async fn assignment(&self, principal: &str, role: &str) -> String {
        let filter =
            format!("principalId eq '{principal}' and roleDefinitionId eq '{}'", template_id(role));
        let client = self.client().await;
        let path = "/v1.0/roleManagement/directory/roleAssignments";
        let found = client.query(path, &[("$filter", &filter)]).await.is(200);
        found.column("id").first().expect("an assignment").clone()
    }

    /// Revokes a role.
    pub async fn revoke(&self, principal: &str, role: &str) -> Answer {
        let id = self.assignment(principal, role).await;
        let path = format!("/v1.0/roleManagement/directory/roleAssignments/{id}");
        self.client().await.delete(&path).await
    }

    /// A token by the password grant, for somebody whose password is [`PASSWORD`].
    pub async fn sign_in(&self, name: &str) -> String {
        self.password_grant(name, PASSWORD).await.is(200).text_of("access_token")
    }

    /// Asks for a token with a name and a password.
    pub async fn password_grant(&self, name: &str, password: &str) -> Answer {
        let form = [("grant_type", "password"), ("username", name), ("password", password)];
        self.anonymous().form("/oauth2/token", &form).await
    }

    async fn client_token(&self, (id, secret): &(String, String)) -> String {
        let grant = ("grant_type", "client_credentials");
        let form = [grant, ("client_id", id), ("client_secret", secret)];
        self.anonymous().form("/oauth2/token", &form).await.is(200).text_of("access_token")
    }

    /// The program as its operator runs it on the database of the test.
    pub fn operator(&self, arguments: &[&str]) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(program());
        command.current_dir(self.place.folder()).args(arguments).env_clear();
        command.env("DATABASE_URL", &self.place.url).env("ROSTER_MASTER_KEY", MASTER_KEY);
        command
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder()
    }

    /// Every role's holder by key, the member first.
    pub async fn everyone(&self) -> Vec<(&'static str, Client)> {
        let mut everyone = vec![("member", self.as_member().await)];
        for (role, _) in ROLES {
            everyone.push((role, self.as_role(role).await));
        }
        everyone
    }
}

/// Another process of the service on the database of a test.
pub struct Neighbour(Service);

impl Neighbour {
    /// Its address.
    pub fn url(&self) -> &str {
        &self.0.address
    }
}

/// Id and secret of an organisation's first API client.
fn credentials(founded: &start::Founded) -> (String, String) {
    let secret = founded.client_secret.as_ref().expect("the service drew it");
    (founded.client_id.to_string(), secret.to_string())
}

/// A person who signs in with [`PASSWORD`] at once and holds roles.
fn administrator(name: &str, roles: &Value) -> Value {
    let mut body = person(&format!("{name} {}", Uuid::now_v7().simple()));
    body["displayName"] = json!(name);
    body["alternateEmail"] = json!("somebody@elsewhere.example");
    body["passwordProfile"] = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    if roles.as_array().is_some_and(|roles| !roles.is_empty()) {
        body["roles"] = roles.clone();
    }
    body
}

/// A client of HTTP without proxies, redirects or endless patience.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client of HTTP")
}
