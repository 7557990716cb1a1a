//! A walk at random through a small world, over HTTP (F22, F23): five people, three groups, an
//! actor of each role, a member who owns a group, and the global administrator of another
//! organisation. Each trace is three moves. After every move:
//!
//! * what `permissions/check` said beforehand is what happened;
//! * nobody holds a role that they did not hold, but by a global administrator's hand;
//! * nobody but a global administrator set the password of somebody who holds a role;
//! * whoever acted edits no group that they did not edit before;
//! * nothing of what another organisation can read has changed, in the end.
//!
//! The seed is printed. What the functions that decide allow is checked over all states elsewhere:
//! `domain/src/authz/tests/world`.

mod moves;
mod observed;

use super::document;
use super::stranger::Stranger;
use moves::{Kind, Move};
use observed::observed;
use roster_tests::{Answer, Client, PASSWORD, TestApp, on_both, upn};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

on_both! { no_trace_widens_rights_or_reaches_another_organisation }

/// The seed of the walk; another one walks elsewhere.
const SEED: u64 = 0x5EED_0F23;
const TRACES: u32 = 500;
const MOVES: u32 = 3;
const ASSIGNMENTS: &str = "/v1.0/roleManagement/directory/roleAssignments";
/// What an actor resets passwords to.
const CAPTURED: &str = "Captured-7#zomer-Pelikaan";

/// Numbers at random (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Somebody who acts.
struct Actor {
    name: &'static str,
    id: String,
    client: Client,
    /// Of another organisation: there is nothing here for them.
    foreign: bool,
}

struct World<'a> {
    app: &'a TestApp,
    /// Sees everything and does nothing but ask.
    witness: Client,
    actors: Vec<Actor>,
    people: Vec<String>,
    groups: Vec<String>,
    /// Of the people, those who may not sign in.
    blocked: BTreeSet<String>,
    chance: Chance,
}

/// Roles by who holds them.
type Held = BTreeMap<String, BTreeSet<String>>;

impl<'a> World<'a> {
    async fn new(app: &'a TestApp, foreign: Client) -> Self {
        let witness = app.client().await;
        let mut actors = Vec::new();
        for (name, client) in app.everyone().await {
            let id = client.get("/v1.0/me").await.is(200).id();
            actors.push(Actor { name, id, client, foreign: false });
        }
        let (id, client) = app.holder("Owner", &[]).await;
        let mut groups = Vec::new();
        for (name, mail, security) in
            [("security", false, true), ("mailed", true, true), ("list", true, false)]
        {
            let owner = format!("{}/v1.0/users/{id}", app.url);
            let body = json!({
                "displayName": name, "mailNickname": name, "mailEnabled": mail,
                "securityEnabled": security, "owners@odata.bind": [owner],
            });
            groups.push(witness.post("/v1.0/groups", &body).await.is(201).id());
        }
        actors.push(Actor { name: "owner", id, client, foreign: false });
        let id = foreign.get("/v1.0/me").await.is(200).id();
        actors.push(Actor { name: "other tenant", id, client: foreign, foreign: true });
        let mut world = Self {
            app,
            witness,
            actors,
            people: vec![],
            groups,
            blocked: BTreeSet::new(),
            chance: Chance(SEED),
        };
        for roles in [&[][..], &[], &["billing"], &["user"], &["global"]] {
            let person = world.person(roles);
            let id = world.witness.post("/v1.0/users", &person).await.is(201).id();
            world.people.push(id);
        }
        world
    }

    /// The body of somebody new who may be given roles.
    fn person(&mut self, roles: &[&str]) -> Value {
        let name = Uuid::now_v7().simple().to_string();
        let mut body = json!({
            "displayName": "Person", "userPrincipalName": upn(&name),
            "alternateEmail": "somebody@elsewhere.example",
            "passwordProfile": {"password": PASSWORD, "forceChangePasswordNextSignIn": false},
        });
        if !roles.is_empty() {
            body["roles"] = json!(roles);
        }
        body
    }

    /// Who moves: often the global administrator, without whom nothing is given.
    fn any_actor(&mut self) -> usize {
        let global = self.actors.iter().position(|actor| actor.name == "global");
        let any = self.chance.below(self.actors.len());
        if self.chance.below(3) == 0 { global.unwrap_or(any) } else { any }
    }

    async fn held(&self) -> Held {
        let mut held = Held::new();
        for each in self.witness.all(&format!("{ASSIGNMENTS}?$top=999")).await {
            let text = |name: &str| each[name].as_str().unwrap().to_owned();
            held.entry(text("principalId")).or_default().insert(text("roleDefinitionId"));
        }
        held
    }

    /// The groups that an actor edits, as the service tells them.
    async fn edited(&self, actor: &Actor) -> BTreeSet<String> {
        let path = "/v1.0/groups?$select=id,capabilities&$top=999";
        let all = actor.client.all(path).await;
        let edited = all.iter().filter(|group| group["capabilities"]["canUpdate"] == true);
        edited.map(|group| group["id"].as_str().unwrap().to_owned()).collect()
    }

