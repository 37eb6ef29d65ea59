//! What makes a struct an e-mail: its folder of templates, its samples, and the message they give.
//!
//! [`mail!`] ties a struct to its folder. The words of a message stand once, in `words.txt`; `body.txt` and `body.html` put
//! them in the two layouts with the pieces of the same names, and `subject.txt` gives the subject and the title.

use super::{Composed, LinkPurpose};
use crate::emails::about::About;
use crate::frame::Frame;
use crate::texts::{Own, Texts};

/// An e-mail.
pub(crate) trait Mail: Sized {
    /// Name of the folder, kept beside each message.
    const KIND: &'static str;

    /// The sources of its words and of its subject.
    const SOURCES: (&'static str, &'static str);

    /// The shared part.
    fn about(&self) -> &About;

    /// One value for each reader and each case worth a review.
    fn samples() -> Vec<Self>;

    /// The invitation beside the message, when there is one.
    fn calendar(&self) -> Option<String> {
        None
    }

    /// Renders the subject.
    fn subject(&self) -> String;

    /// Renders the plain text and the HTML.
    fn bodies(&self, frame: &Frame) -> (String, String);

    /// The message, with the texts in force.
    fn compose(&self, texts: &Texts) -> Composed {
        let about = self.about();
        let standard = self.subject();
        let (reference, title) = standard.trim().split_once(" — ").unwrap_or(("", standard.trim()));
        let own = texts.of_message(Self::KIND, about);
        let title = own.as_ref().and_then(|own| own.title.as_deref()).unwrap_or(title);
        let subject = if reference.is_empty() { title.to_owned() } else { format!("{reference} — {title}") };
        let (complement, signature) = texts.of_lot(Self::KIND, about);
        let frame = Frame { complement, signature, ..about.frame(title) };
        let (text, html) = self.bodies(&match own {
            Some(Own { opening, .. }) => Frame { opening, ..frame },
            None => frame,
        });
        Composed {
            kind: Self::KIND,
            subject,
            text: tidy(&text),
            html,
            calendar: self.calendar(),
            link: about.ask.as_ref().map_or(LinkPurpose::Staff, |ask| ask.link),
            until: about.ask.as_ref().and_then(|ask| ask.until).map(|until| until.day),
            informs: about.informs,
        }
    }

    /// The name of a sample, which tells its reader.
    fn sample_name(&self, rank: usize) -> String {
        let role: &str = self.about().role.into();
        format!("{}-{}-{role}", Self::KIND, rank + 1)
    }
}

/// Makes a struct with a field `about: About` an e-mail rendered by a folder of templates.
macro_rules! mail {
    ($Mail:ident, $kind:literal, $subject:literal, $text:literal, $html:literal, $samples:expr $(, calendar: $calendar:expr)?) => {
        const _: () = {
            // The templates say dates and amounts with it.
            use $crate::emails::fr;

            #[derive(askama::Template)]
            #[template(path = $subject)]
            struct Subject<'a> {
                mail: &'a $Mail,
            }

            #[derive(askama::Template)]
            #[template(path = $text)]
            struct Text<'a> {
                frame: &'a $crate::frame::Frame,
                mail: &'a $Mail,
            }

            #[derive(askama::Template)]
            #[template(path = $html)]
            struct Html<'a> {
                frame: &'a $crate::frame::Frame,
                mail: &'a $Mail,
            }

            impl $crate::emails::mail::Mail for $Mail {
                const KIND: &'static str = $kind;
                const SOURCES: (&'static str, &'static str) = (
                    include_str!(concat!("../../templates/emails/", $kind, "/words.txt")),
                    include_str!(concat!("../../templates/", $subject)),
                );

                fn about(&self) -> &$crate::emails::about::About {
                    &self.about
                }

                fn samples() -> Vec<Self> {
                    $samples
                }

                fn subject(&self) -> String {
                    $crate::emails::mail::rendered(askama::Template::render(&Subject { mail: self }))
                }

                fn bodies(&self, frame: &$crate::frame::Frame) -> (String, String) {
                    let text = askama::Template::render(&Text { frame, mail: self });
                    let html = askama::Template::render(&Html { frame, mail: self });
                    ($crate::emails::mail::rendered(text), $crate::emails::mail::rendered(html))
                }

                $(fn calendar(&self) -> Option<String> {
                    let invite: fn(&Self) -> Option<String> = $calendar;
                    invite(self)
                })?
            }
        };
    };
}

/// What a template needs of the first event of a kind, when it is among those of the notice.
macro_rules! fact {
    ($notice:expr, $event:pat => $value:expr) => {
        $notice.events.iter().find_map(|event| if let $event = *event { $value } else { None })
    };
}

pub(crate) use {fact, mail};

/// What a template gave.
pub(crate) fn rendered(result: askama::Result<String>) -> String {
    result.expect("templates write to memory and use no filter that fails")
}

/// No blank at the end of a line, never two empty lines together.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy
}
