//! The address book: everything mail-enabled and visible in one list, for every member (R32, R34,
//! R137–R139).

mod index;

pub use index::{Index, Placed};

use crate::contacts::Contact;
use crate::error::Result;
use crate::groups::Group;
use crate::id::TenantId;
use crate::query::tokens::{index_tokens, sort_key, typed_tokens};
use crate::text::fold;
use crate::users::User;
use uuid::Uuid;

/// Kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A person or a room with an account.
    User,
    /// A shared contact.
    Contact,
    /// A group that receives mail.
    Group,
}

impl EntryKind {
    /// The kind of a changed object, as the change feed names it.
    pub fn of_target(kind: &str) -> Option<Self> {
        match kind {
            "user" => Some(Self::User),
            "contact" => Some(Self::Contact),
            "group" => Some(Self::Group),
            _ => None,
        }
    }

    /// Type of the object in the dialect.
    pub const fn odata_type(self) -> &'static str {
        match self {
            Self::User => "#microsoft.graph.user",
            Self::Contact => "#microsoft.graph.orgContact",
            Self::Group => "#microsoft.graph.group",
        }
    }
}

/// A built-in address list (R137).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressList {
    /// Everything.
    #[default]
    All,
    /// All users.
    Users,
    /// All contacts.
    Contacts,
    /// All distribution lists, mail-enabled security groups among them.
    DistributionLists,
    /// All rooms, and equipment that is booked like them.
    Rooms,
}

impl AddressList {
    /// Every list.
    pub const ALL: [Self; 5] =
        [Self::All, Self::Users, Self::Contacts, Self::DistributionLists, Self::Rooms];

    /// Name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Users => "users",
            Self::Contacts => "contacts",
            Self::DistributionLists => "distributionLists",
            Self::Rooms => "rooms",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name().eq_ignore_ascii_case(name))
    }

    /// Whether an entry stands in the list.
    pub fn holds(self, entry: &Entry) -> bool {
        match self {
            Self::All => true,
            Self::Users => entry.kind == EntryKind::User,
            Self::Contacts => entry.kind == EntryKind::Contact,
            Self::DistributionLists => entry.kind == EntryKind::Group,
            Self::Rooms => entry.is_bookable(),
        }
    }

    /// The word that all entries of the list have, where they are few among many.
    const fn mark(self) -> Option<&'static str> {
        match self {
            Self::Rooms => Some(BOOKABLE),
            Self::All | Self::Users | Self::Contacts | Self::DistributionLists => None,
        }
    }
}

/// A word of rooms and equipment that nobody types: searched text has no control characters.
const BOOKABLE: &str = "\u{1}bookable";

/// One entry: what every member may know of it (R139).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The object.
    pub id: Uuid,
    /// Its kind.
    pub kind: EntryKind,
    /// What a user's mailbox is for; none for contacts and groups.
    pub purpose: Option<String>,
    /// Name shown.
    pub display_name: String,
    /// Primary address.
    pub mail: String,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// Office.
    pub office_location: Option<String>,
    /// Business phones.
    pub business_phones: Vec<String>,
    /// Mobile phone.
    pub mobile_phone: Option<String>,
}

impl Entry {
    /// The entry of a user; none for people without mail, guests and hidden people (A31, R138,
    /// R139).
    pub fn of_user(user: &User) -> Option<Self> {
        let shown = match user.show_in_address_list {
            Some(show) => show,
            None => user.user_type != "Guest",
        };
        let mail = user.mail.clone().filter(|_| shown && !user.is_deleted())?;
        Some(Self {
            id: user.id.uuid(),
            kind: EntryKind::User,
            purpose: Some(user.purpose().to_owned()),
            display_name: user.display_name.clone(),
            mail,
            given_name: user.given_name.clone(),
            surname: user.surname.clone(),
            job_title: user.job_title.clone(),
            department: user.department.clone(),
            company_name: user.company_name.clone(),
            office_location: user.office_location.clone(),
            business_phones: user.business_phones.clone(),
            mobile_phone: user.mobile_phone.clone(),
        })
    }