    /// What the service says beforehand; none where it cannot be asked.
    async fn told(&self, actor: &Actor, step: &Move) -> Option<Answer> {
        if actor.foreign || step.question.is_null() {
            return None;
        }
        let mut question = step.question.clone();
        question["actor"] = json!(actor.id);
        Some(self.witness.post("/v1.0/permissions/check", &question).await)
    }

    /// Makes a move and checks what follows; whether it was done.
    async fn step(&mut self, actor: usize, step: &Move, before: &Held) -> (bool, Held) {
        let by = &self.actors[actor];
        let what = format!("{} {step}", by.name);
        let told = self.told(by, step).await;
        let watched = !by.foreign && step.kind.is_of_groups();
        let edited = if watched { self.edited(by).await } else { BTreeSet::new() };
        let request = by.client.request(step.method, &step.path);
        let answer = by.client.send(step.fill(request)).await;
        let done = answer.status < 300 && !step.is_refused_in_part(&answer);
        if by.foreign {
            assert!(!done, "{what}: {answer}");
        }
        if let Some(told) = &told {
            agrees(&what, told, &answer);
        }
        // What a refusal would give in secret is found at the next move that is done.
        let after = if answer.status < 300 { self.held().await } else { before.clone() };
        self.grew(&what, by, step, before, &after);
        if done && watched && step.kind != Kind::Restore {
            let now = self.edited(by).await;
            let more: Vec<_> = now.difference(&edited).collect();
            assert!(more.is_empty(), "{what} takes {more:?}");
        }
        if done && step.kind == Kind::Reset {
            let roles = before.get(&step.target).map_or(0, BTreeSet::len);
            assert!(roles == 0 || by.name == "global", "{what} takes over {roles} roles");
        }
        (done, after)
    }

    /// Nobody holds more than before, but by a global administrator's hand.
    fn grew(&self, what: &str, by: &Actor, step: &Move, before: &Held, after: &Held) {
        let none = BTreeSet::new();
        for (who, roles) in after {
            let more: Vec<_> = roles.difference(before.get(who).unwrap_or(&none)).collect();
            let given = by.name == "global" && step.kind.gives_roles();
            assert!(more.is_empty() || given, "{what} gives {who} {more:?}");
        }
        for actor in &self.actors {
            let (then, now) = (before.get(&actor.id), after.get(&actor.id));
            assert_eq!(then, now, "{what} touches the roles of {}", actor.name);
        }
    }

    /// Notes who is blocked, and replaces whoever is gone for good, so that the world stays as
    /// large as it is.
    async fn mend(&mut self, step: &Move, done: bool) {
        if done && step.kind == Kind::Block && !self.blocked.remove(&step.target) {
            self.blocked.insert(step.target.clone());
        }
        if !done || step.kind != Kind::Purge {
            return;
        }
        let person = self.person(&[]);
        let id = self.witness.post("/v1.0/users", &person).await.is(201).id();
        let place = self.people.iter().position(|each| *each == step.target);
        self.people[place.expect("somebody of the world")] = id;
    }
}

/// What was told is what happened.
fn agrees(what: &str, told: &Answer, answer: &Answer) {
    match (told.status, &told["allowed"]) {
        // What is asked about is not there, so nothing is done to it.
        (404, _) => assert!(answer.status >= 400, "{what}: told {told}, and did {answer}"),
        (200, Value::Bool(allowed)) => {
            let refused = answer.status == 403;
            assert_eq!(*allowed, !refused, "{what}: told {told}, and did {answer}");
        }
        _ => panic!("{what}: told {told}, and did {answer}"),
    }
}

async fn no_trace_widens_rights_or_reaches_another_organisation(app: TestApp) {
    let document = document(&app).await;
    let stranger = Stranger::new(&app).await;
    let before = observed(&document, &stranger).await;
    assert!(before.len() > 400, "only {} answers are observed", before.len());
    let mut world = World::new(&app, stranger.global.clone()).await;
    let mut held = world.held().await;
    let mut count = BTreeMap::<Kind, (u32, u32)>::new();
    for _ in 0..TRACES {
        for _ in 0..MOVES {
            let actor = world.any_actor();
            let step = world.any_move(actor, &stranger);
            let (done, after) = world.step(actor, &step, &held).await;
            held = after;
            world.mend(&step, done).await;
            let (all, some) = count.entry(step.kind).or_default();
            (*all, *some) = (*all + 1, *some + u32::from(done));
        }
    }
    roster_tests::say(&format!("seed {SEED:#x}, {TRACES} traces of {MOVES}: {count:?}"));
    for (kind, (all, done)) in &count {
        assert!(*done > 0 && done < all, "{kind:?}: {done} of {all} were done");
    }
    let after = observed(&document, &stranger).await;
    for (then, now) in before.iter().zip(&after) {
        assert_eq!(then, now, "another organisation sees that something happened");
    }
    assert_eq!(before.len(), after.len());
}
