//! Objects named by their address: `https://HOST/v1.0/directoryObjects/ID`.

/// What an address names: only its last segment matters, whatever host it stands on.
pub fn last_segment(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let inner = last.split_once("('").and_then(|(_, rest)| rest.strip_suffix("')"));
    Some(inner.unwrap_or(last)).filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::last_segment;

    #[test]
    fn the_last_segment_counts_in_every_spelling() {
        for url in [
            "https://any.example/v1.0/directoryObjects/42",
            "https://any.example/v1.0/users('42')",
            "/users/42/",
            "42",
            "https://any.example/v1.0/users/42?$select=id#top",
        ] {
            assert_eq!(last_segment(url), Some("42"), "{url}");
        }
        assert_eq!(last_segment(""), None);
        assert_eq!(last_segment("///"), None);
    }
}
