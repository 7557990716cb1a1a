//! How a client authenticates at the token endpoint (RFC 6749 §2.3.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// Longest `Authorization` header that is looked at, in bytes.
const MAX_HEADER_BYTES: usize = 4 * 1024;

/// How the client presented its credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `client_secret_basic`: a refusal needs `WWW-Authenticate: Basic`.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// A client id and secret in one possible reading.
pub struct ClientCredentials {
    /// Client id.
    pub id: String,
    /// Client secret.
    pub secret: Zeroizing<String>,
}

/// What a request says about its client.
pub enum Presented {
    /// Credentials. Some clients form-encode Basic credentials as the standard demands, most do
    /// not, so there may be two readings, the raw one first; the client is the one that either
    /// reading proves.
    Credentials(Method, Vec<ClientCredentials>),
    /// A client id without a secret.
    Unproven(String),
}

/// Why a request's client authentication is refused before any secret is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Two methods in one request.
    #[error("Authenticate the client either with HTTP Basic or in the body, not with both.")]
    TwoMethods,
    /// The header and the body name different clients.
    #[error("client_id differs from the client in the Authorization header.")]
    TwoClients,
    /// The `Authorization` header cannot be read.
    #[error("The Authorization header does not hold HTTP Basic credentials.")]
    Malformed,
    /// Nothing names a client.
    #[error("The client is missing: use HTTP Basic, or client_id and client_secret in the body.")]
    Missing,
}

impl Refused {
    /// The error code of RFC 6749 §5.2: `invalid_client` is answered with 401.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TwoMethods | Self::TwoClients => "invalid_request",
            Self::Malformed | Self::Missing => "invalid_client",
        }
    }
}

/// Reads the client's credentials from the `Authorization` header and from `client_id` and
/// `client_secret` of the form, where an empty value is absent (RFC 6749 §3.2).
///
/// # Errors
/// See [`Refused`].
pub fn presented(
    authorization: Option<&str>,
    form_id: Option<&str>,
    form_secret: Option<&str>,
) -> Result<Presented, Refused> {
    let form_id = form_id.filter(|id| !id.is_empty());
    let form_secret = form_secret.filter(|secret| !secret.is_empty());
    match (authorization, form_id, form_secret) {
        (Some(_), _, Some(_)) => Err(Refused::TwoMethods),
        (Some(header), form_id, None) => {
            let readings = readings(header).ok_or(Refused::Malformed)?;
            if form_id.is_some_and(|id| readings.iter().all(|reading| reading.id != id)) {
                return Err(Refused::TwoClients);
            }
            Ok(Presented::Credentials(Method::Basic, readings))
        }
        (None, Some(id), Some(secret)) => {
            let (id, secret) = (id.to_owned(), Zeroizing::new(secret.to_owned()));
            let credentials = vec![ClientCredentials { id, secret }];
            Ok(Presented::Credentials(Method::Post, credentials))
        }
        (None, Some(id), None) => Ok(Presented::Unproven(id.to_owned())),
        (None, None, _) => Err(Refused::Missing),
    }
}

/// The raw reading of Basic credentials, and the form-decoded one where it differs.
fn readings(header: &str) -> Option<Vec<ClientCredentials>> {
    if header.len() > MAX_HEADER_BYTES {
        return None;
    }
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD_NO_PAD.decode(encoded.trim().trim_end_matches('=')).ok()?;
    let text = Zeroizing::new(String::from_utf8(bytes).ok()?);
    let (id, secret) = text.split_once(':')?;
    if id.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    let raw = ClientCredentials { id: id.to_owned(), secret: Zeroizing::new(secret.to_owned()) };
    let decoded = form_decoded(id)
        .zip(form_decoded(secret))
        .filter(|(decoded_id, decoded_secret)| decoded_id != id || decoded_secret != secret)
        .map(|(id, secret)| ClientCredentials { id, secret: Zeroizing::new(secret) });
    Some(std::iter::once(raw).chain(decoded).collect())
}

