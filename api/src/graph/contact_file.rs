//! All contacts of a list as a CSV file in the layout of the import, so that a file can be edited
//! and imported again.

use super::projection::read_query;
use crate::http::{Failure, QueryOptions, accept};
use crate::roster::Roster;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, StreamExt as _};
use roster_domain::authz::{Grant, rights};
use roster_domain::contacts::{self, Contact, ContactField};
use roster_domain::imports::Layout;
use roster_domain::imports::export::Writer;
use roster_domain::limits::MAX_PAGE;
use roster_domain::paging::Cursor;
use roster_domain::query::{self, Query};
use roster_domain::{Error, Result};
use std::io;

/// A file under way: page by page, so that memory does not grow with it.
struct File {
    roster: Data<Roster>,
    grant: Grant<rights::ReadDirectory>,
    query: Query<ContactField>,
    /// The last contact written.
    after: Option<Cursor>,
}

/// Answers the file. `$filter`, `$search` and `$orderby` say which contacts and in which order.
///
/// # Errors
/// What is wrong with the options; 400 for those that shape pages of JSON.
pub async fn answer(
    roster: Data<Roster>,
    grant: Grant<rights::ReadDirectory>,
    pairs: &QueryOptions,
) -> Result<HttpResponse, Failure> {
    let mut query = read_query::<Contact>(query::LIST, pairs, &grant.scope())?;
    for (option, given) in [
        ("$select", query.select.is_some()),
        ("$expand", !query.expand.is_empty()),
        ("$skiptoken", query.skip_token.is_some()),
    ] {
        if given {
            let message = format!("A CSV file has all contacts in fixed columns; omit {option}.");
            return Err(Error::unsupported_query(message).at(option).into());
        }
    }
    query.top = MAX_PAGE;
    let (first, rest) = File { roster, grant, query, after: None }.page().await?;
    // Once the answer has begun, all that can be done about a failure is to break it off.
    let rest = stream::try_unfold(rest, |file| async {
        let Some(file) = file else { return Ok(None) };
        let page = file.page().await.map_err(|error| io::Error::other(error.message));
        page.map(Some)
    });
    Ok(HttpResponse::Ok()
        .content_type(format!("{}; charset=utf-8; header=present", accept::CSV))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"contacts.csv\""))
        .streaming(stream::iter([Ok(first)]).chain(rest)))
}

impl File {
    /// The rows of the next page, behind the headings on the first, and what is left to do.
    async fn page(mut self) -> Result<(Bytes, Option<Self>)> {
        let (grant, query, after) = (self.grant, self.query.clone(), self.after.clone());
        let found =
            self.roster.read(move |tx| contacts::export(tx, &grant, &query, after.as_ref()));
        let (page, managers) = found.await?;
        let written = self.write(&page.items, &managers);
        let bytes = written.map_err(|error| Error::internal(format!("a CSV row: {error}")))?;
        let last = page.items.last().filter(|_| page.more);
        let rest = last.map(|last| Cursor::at(&self.query.order, last)).map(|cursor| {
            self.after = Some(cursor);
            self
        });
        Ok((bytes.into(), rest))
    }

    fn write(&self, contacts: &[Contact], managers: &[Option<String>]) -> io::Result<Vec<u8>> {
        let mut writer = Writer::new(Vec::new());
        if self.after.is_none() {
            writer.row(Layout::Contacts22.columns().map(|column| column.heading))?;
        }
        for (contact, manager) in contacts.iter().zip(managers) {
            writer.row(contact.cells(manager.as_deref()))?;
        }
        writer.finish()
    }
}
