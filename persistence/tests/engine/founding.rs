//! Rows of organisations that were never founded, domains, and what a server is told at first.

use crate::support::{number, on_each_database, tenant};
use roster_domain::domains::{self, MAX_DOMAINS};
use roster_domain::id::TenantId;
use roster_domain::{Kind, Result};
use roster_persistence::{Lane, Session, Store};

async fn add(store: &Store, of: TenantId, name: String) -> Result<()> {
    let work = move |session: &mut Session<'_>| domains::add(session, &name, true);
    store.write(Lane::Interactive, of, store.inputs()?, work).await
}

#[test]
fn an_organisation_that_was_not_founded_is_removed_and_one_that_was_stays() {
    on_each_database(|database| async move {
        let store = database.open();
        let (founded, refused) = (tenant(&store).await, tenant(&store).await);
        add(&store, founded, "contoso.example".to_owned()).await.unwrap();
        for id in [founded, refused] {
            let remove = move |session: &mut Session<'_>| session.remove_unfounded(id);
            store.unlocked(store.inputs().unwrap(), remove).await.unwrap();
        }
        let count = |session: &mut Session<'_>| {
            number(session, "SELECT count(*) AS n FROM tenants", vec![])
        };
        assert_eq!(store.read(count).await.unwrap(), 1);
        add(&store, founded, "fabrikam.example".to_owned()).await.unwrap();
        let gone = add(&store, refused, "tailspin.example".to_owned()).await.unwrap_err();
        assert_eq!(gone.kind, Kind::NotFound);
    });
}

#[test]
fn an_organisation_has_at_most_so_many_domains() {
    on_each_database(|database| async move {
        let store = database.open();
        let contoso = tenant(&store).await;
        let fill = |session: &mut Session<'_>| {
            (1..MAX_DOMAINS)
                .try_for_each(|n| domains::add(session, &format!("d{n}.example"), n % 2 == 0))
        };
        store.write(Lane::Bulk, contoso, store.inputs().unwrap(), fill).await.unwrap();
        add(&store, contoso, "last.example".to_owned()).await.unwrap();
        let refused = add(&store, contoso, "more.example".to_owned()).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (Kind::Conflict, "TooManyDomains"));
        let known = add(&store, contoso, "last.example".to_owned()).await.unwrap_err();
        assert_eq!(known.kind, Kind::Invalid);
    });
}

/// Lost races are known by English messages.
#[test]
fn a_postgresql_server_that_allows_it_reports_in_english() {
    on_each_database(|database| async move {
        if database.url.is_postgres() {
            let sql = "SELECT count(*) AS n WHERE current_setting('lc_messages') = 'C' \
                       OR NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)";
            let english = move |session: &mut Session<'_>| number(session, sql, vec![]);
            assert_eq!(database.open().read(english).await.unwrap(), 1);
        }
    });
}
