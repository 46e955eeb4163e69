//! Who may ask: the browser of this computer, on this page's own behalf, and nobody else.
//!
//! The port can only be reached from this computer, but any page that its browser shows could try. A foreign name that was made to point here
//! is known by its `Host`, a foreign page by its `Origin` and `Sec-Fetch-Site`.

use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, Uri};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request is let in at this port.
pub(super) fn admits(port: u16, uri: &Uri, headers: &HeaderMap) -> bool {
    let hosts = hosts(port);
    let ours = |host: &str| hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    let named = match single(headers, &HOST) {
        Said::Once(host) => ours(host),
        Said::Never | Said::Unclear => false,
    };
    let origin = match single(headers, &ORIGIN) {
        Said::Once(origin) => origin.strip_prefix("http://").is_some_and(ours),
        Said::Never => true,
        Said::Unclear => false,
    };
    let site = match single(headers, &FETCH_SITE) {
        Said::Once(site) => ["same-origin", "none"].contains(&site),
        Said::Never => true,
        Said::Unclear => false,
    };
    named && origin && site && uri.authority().is_none_or(|name| ours(name.as_str()))
}

/// What the page may be called.
fn hosts(port: u16) -> Vec<String> {
    let names = ["127.0.0.1", "localhost"];
    let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
    if port == 80 {
        hosts.extend(names.map(ToOwned::to_owned));
    }
    hosts
}

/// What a header says.
enum Said<'a> {
    Never,
    Once(&'a str),
    /// It is there several times, or it is no text: nobody knows what is meant.
    Unclear,
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Said<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Said::Never,
        (Some(value), None) => value.to_str().map_or(Said::Unclear, Said::Once),
        (Some(_), Some(_)) => Said::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(uri: &str, lines: &[(&str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, value.parse().unwrap());
        }
        admits(4321, &uri.parse().unwrap(), &headers)
    }

    #[test]
    fn the_page_itself_is_let_in() {
        assert!(admitted("/", &[("host", "127.0.0.1:4321")]));
        assert!(admitted("/", &[("host", "LocalHost:4321")]));
        assert!(admitted(
            "/news",
            &[
                ("host", "localhost:4321"),
                ("origin", "http://localhost:4321"),
                ("sec-fetch-site", "same-origin"),
            ]
        ));
        assert!(admitted(
            "/",
            &[("host", "localhost:4321"), ("sec-fetch-site", "none")]
        ));
    }

    #[test]
    fn a_foreign_name_for_this_computer_is_not_let_in() {
        for host in [
            "evil.example:4321",
            "127.0.0.1",
            "127.0.0.1:4322",
            "localhost.evil:4321",
            "",
        ] {
            assert!(!admitted("/", &[("host", host)]), "{host}");
        }
        assert!(!admitted("/", &[]));
        assert!(!admitted(
            "/",
            &[("host", "localhost:4321"), ("host", "evil.example")]
        ));
        assert!(!admitted(
            "http://evil.example/",
            &[("host", "localhost:4321")]
        ));
    }

    #[test]
    fn a_foreign_page_is_not_let_in() {
        let host = ("host", "localhost:4321");
        for origin in [
            "http://evil.example",
            "null",
            "https://localhost:4321",
            "http://localhost:80",
        ] {
            assert!(!admitted("/", &[host, ("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site", "other"] {
            assert!(!admitted("/", &[host, ("sec-fetch-site", site)]), "{site}");
        }
    }
}
