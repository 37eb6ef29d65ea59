//! What a browser sends: the forms that a page holds, with the ticket of each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::kit::{Page, encode};

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    pub(super) fields: Vec<(String, String)>,
    pub(super) multipart: bool,
}

impl Sent {
    pub(super) fn encoded(&self) -> (String, String) {
        if self.multipart {
            const LIMIT: &str = "jalon-essai";
            let mut body = String::new();
            for (name, value) in &self.fields {
                write!(body, "--{LIMIT}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .expect("a text grows");
            }
            write!(body, "--{LIMIT}--\r\n").expect("a text grows");
            return (format!("multipart/form-data; boundary={LIMIT}"), body);
        }
        let pairs: Vec<_> =
            self.fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        ("application/x-www-form-urlencoded".to_owned(), pairs.join("&"))
    }

    pub(super) fn ticket(&self) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == "cle").map(|(_, value)| value.as_str())
    }

    pub(super) fn with_ticket(&self, ticket: Option<&str>) -> Self {
        let mut fields: Vec<_> = self.fields.iter().filter(|(name, _)| name != "cle").cloned().collect();
        fields.extend(ticket.map(|ticket| ("cle".to_owned(), ticket.to_owned())));
        Self { fields, multipart: self.multipart }
    }
}

/// The forms of a page that send by POST, by address.
pub(super) fn forms(page: &Page) -> BTreeMap<String, Sent> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(value.replace("&#38;", "&").replace("&amp;", "&"))
    };
    let mut forms = BTreeMap::new();
    for form in page.text.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let (tag, inside) = form.split_once('>').expect("a tag ends");
        let tag = format!(" {tag}");
        let Some(action) = attribute(&tag, "action") else { continue };
        if attribute(&tag, "method").is_none_or(|method| !method.eq_ignore_ascii_case("post")) {
            continue;
        }
        let mut fields = Vec::new();
        for input in inside.split("<input").skip(1) {
            let input = input.split('>').next().unwrap_or_default();
            let chosen = attribute(input, "type")
                .is_none_or(|kind| !matches!(kind.as_str(), "radio" | "checkbox" | "file"))
                || input.contains(" checked");
            if let (Some(name), true) = (attribute(input, "name"), chosen) {
                fields.push((name, attribute(input, "value").unwrap_or_default()));
            }
        }
        forms.insert(action, Sent { fields, multipart: tag.contains("multipart/form-data") });
    }
    forms
}