    /// The entry of a contact; none for hidden ones (R138).
    pub fn of_contact(contact: &Contact) -> Option<Self> {
        if !contact.is_visible() {
            return None;
        }
        let phone = |kind| contact.phones.iter().find(|phone| phone.r#type == kind);
        let number = |kind| phone(kind).map(|phone| phone.number.clone());
        let office = contact.addresses.first();
        Some(Self {
            id: contact.id.uuid(),
            kind: EntryKind::Contact,
            purpose: None,
            display_name: contact.display_name.clone(),
            mail: contact.mail.clone(),
            given_name: contact.given_name.clone(),
            surname: contact.surname.clone(),
            job_title: contact.job_title.clone(),
            department: contact.department.clone(),
            company_name: contact.company_name.clone(),
            office_location: office.and_then(|office| office.office_location.clone()),
            business_phones: number("business").into_iter().collect(),
            mobile_phone: number("mobile"),
        })
    }

    /// The entry of a group; none for groups without mail, hidden and deleted ones (R138).
    pub fn of_group(group: &Group) -> Option<Self> {
        let listed = !group.hide_from_address_lists && group.deleted.is_none();
        let mail = group.mail.clone().filter(|_| listed)?;
        Some(Self {
            id: group.id.uuid(),
            kind: EntryKind::Group,
            purpose: None,
            display_name: group.display_name.clone(),
            mail,
            given_name: None,
            surname: None,
            job_title: None,
            department: None,
            company_name: None,
            office_location: None,
            business_phones: Vec::new(),
            mobile_phone: None,
        })
    }

    /// Whether it stands for a room or equipment.
    fn is_bookable(&self) -> bool {
        self.purpose.as_deref().is_some_and(|purpose| ["room", "equipment"].contains(&purpose))
    }

    /// The key of the order: by name, without case and accents.
    fn sort_key(&self) -> String {
        sort_key(&self.display_name)
    }

    /// Words under which the entry is found: names, address, department, digits of phones.
    fn words(&self) -> Vec<String> {
        let mut words = index_tokens(&self.display_name);
        for text in [&self.given_name, &self.surname, &self.department].into_iter().flatten() {
            words.extend(index_tokens(text));
        }
        words.push(fold(&self.mail));
        words.extend(index_tokens(&self.mail));
        for phone in self.business_phones.iter().chain(&self.mobile_phone) {
            words.extend(phone_words(phone));
        }
        if self.is_bookable() {
            words.push(BOOKABLE.to_owned());
        }
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// A phone number is found by its digits from the start, from its national part as it is dialled
/// at home, and without its country code.
fn phone_words(phone: &str) -> Vec<String> {
    let digits = digits(phone);
    let mut words = vec![digits.clone()];
    if let Some(national) = phone.trim().strip_prefix('+').and_then(|rest| rest.split_once(' ')) {
        let national = self::digits(national.1);
        words.push(format!("0{}", national.trim_start_matches('0')));
        words.push(national);
    }
    words.retain(|word| !word.is_empty());
    words
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The words a member typed: a phone number counts as one word, an address as one, anything else
/// is taken apart like a name.
pub fn typed_words(text: &str) -> Vec<String> {
    let is_phone = text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    if is_phone {
        return vec![digits(text)];
    }
    let mut words = Vec::new();
    for part in text.split_whitespace() {
        if part.contains('@') {
            words.push(fold(part));
        } else {
            words.extend(typed_tokens(part));
        }
    }
    if words.is_empty() && !text.trim().is_empty() {
        words.push(NOTHING.to_owned());
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// What symbols alone look for: a word that no entry has, so that they find nothing and not
/// everything.
const NOTHING: &str = "\u{2}";

/// Objects behind the address book, as far as they are entries.
pub trait AddressBookReads {
    /// A page of the entries of one kind after an id, in the order of ids, with the id of the last
    /// object looked at; none at the end.
    ///
    /// # Errors
    /// When the database fails.
    fn entries(
        &mut self,
        tenant: TenantId,
        kind: EntryKind,
        after: Uuid,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Uuid>)>;

    /// The entry of one object; none when it is gone, hidden or without mail.
    ///
    /// # Errors
    /// When the database fails.
    fn entry(&mut self, tenant: TenantId, kind: EntryKind, id: Uuid) -> Result<Option<Entry>>;

    /// The objects changed after a sequence number, with the number of each change, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    fn changed_entries(
        &mut self,
        tenant: TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Option<EntryKind>, Uuid)>>;

    /// The sequence number of the organisation's last change.
    ///
    /// # Errors
    /// When the database fails.
    fn last_change(&mut self, tenant: TenantId) -> Result<i64>;
}
