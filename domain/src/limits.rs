//! Every bound on what a client may send, in one place.

/// Largest page (`$top`).
pub const MAX_PAGE: usize = 999;
/// Page size without `$top`.
pub const DEFAULT_PAGE: usize = 100;
/// Longest value of a query option, in bytes.
pub const MAX_OPTION_LENGTH: usize = 16 * 1024;
/// Deepest nesting of a `$filter` or `$search`.
pub const MAX_FILTER_DEPTH: usize = 100;
/// Most terms (comparisons, `in` items) in a `$filter` or `$search`.
pub const MAX_FILTER_TERMS: usize = 200;
/// Most properties in `$orderby`.
pub const MAX_ORDER_TERMS: usize = 8;
/// Longest path of a request, in bytes as sent.
pub const MAX_PATH: usize = 8 * 1024;
/// Longest query of a request, in bytes as sent: room for a percent-encoded `$filter`. Path and
/// query together stay below 64 KiB, where the HTTP parser gives up.
pub const MAX_QUERY: usize = 48 * 1024;
/// Most options in a query or form.
pub const MAX_PAIRS: usize = 64;
/// Longest form body (token endpoint), in bytes.
pub const MAX_FORM: usize = 16 * 1024;
/// Longest JSON body, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// Most problems that one refusal tells: an answer must not be many times its request.
pub const MAX_DETAILS: usize = 200;
/// Most characters of a name in a request that a refusal repeats.
pub const MAX_TOLD_NAME: usize = 128;
/// Deepest nesting of arrays and objects in a JSON body; the parser's own limit.
pub const MAX_JSON_DEPTH: usize = 127;
/// Largest import file, in bytes.
pub const MAX_IMPORT_BYTES: usize = 512 * 1024 * 1024;
/// Most rows of an import file.
pub const MAX_IMPORT_ROWS: u64 = 1_000_000;
/// Bytes of an import file that are stored in one row.
pub const IMPORT_CHUNK: usize = 256 * 1024;
/// Most import jobs of an organisation that are not finished.
pub const MAX_PENDING_IMPORTS: i64 = 20;
/// Days a finished import job is kept with its result.
pub const IMPORT_RESULT_DAYS: i64 = 30;
/// Days that sign-ins, refusals and ends of imports stay among the events.
pub const EVENT_DAYS: i64 = 90;
/// Longest single record of an import file, in bytes.
pub const MAX_IMPORT_RECORD: usize = 64 * 1024;
/// Most aliases of one user (R55).
pub const MAX_ALIASES: usize = 400;
/// Days an object stays in deleted items (R76).
pub const DELETED_ITEM_DAYS: i64 = 30;
/// Most users of one bulk request, as in the bulk file (A15).
pub const MAX_BULK_USERS: usize = 250;
/// Most objects that one request restores: as many as a bulk file makes (A15).
pub const MAX_BULK_RESTORE: usize = 250;
/// Contacts that one transaction hides or shows, of all that one request does.
pub const HIDDEN_TOGETHER: usize = 250;
/// Most contacts that one request hides or shows (R46).
pub const MAX_BULK_HIDDEN: usize = 10_000;
/// Most owners of a distribution or mail-enabled security group (R126).
pub const MAX_RECIPIENT_OWNERS: usize = 10;
/// Most owners of other groups.
pub const MAX_OWNERS: usize = 100;
/// Most moderators of a group (R130).
pub const MAX_MODERATORS: usize = 10;
/// Most entries of each list of senders of a group.
pub const MAX_SENDERS: usize = 1_000;
/// Most references in one body (`….@odata.bind`).
pub const MAX_BIND: usize = 20;
/// Most members of a group, nested groups expanded (R131).
pub const MAX_MEMBERS: i64 = 100_000;
/// Most memberships of groups in groups that a message is followed through.
pub const MAX_NESTINGS: usize = 1_000;
/// Members from which on a group must restrict who sends to it (R131).
pub const RESTRICTED_FROM: i64 = 5_000;
/// Longest name of a mail-enabled group, in characters (R132).
pub const MAX_RECIPIENT_NAME: usize = 64;
/// Longest mail tip, in characters (R47).
pub const MAX_MAIL_TIP: usize = 175;
/// Most ids in `getByIds`.
pub const MAX_IDS: usize = 1_000;
/// Most ids in `checkMemberGroups` and `checkMemberObjects`.
pub const MAX_CHECKED: usize = 20;
/// Most groups that `getMemberGroups` answers.
pub const MAX_MEMBERSHIPS: usize = 11_000;
/// Most objects that `$expand` answers for each object.
pub const MAX_EXPANDED: usize = 20;
