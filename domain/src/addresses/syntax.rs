//! How an address must be written.
//!
//! Every address is plain ASCII. That leaves no invisible, right-to-left or look-alike letters,
//! and no two spellings that only Unicode rules would call equal. Each check reads its text once
//! or twice and returns a text to put after the name of the property: what is wrong and how to
//! mend it. The text never repeats the address.

/// The two parts of an address, as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What stands before the `@`.
    pub local: &'a str,
    /// What stands after the `@`.
    pub domain: &'a str,
}

/// Most characters of a user principal name (A13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserNameLimits {
    /// Most characters of the whole name.
    pub total: usize,
    /// Most characters before the `@`.
    pub local: usize,
    /// Most characters after the `@`.
    pub domain: usize,
}

/// Limits of names that come through the API (A13).
pub const API_LIMITS: UserNameLimits =
    UserNameLimits { total: 113, local: 64, domain: MAX_USER_DOMAIN };
/// Limits of names in import files (R13).
pub const IMPORT_LIMITS: UserNameLimits =
    UserNameLimits { total: 79, local: 50, domain: MAX_USER_DOMAIN };
/// Most characters of a domain in which users have names (A13).
pub const MAX_USER_DOMAIN: usize = 48;
/// Most characters of any domain name.
pub const MAX_DOMAIN: usize = 253;
/// Most characters of a mail address.
pub const MAX_ADDRESS: usize = 254;
/// Most characters before the `@` of a mail address, and of an alias (R42).
pub const MAX_LOCAL: usize = 64;
/// Most characters between two dots of a domain name.
const MAX_LABEL: usize = 63;

/// Reads a user principal name: letters, digits and `'.-_!#^~`, one `@`, then a domain (R61).
///
/// # Errors
/// What is wrong and how to mend it.
pub fn user_principal_name<'a>(
    text: &'a str,
    limits: &UserNameLimits,
) -> Result<Parts<'a>, String> {
    at_most(text, limits.total)?;
    let address = split(text)?;
    if address.local.len() > limits.local {
        return Err(format!("must have at most {} characters before the '@'.", limits.local));
    }
    dot_atom(address.local, "'.-_!#^~", "before the '@'")?;
    check_domain(address.domain, limits.domain, "after the '@' ")?;
    Ok(address)
}

/// Reads a mail address: an RFC 5321 mailbox without quoted or literal parts.
///
/// # Errors
/// What is wrong and how to mend it.
pub fn smtp_address(text: &str) -> Result<Parts<'_>, String> {
    at_most(text, MAX_ADDRESS)?;
    if text.starts_with('"') {
        return Err(
            "must not have a quoted part before the '@'; write it without quotation marks."
                .to_owned(),
        );
    }
    let address = split(text)?;
    if address.local.len() > MAX_LOCAL {
        return Err(format!("must have at most {MAX_LOCAL} characters before the '@'."));
    }
    dot_atom(address.local, ATOM_SYMBOLS, "before the '@'")?;
    if address.domain.starts_with('[') {
        return Err("must have a domain name after the '@', not an IP address.".to_owned());
    }
    check_domain(address.domain, MAX_DOMAIN, "after the '@' ")?;
    Ok(address)
}

/// Reads a domain name of at most `max` characters into its one stored form, lower case.
///
/// # Errors
/// What is wrong and how to mend it.
pub fn domain_name(text: &str, max: usize) -> Result<String, String> {
    check_domain(text, max, "")?;
    Ok(text.to_ascii_lowercase())
}

/// Checks an alias (`mailNickname`): what may stand before the `@` of a mail address, so that an
/// address can always be made of it (R42, R52).
///
/// # Errors
/// What is wrong and how to mend it.
pub fn mail_nickname(text: &str) -> Result<(), String> {
    at_most(text, MAX_LOCAL)?;
    if text.is_empty() {
        return Err("must not be empty.".to_owned());
    }
    dot_atom(text, ATOM_SYMBOLS, "")
}

