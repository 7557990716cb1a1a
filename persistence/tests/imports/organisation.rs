//! An organisation that imports files.

use crate::support::{Database, number};
use roster_domain::Result;
use roster_domain::authz::{
    Actor, Claims, Grant, Policy, Principal, PrincipalState, Role, RoleSet, authorize, rights,
};
use roster_domain::clients::ClientId;
use roster_domain::id::TenantId;
use roster_domain::imports::{
    self, Batch, ImportJob, ImportJobId, ImportReads as _, JobKind, Kind, Lease, NewImport,
    NewPassword, Options, Reader, Survey, Taken, Vault, prepare,
};
use roster_domain::limits::IMPORT_CHUNK;
use roster_domain::organisations::{FirstAdministrator, Founding, found};
use roster_domain::users::{NewUser, User, UserId, create};
use roster_domain::{Error, Value};
use roster_persistence::{Bind, Lane, Session, Store};
use std::hash::RandomState;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// The domain of the sample file.
pub(crate) const DOMAIN: &str = "contoso.onroster.example";
/// A thousand people.
pub(crate) const PEOPLE: &[u8] = include_bytes!("../../../tests/fixtures/people-1000.csv");

/// The first two hundred of them.
pub(crate) fn two_hundred() -> Vec<u8> {
    PEOPLE.split_inclusive(|byte| *byte == b'\n').take(201).flatten().copied().collect()
}

pub(crate) type Manage = Grant<rights::ImportFiles>;

/// An organisation with its first administrator.
pub(crate) struct Organisation {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
    pub(crate) admin: UserId,
}

/// Sealed means written behind its context; passwords are numbered.
pub(crate) struct TestVault;

impl Vault for TestVault {
    fn password(&self) -> Result<NewPassword> {
        static DRAWN: AtomicU64 = AtomicU64::new(0);
        let text = format!("Pw-{}", DRAWN.fetch_add(1, Ordering::Relaxed));
        Ok(NewPassword { hash: format!("hash of {text}"), text })
    }

    fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        Ok([context, b"|", plain].concat())
    }

    fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let rest = sealed.strip_prefix(context).and_then(|rest| rest.strip_prefix(b"|"));
        rest.map(<[u8]>::to_vec).ok_or_else(|| Error::internal("sealed for something else"))
    }
}

/// A file in 15 columns with these rows: user name, display name and what follows.
pub(crate) fn people(rows: &str) -> Vec<u8> {
    format!(
        "User Name,First Name,Last Name,Display Name,Job Title,Department,Office Number,Office \
         Phone,Mobile Phone,Fax,Address,City,State or Province,ZIP or Postal Code,Country or \
         Region\n{rows}"
    )
    .into_bytes()
}

/// A row with a user name and a display name.
pub(crate) fn person(user_name: &str) -> String {
    format!("{user_name},,,Somebody,,,,,,,,,,,\n")
}

impl Organisation {
    /// A new organisation.
    pub(crate) async fn new(database: &Database) -> Self {
        Self::with_domain(database.open(), DOMAIN).await
    }

