//! One entry of the address book.

use super::{EntryKind, numbers};
use crate::contacts::Contact;
use crate::groups::{Group, GroupKind};
use crate::query::tokens::{index_tokens, sort_key};
use crate::text::fold;
use crate::users::User;
use uuid::Uuid;

/// One entry: what every member may know of it (R139).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The object.
    pub id: Uuid,
    /// Its kind.
    pub kind: EntryKind,
    /// What a user's mailbox is for; none for contacts and groups.
    pub purpose: Option<String>,
    /// The kind of a group.
    pub group: Option<GroupKind>,
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
    /// Fax number.
    pub fax_number: Option<String>,
    /// Street and number.
    pub street_address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country or region.
    pub country: Option<String>,
    /// Its alias and further addresses, by which it is found though they are not shown: who writes
    /// to one may know whom that reaches.
    pub aliases: Vec<String>,
    /// Further numbers of a contact, by which it is found.
    pub other_phones: Vec<String>,
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
            aliases: aliases(&mail, user.mail_nickname.as_deref(), &user.proxy_addresses),
            mail,
            given_name: user.given_name.clone(),
            surname: user.surname.clone(),
            job_title: user.job_title.clone(),
            department: user.department.clone(),
            company_name: user.company_name.clone(),
            office_location: user.office_location.clone(),
            business_phones: user.business_phones.clone(),
            mobile_phone: user.mobile_phone.clone(),
            fax_number: user.fax_number.clone(),
            street_address: user.street_address.clone(),
            city: user.city.clone(),
            state: user.state.clone(),
            postal_code: user.postal_code.clone(),
            country: user.country.clone(),
            ..Self::default()
        })
    }

    /// The entry of a contact; none for hidden ones (R138).
    pub fn of_contact(contact: &Contact) -> Option<Self> {
        if !contact.is_visible() {
            return None;
        }
        let phones = |kinds: &[&str]| -> Vec<String> {
            let of_kind = contact.phones.iter().filter(|phone| kinds.contains(&&*phone.r#type));
            of_kind.map(|phone| phone.number.clone()).collect()
        };
        let office = contact.addresses.first().cloned().unwrap_or_default();
        Some(Self {
            id: contact.id.uuid(),
            kind: EntryKind::Contact,
            display_name: contact.display_name.clone(),
            mail: contact.mail.clone(),
            given_name: contact.given_name.clone(),
            surname: contact.surname.clone(),
            job_title: contact.job_title.clone(),
            department: contact.department.clone(),
            company_name: contact.company_name.clone(),
            office_location: office.office_location,
            business_phones: phones(&["business"]),
            mobile_phone: phones(&["mobile"]).pop(),
            fax_number: phones(&["businessFax"]).pop(),
            street_address: office.street,
            city: office.city,
            state: office.state,
            postal_code: office.postal_code,
            country: office.country_or_region,
            aliases: vec![contact.mail_nickname.clone()],
            other_phones: phones(&["home", "other", "pager"]),
            ..Self::default()
        })
    }

    /// The entry of a group; none for groups without mail, hidden and deleted ones (R138).
    pub fn of_group(group: &Group) -> Option<Self> {
        let listed = !group.hide_from_address_lists && group.deleted.is_none();
        let mail = group.mail.clone().filter(|_| listed)?;
        Some(Self {
            id: group.id.uuid(),
            kind: EntryKind::Group,
            group: group.kind(),
            display_name: group.display_name.clone(),
            aliases: aliases(&mail, group.mail_nickname.as_deref(), &group.proxy_addresses),
            mail,
            ..Self::default()
        })
    }

    /// Whether it stands for a room or equipment.
    pub(super) fn is_bookable(&self) -> bool {
        self.purpose.as_deref().is_some_and(|purpose| ["room", "equipment"].contains(&purpose))
    }

    /// The key of the order: by name, without case and accents.
    pub(super) fn sort_key(&self) -> String {
        sort_key(&self.display_name)
    }

    /// Words under which the entry is found: names, department, company and office, addresses and
    /// numbers.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = index_tokens(&self.display_name);
        let texts = [
            &self.given_name,
            &self.surname,
            &self.department,
            &self.company_name,
            &self.office_location,
        ];
        for text in texts.into_iter().flatten() {
            words.extend(index_tokens(text));
        }
        for address in std::iter::once(&self.mail).chain(&self.aliases) {
            words.extend(address_words(address));
        }
        let phones = self.business_phones.iter().chain(&self.mobile_phone).chain(&self.fax_number);
        for phone in phones.chain(&self.other_phones) {
            words.extend(numbers::index_words(phone));
        }
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// An alias, and all addresses but the primary one.
fn aliases(mail: &str, nickname: Option<&str>, proxies: &[String]) -> Vec<String> {
    let addresses = proxies.iter().filter_map(|proxy| proxy.get(5..));
    let others = addresses.filter(|address| !address.eq_ignore_ascii_case(mail));
    nickname.into_iter().chain(others).map(str::to_owned).collect()
}

/// An address is found by its beginning and by its parts.
fn address_words(address: &str) -> Vec<String> {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let mut words = index_tokens(local);
    words.extend(domain.split('.').filter(|label| !label.is_empty()).map(fold));
    words.push(fold(address));
    words
}