/// Text after decoding `application/x-www-form-urlencoded`; none, if it is not UTF-8.
fn form_decoded(text: &str) -> Option<String> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0199d3a4-7c1e-7b52-9a41-3f6f6a1b2c3d";

    fn header(credentials: &str) -> String {
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(credentials))
    }

    fn pairs(presented: Result<Presented, Refused>) -> Vec<(String, String)> {
        let Ok(Presented::Credentials(_, readings)) = presented else {
            panic!("no credentials");
        };
        readings.into_iter().map(|one| (one.id, one.secret.to_string())).collect()
    }

    fn basic(credentials: &str) -> Vec<(String, String)> {
        pairs(presented(Some(&header(credentials)), None, None))
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(id, secret)| ((*id).to_owned(), (*secret).to_owned())).collect()
    }

    #[test]
    fn raw_credentials_come_first_and_form_decoded_ones_second() {
        assert_eq!(basic(&format!("{ID}:abc")), owned(&[(ID, "abc")]));
        let encoded = ID.replace('-', "%2D");
        let text = format!("{encoded}:a%2Bb+c");
        assert_eq!(basic(&text), owned(&[(&encoded, "a%2Bb+c"), (ID, "a+b c")]));
    }

    #[test]
    fn a_secret_may_contain_colons_and_be_empty_but_an_id_may_not_be() {
        assert_eq!(basic("id:a:b"), owned(&[("id", "a:b")]));
        assert_eq!(basic("id:"), owned(&[("id", "")]));
        assert_eq!(presented(Some(&header(":x")), None, None).err(), Some(Refused::Malformed));
    }

    #[test]
    fn the_scheme_has_no_case_and_padding_is_optional() {
        for scheme in ["basic", "BASIC", "Basic"] {
            let header = format!("{scheme} aWQ6c2VjcmV0cw");
            assert_eq!(pairs(presented(Some(&header), None, None)), owned(&[("id", "secrets")]));
        }
    }

    #[test]
    fn credentials_in_the_body_are_taken_as_they_are() {
        let found = pairs(presented(None, Some(ID), Some("a%2Bb")));
        assert_eq!(found, owned(&[(ID, "a%2Bb")]));
    }

    #[test]
    fn two_methods_in_one_request_are_refused() {
        let both = presented(Some(&header("id:secret")), Some("id"), Some("secret"));
        assert_eq!(both.err(), Some(Refused::TwoMethods));
        assert_eq!(Refused::TwoMethods.code(), "invalid_request");
    }

    #[test]
    fn the_body_may_repeat_the_client_of_the_header_but_not_name_another() {
        let encoded = header(&format!("{}:secret", ID.replace('-', "%2D")));
        assert!(presented(Some(&encoded), Some(ID), None).is_ok());
        let other = presented(Some(&encoded), Some("other"), None);
        assert_eq!(other.err(), Some(Refused::TwoClients));
    }

    #[test]
    fn unreadable_headers_are_an_invalid_client() {
        let long = header(&"x".repeat(MAX_HEADER_BYTES));
        let control = header("id:a\0b");
        for header in ["", "Basic", "Basic ", "Basic !", "Bearer abc", "Basic aWQ", &long, &control]
        {
            let refused = presented(Some(header), None, None).err();
            assert_eq!(refused.map(Refused::code), Some("invalid_client"), "{header:.40}");
        }
    }

    #[test]
    fn an_id_without_a_secret_proves_nothing_and_empty_values_are_absent() {
        let unproven = presented(None, Some(ID), Some(""));
        assert!(matches!(unproven, Ok(Presented::Unproven(id)) if id == ID));
        assert_eq!(presented(None, Some(""), Some("x")).err(), Some(Refused::Missing));
        assert_eq!(presented(None, None, None).err(), Some(Refused::Missing));
    }
}
