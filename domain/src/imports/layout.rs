//! The columns of import files.

use super::outcome::{FileCode, Stop};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Users.
    Users,
    /// Shared contacts.
    Contacts,
}

/// The columns a file has, by position (A14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// Users in 15 columns (R10).
    Users15,
    /// Users in 16 columns: with the alternate e-mail address (R31).
    Users16,
    /// Contacts in 22 columns (R36).
    Contacts22,
}

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Heading in English.
    pub heading: &'static str,
    /// Heading in Dutch (R11); contacts have English headings only.
    pub dutch: &'static str,
    /// Most characters of a value (R13).
    pub max: usize,
}

/// A remark about a heading; the file is read nevertheless.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// Number of the column, from 1.
    pub column: usize,
    /// What is unexpected, and what the column is read as.
    pub message: String,
}

const fn column(heading: &'static str, dutch: &'static str, max: usize) -> Column {
    Column { heading, dutch, max }
}

/// Heading of the column that names a user.
pub(super) const USER_NAME: &str = "User Name";
/// Heading of the column that names a contact.
pub(super) const EXTERNAL_ADDRESS: &str = "ExternalEmailAddress";
/// Heading of the column that only the layout with 16 columns has.
const ALTERNATE_EMAIL: &str = "Alternate email address";

pub(super) const USER_COLUMNS: [Column; 16] = [
    column(USER_NAME, "Gebruikersnaam", 79),
    column("First Name", "Voornaam", 64),
    column("Last Name", "Achternaam", 64),
    column("Display Name", "Weergavenaam", 256),
    column("Job Title", "Functie", 64),
    column("Department", "Afdeling", 64),
    column("Office Number", "Toestelnummer", 128),
    column("Office Phone", "Zakelijk nummer", 64),
    column("Mobile Phone", "Mobiel nummer", 64),
    column("Fax", "Fax", 64),
    column(ALTERNATE_EMAIL, "Alternatief e-mailadres", 100),
    column("Address", "Adres", 1023),
    column("City", "Plaats", 128),
    column("State or Province", "Provincie", 128),
    column("ZIP or Postal Code", "Postcode", 40),
    column("Country or Region", "Land of regio", 128),
];

const CONTACT_COLUMNS: [Column; 22] = [
    column(EXTERNAL_ADDRESS, "", 254),
    column("Name", "", 64),
    column("FirstName", "", 64),
    column("LastName", "", 64),
    column("StreetAddress", "", 1023),
    column("City", "", 128),
    column("StateorProvince", "", 128),
    column("PostalCode", "", 40),
    column("Phone", "", 64),
    column("MobilePhone", "", 64),
    column("Pager", "", 64),
    column("HomePhone", "", 64),
    column("Company", "", 64),
    column("Title", "", 64),
    column("OtherTelephone", "", 64),
    column("Department", "", 64),
    column("CountryOrRegion", "", 128),
    column("Fax", "", 64),
    column("Initials", "", 64),
    column("Notes", "", 1024),
    column("Office", "", 128),
    // A contact by its name, or a user by the sign-in name or the display name (R40).
    column("Manager", "", 256),
];

impl Layout {
    /// The columns, in their order.
    pub fn columns(self) -> impl Iterator<Item = &'static Column> {
        let columns: &[Column] = match self {
            Self::Users15 | Self::Users16 => &USER_COLUMNS,
            Self::Contacts22 => &CONTACT_COLUMNS,
        };
        columns
            .iter()
            .filter(move |column| self != Self::Users15 || column.heading != ALTERNATE_EMAIL)
    }

    /// How many columns there are.
    pub fn width(self) -> usize {
        self.columns().count()
    }
}

/// Heading of the column from which a property of a user comes.
pub(super) fn heading_of_user_property(name: &str) -> Option<&'static str> {
    let heading = match name {
        "userPrincipalName" | "mail" | "mailNickname" | "proxyAddresses" => USER_NAME,
        "givenName" => "First Name",
        "surname" => "Last Name",
        "displayName" => "Display Name",
        "jobTitle" => "Job Title",
        "department" => "Department",
        "officeLocation" => "Office Number",
        "businessPhones" => "Office Phone",
        "mobilePhone" => "Mobile Phone",
        "faxNumber" => "Fax",
        "alternateEmail" | "otherMails" => ALTERNATE_EMAIL,
        "streetAddress" => "Address",
        "city" => "City",
        "state" => "State or Province",
        "postalCode" => "ZIP or Postal Code",
        "country" => "Country or Region",
        _ => return None,
    };
    Some(heading)
}

/// The column of contacts that is the source of a property.
pub(super) fn heading_of_contact_property(name: &str) -> Option<&'static str> {
    let heading = match name {
        "mail" | "proxyAddresses" => EXTERNAL_ADDRESS,
        "name" | "displayName" | "mailNickname" => "Name",
        "givenName" => "FirstName",
        "surname" => "LastName",
        "companyName" => "Company",
        "jobTitle" => "Title",
        "department" => "Department",
        "initials" => "Initials",
        "personalNotes" => "Notes",
        "manager" => "Manager",
        _ => return None,
    };
    Some(heading)
}

impl Kind {
    const fn layouts(self) -> &'static [Layout] {
        match self {
            Self::Users => &[Layout::Users15, Layout::Users16],
            Self::Contacts => &[Layout::Contacts22],
        }
    }

    /// Finds the layout whose headings the first record of a file holds.
    pub(super) fn layout(
        self,
        headings: &[String],
        line: u64,
    ) -> Result<(Layout, Vec<Warning>), Stop> {
        let fits = |layout: &&Layout| layout.width() == headings.len();
        let Some(layout) = self.layouts().iter().find(fits).copied() else {
            return Err(Stop::file(line, FileCode::WrongColumnCount, self.wrong_width(headings)));
        };
        if headings.first().is_some_and(|first| first.contains('@')) {
            let expected: Vec<&str> = layout.columns().map(|column| column.heading).collect();
            let message = format!("The first line must hold the headings: {}.", expected.join(","));
            return Err(Stop::file(line, FileCode::MissingHeadings, message));
        }
        let columns = layout.columns().zip(headings).enumerate();
        let warnings = columns.filter_map(|(at, (column, found))| column.warning(at + 1, found));
        Ok((layout, warnings.collect()))
    }

    fn wrong_width(self, headings: &[String]) -> String {
        let widths: Vec<String> =
            self.layouts().iter().map(|layout| layout.width().to_string()).collect();
        let expected = self.layouts().first().into_iter().flat_map(|layout| layout.columns());
        let expected: Vec<&str> = expected.map(|column| column.heading).collect();
        let mut message = format!(
            "The first line has {} columns where {} are expected: {}.",
            headings.len(),
            widths.join(" or "),
            expected.join(",")
        );
        if self == Self::Users {
            message.push_str(" The 16th, after Fax, is Alternate email address.");
        }
        if let [only] = headings
            && only.contains([';', '\t'])
        {
            message.push_str(" Separate the columns by commas.");
        }
        message
    }
}

impl Column {
    fn warning(&self, number: usize, found: &str) -> Option<Warning> {
        let found_label = label(found);
        if [self.heading, self.dutch].iter().any(|known| label(known) == found_label) {
            return None;
        }
        let shown: String = found.chars().filter(|c| !c.is_control()).take(40).collect();
        Some(Warning {
            column: number,
            message: format!(
                "Column {number} is headed '{shown}'; it is read as {}, as the order of the \
                 columns is fixed.",
                self.heading
            ),
        })
    }
}

/// A heading without what people write differently: case and blanks.
fn label(heading: &str) -> String {
    heading.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
