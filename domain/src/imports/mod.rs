//! Import and export of users and contacts as CSV files.
//!
//! A file is read as a stream of rows in constant memory, whatever it holds. What is wrong with
//! the file as a whole ends the import; what is wrong with a row is told about that row, and
//! reading goes on with the next (R23).
//!
//! An upload is [`admit`]ted, its chunks are [`receive`]d, and a job is [`start`]ed. A worker
//! takes a [`Lease`] on the job, reads the file once ([`Survey`]) and then again in batches of
//! rows, which it [`prepare`]s and [`process`]es.

mod contact_steps;
mod contacts;
mod encoding;
pub mod export;
mod fields;
mod job;
mod layout;
mod outcome;
mod ports;
mod prepare;
mod process;
mod reader;
mod records;
mod result;
mod start;
mod survey;
mod users;

pub use contacts::{ContactRow, contact_row};
pub use encoding::Encoding;
pub use job::{
    Counts, ImportJob, ImportJobId, JobKind, Lease, Options, Status, Step, Uploader, is_taken_over,
    taken_over,
};
pub use layout::{Column, Kind, Layout, Warning};
pub use outcome::{FileCode, FileError, RowCode, RowOutcome, Stop};
pub use ports::{ImportReads, ImportWrites, NewPassword, SealedPart, Vault};
pub use prepare::{Batch, Prepared, prepare};
pub use process::{give_up, process, refuse, verified};
pub use reader::{Checkpoint, Reader, Row};
pub use records::Position;
pub use result::{RESULT_HEADINGS, Taken, headings, may_take_passwords, parts, result, take_parts};
pub use start::{NewImport, admit, get, list, receive, start};
pub use survey::Survey;
pub use users::{UserRow, user_row};
