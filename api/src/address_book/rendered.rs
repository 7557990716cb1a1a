//! Entries as they are answered, made once.

use roster_domain::address_book::Entry;
use serde::Serialize;

/// The JSON of an entry.
#[derive(Debug)]
pub(super) struct Rendered(Box<[u8]>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    id: String,
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_purpose: Option<&'a str>,
    mail: &'a str,
    given_name: Option<&'a str>,
    surname: Option<&'a str>,
    job_title: Option<&'a str>,
    department: Option<&'a str>,
    company_name: Option<&'a str>,
    office_location: Option<&'a str>,
    business_phones: &'a [String],
    mobile_phone: Option<&'a str>,
}

impl Rendered {
    pub(super) fn of(entry: &Entry) -> Self {
        let wire = Wire {
            odata_type: entry.kind.odata_type(),
            id: entry.id.to_string(),
            display_name: &entry.display_name,
            user_purpose: entry.purpose.as_deref(),
            mail: &entry.mail,
            given_name: entry.given_name.as_deref(),
            surname: entry.surname.as_deref(),
            job_title: entry.job_title.as_deref(),
            department: entry.department.as_deref(),
            company_name: entry.company_name.as_deref(),
            office_location: entry.office_location.as_deref(),
            business_phones: &entry.business_phones,
            mobile_phone: entry.mobile_phone.as_deref(),
        };
        // Writing plain texts to memory cannot fail.
        Self(serde_json::to_vec(&wire).unwrap_or_default().into())
    }

    pub(super) const fn json(&self) -> &[u8] {
        &self.0
    }
}