    /// A new organisation with this initial domain.
    pub(crate) async fn with_domain(store: Store, domain: &str) -> Self {
        let make = |session: &mut Session<'_>| {
            let id = TenantId::new(session.new_uuid());
            session.insert_tenant(id).map(|()| id)
        };
        let tenant = store.unlocked(store.inputs().unwrap(), make).await.unwrap();
        let founding = Founding {
            display_name: "Contoso".to_owned(),
            initial_domain: domain.to_owned(),
            administrator: FirstAdministrator {
                alias: "admin".to_owned(),
                password_hash: "x".to_owned(),
            },
            client_id: ClientId::new(Uuid::now_v7()),
            client_secret_hash: "x".to_owned(),
        };
        let inputs = store.inputs().unwrap();
        let work = move |session: &mut Session<'_>| found(session, &founding);
        let admin = store.write(Lane::Interactive, tenant, inputs, work).await.unwrap();
        Self { store, tenant, admin: admin.unwrap().id }
    }

    /// The same organisation as another process sees it.
    pub(crate) fn in_another_process(&self, database: &Database) -> Self {
        Self { store: database.open(), tenant: self.tenant, admin: self.admin }
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inputs = self.store.inputs().unwrap();
        self.store.write(Lane::Bulk, self.tenant, inputs, work).await
    }

    pub(crate) async fn unlocked<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.store.unlocked(self.store.inputs().unwrap(), work).await
    }

    /// What somebody with some roles may do, as far as their token says.
    pub(crate) fn grant_of(&self, user: UserId, roles: &[Role]) -> Manage {
        let roles: RoleSet = roles.iter().copied().collect();
        let claims =
            Claims { tenant: self.tenant, principal: Principal::User(user), roles, epoch: 0 };
        let state = PrincipalState { enabled: true, roles, epoch: 0 };
        let actor = Actor::signed_in(claims, Some(state), Policy::default(), Uuid::now_v7());
        authorize(&actor.unwrap()).unwrap()
    }

    /// What the first administrator may do.
    pub(crate) fn grant(&self) -> Manage {
        self.grant_of(self.admin, &[Role::Global])
    }

    /// Uploads a file.
    pub(crate) async fn upload_as(&self, grant: Manage, file: &[u8]) -> ImportJobId {
        let id = self.write(move |tx| imports::admit(tx, &grant, JobKind::Users)).await.unwrap();
        for (number, chunk) in file.chunks(IMPORT_CHUNK).enumerate() {
            let chunk = chunk.to_vec();
            let receive =
                move |tx: &mut Session<'_>| imports::receive(tx, &grant, id, number as u64, &chunk);
            self.write(receive).await.unwrap();
        }
        let options = Options { usage_location: Some("NL".to_owned()), account_enabled: true };
        let new = NewImport { id, kind: JobKind::Users, options, size: file.len() as u64 };
        self.write(move |tx| imports::start(tx, &grant, &new)).await.unwrap();
        id
    }

    /// Uploads a file as the first administrator.
    pub(crate) async fn upload(&self, file: &[u8]) -> ImportJobId {
        self.upload_as(self.grant(), file).await
    }

    /// Takes the only job that is not finished.
    pub(crate) async fn lease(&self) -> Lease {
        let seen = self.store.read(|session| session.unfinished_imports()).await.unwrap();
        assert_eq!(seen.len(), 1);
        let seen = seen[0];
        self.unlocked(move |session| session.lease_import(&seen)).await.unwrap().unwrap()
    }

    /// The file of a job, as it is stored.
    pub(crate) async fn file(&self, job: ImportJobId) -> Vec<u8> {
        let tenant = self.tenant;
        let mut file = Vec::new();
        for number in 0.. {
            let chunk = self.store.read(move |tx| tx.import_chunk(tenant, job, number)).await;
            match chunk.unwrap() {
                Some(chunk) => file.extend(chunk),
                None => break,
            }
        }
        file
    }

    /// One batch of a job, from wherever it stands.
    pub(crate) async fn advance(&self, lease: Lease, rows: usize) -> Result<ImportJob> {
        let file = self.file(lease.job).await;
        let survey = Survey::of(file.as_slice(), JobKind::Users, &RandomState::new())
            .unwrap_or_else(|stop| panic!("{stop:?}"));
        let known = survey.clone();
        let job = self.write(move |tx| imports::verified(tx, &lease, &known)).await?;
        let from = job.checkpoint.unwrap();
        let mut reader = Reader::resume(&file[from.position.byte as usize..], from);
        let layout = reader.layout();
        let taken: Vec<_> = reader.by_ref().take(rows).map(|row| row.unwrap()).collect();
        let last = taken.len() < rows;
        let ready = |row| prepare(&survey, layout, &job.options, row, &TestVault).unwrap();
        let rows = taken.into_iter().map(ready).collect();
        let batch = Batch { from, to: reader.checkpoint(), rows, last };
        let process = move |tx: &mut Session<'_>| {
            imports::process(tx, &lease, Policy::default(), &batch, &TestVault)
        };
        self.write(process).await
    }

    /// Works on the only job until it is finished, in batches.
    pub(crate) async fn finish(&self, rows: usize) -> ImportJob {
        let lease = self.lease().await;
        loop {
            let job = self.advance(lease, rows).await.unwrap();
            if job.is_finished() {
                return job;
            }
        }
    }

    /// Uploads a file and imports it.
    pub(crate) async fn import(&self, file: &[u8], rows: usize) -> ImportJob {
        self.upload(file).await;
        self.finish(rows).await
    }

    /// A user made by the first administrator.
    pub(crate) async fn create_user(&self, members: &[(&'static str, Value<'static>)]) -> User {
        let members = members.iter().map(|(name, value)| ((*name).into(), value.clone()));
        let new = NewUser::read(Value::Object(members.collect()));
        let grant = self.grant();
        self.write(move |tx| create(tx, &grant.also().unwrap(), &new, "x")).await.unwrap().user
    }

    /// The lines of a job's result without the headings, with the passwords if they are left.
    pub(crate) async fn result(&self, grant: Manage, job: ImportJobId) -> Vec<Vec<String>> {
        let mut text = Vec::new();
        let mut from = 0;
        loop {
            let key = job.to_string();
            let take = move |tx: &mut Session<'_>| imports::take_parts(tx, &grant, &key, from);
            let Taken { parts, withheld } = self.write(take).await.unwrap();
            let Some(last) = parts.last() else { break };
            from = last.number + 1;
            for part in &parts {
                text.extend(part.open(job, &TestVault, &withheld).unwrap());
            }
        }
        let text = String::from_utf8(text).unwrap();
        text.lines().map(fields).collect()
    }

    /// The number of a count over this organisation's rows of a table.
    pub(crate) async fn count(&self, of: &str) -> i64 {
        let sql = format!("SELECT count(*) AS n FROM {of} AND tenant_id = $1");
        let tenant = self.tenant.uuid();
        let count = move |tx: &mut Session<'_>| number(tx, &sql, vec![Bind::Guid(tenant)]);
        self.store.read(count).await.unwrap()
    }

    /// Position of the last change.
    pub(crate) async fn last_change(&self) -> i64 {
        let tenant = self.tenant.uuid();
        let sql = "SELECT seq AS n FROM tenants WHERE id = $1";
        self.store.read(move |tx| number(tx, sql, vec![Bind::Guid(tenant)])).await.unwrap()
    }
}

/// The fields of a line of CSV without line breaks inside.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

/// How many rows of the sample file there are.
#[test]
fn the_sample_file_has_a_thousand_rows() {
    let (reader, _) = Reader::open(PEOPLE, Kind::Users).unwrap_or_else(|_| panic!());
    assert_eq!(reader.count(), 1_000);
}