/// An entry of `proxyAddresses`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy<'a> {
    /// Whether mail is sent from this address: `SMTP:` in capitals.
    pub primary: bool,
    /// The address without its prefix.
    pub address: &'a str,
}

impl std::fmt::Display for Proxy<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.primary { "SMTP:" } else { "smtp:" })?;
        f.write_str(self.address)
    }
}

/// Reads an entry of `proxyAddresses`.
///
/// # Errors
/// What is wrong and how to mend it.
pub fn proxy_address(text: &str) -> Result<Proxy<'_>, String> {
    let (primary, address) = if let Some(address) = text.strip_prefix("SMTP:") {
        (true, address)
    } else if let Some(address) = text.strip_prefix("smtp:") {
        (false, address)
    } else {
        return Err(
            "must start with 'SMTP:' (the primary address) or 'smtp:' (any other address)."
                .to_owned(),
        );
    };
    smtp_address(address)?;
    Ok(Proxy { primary, address })
}

/// The form in which two addresses are the same. Only ASCII letters lose their case: a Unicode
/// look-alike (`K` for `k`) must never find the account of somebody else.
pub fn key(address: &str) -> String {
    address.to_ascii_lowercase()
}

/// Every symbol of an RFC 5321 atom, and the dot.
const ATOM_SYMBOLS: &str = ".!#$%&'*+-/=?^_`{|}~";

fn at_most(text: &str, max: usize) -> Result<(), String> {
    if text.len() > max {
        return Err(format!("must have at most {max} characters."));
    }
    Ok(())
}

fn split(text: &str) -> Result<Parts<'_>, String> {
    match text.split_once('@') {
        Some((local, domain))
            if !local.is_empty() && !domain.is_empty() && !domain.contains('@') =>
        {
            Ok(Parts { local, domain })
        }
        _ => {
            Err("must have one '@' between a name and a domain, as in name@contoso.com.".to_owned())
        }
    }
}

/// Checks letters, digits and `symbols` with dots only between other characters.
fn dot_atom(text: &str, symbols: &str, place: &str) -> Result<(), String> {
    let gap = if place.is_empty() { "" } else { " " };
    let allowed = |c: char| c.is_ascii_alphanumeric() || symbols.contains(c);
    if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
        return Err(format!(
            "must not contain {}{gap}{place}; use A-Z, a-z, 0-9 and {symbols}",
            name_of(wrong)
        ));
    }
    if text.starts_with('.') || text.ends_with('.') || text.contains("..") {
        return Err(format!(
            "must have dots only between other characters{gap}{place}: none at the start or end \
             and no two in a row."
        ));
    }
    Ok(())
}

fn check_domain(text: &str, max: usize, place: &str) -> Result<(), String> {
    let text_is = |wrong: String| Err(format!("must have {place}{wrong}"));
    if text.len() > max {
        return text_is(format!("a domain name of at most {max} characters."));
    }
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if let Some(wrong) = text.chars().find(|c| !letter(*c)) {
        return text_is(format!(
            "a domain name without {}; write other letters in the 'xn--' form.",
            name_of(wrong)
        ));
    }
    let good = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    if !text.contains('.') || !text.split('.').all(good) {
        return text_is(format!(
            "a domain name such as contoso.com: two or more parts between dots, each of 1 to \
             {MAX_LABEL} characters that neither starts nor ends with '-'."
        ));
    }
    if text.rsplit('.').next().is_some_and(|top| top.bytes().all(|b| b.is_ascii_digit())) {
        return text_is("a domain name that does not end in a number.".to_owned());
    }
    Ok(())
}

/// A character in a message. Only visible ASCII is shown as it is: the rest may be invisible or
/// change the direction of the text around it.
fn name_of(c: char) -> String {
    match c {
        ' ' => "a blank".to_owned(),
        c if c.is_ascii_graphic() => format!("'{c}'"),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests;
