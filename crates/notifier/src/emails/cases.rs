//! Whether a part of a template changes with the case of its message, for one reader: read from the template itself, so that
//! a case without a sample counts too.
//!
//! What is asked of the reader's role is followed; whatever else reads the message (`mail.…`) is a case. It knows the few
//! forms that our templates take (`if`, `else if`, `else`, `endif`); the rest is text.

use domain::people::RecipientRole;
use domain::texts::is_outside;

/// Where the Region's words stand, in `words.txt`.
const OPENING: &str = "call m::opening(frame)";

/// Whether the opening of a message says something of the case.
pub(super) fn opening_varies(words: &str, role: RecipientRole) -> bool {
    let read = followed(words, role);
    let Some((_, opening)) = read.split_once(OPENING) else { return true };
    let mut depth = 1;
    // What stands before the first tag is of the opening too.
    let mut opening = opening.split("{%").take_while(|tag| {
        let tag = tag.trim_start_matches('-').trim_start();
        depth += i32::from(tag.starts_with("call ")) - i32::from(tag.starts_with("endcall"));
        depth > 0
    });
    opening.any(|part| part.contains("mail."))
}

/// Whether the title of a message says something of the case.
pub(super) fn title_varies(subject: &str, role: RecipientRole) -> bool {
    followed(subject, role).contains("mail.")
}

/// A template without what another role reads.
fn followed(template: &str, role: RecipientRole) -> String {
    let template = template.replace("mail.about.", "about.");
    let mut read = String::new();
    // For each open `if`: what was read of it so far, and whether it is read now; nothing for one that the role does not decide.
    let mut open: Vec<Option<(bool, bool)>> = Vec::new();
    for (rank, part) in template.split("{%").enumerate() {
        let tag = part.trim_start_matches('-').trim_start();
        let condition =
            |prefix: &str| tag.strip_prefix(prefix)?.split("%}").next().map(|it| it.trim_end_matches('-').trim());
        if rank > 0 {
            if let Some(asked) = condition("if ") {
                open.push(of_role(asked, role).map(|holds| (holds, holds)));
            } else if let Some(asked) = condition("else if ") {
                if let Some(Some((taken, now))) = open.last_mut() {
                    *now = !*taken && of_role(asked, role).unwrap_or(true);
                    *taken |= of_role(asked, role) == Some(true);
                }
            } else if tag.starts_with("else") {
                if let Some(Some((taken, now))) = open.last_mut() {
                    *now = !*taken;
                }
            } else if tag.starts_with("endif") {
                open.pop();
            }
        }
        if open.iter().flatten().all(|(_, now)| *now) {
            read.push_str("{%");
            read.push_str(part);
        }
    }
    read
}

/// What a condition answers for a role, when it asks of nothing else.
fn of_role(condition: &str, role: RecipientRole) -> Option<bool> {
    match condition {
        "about.outside()" => Some(is_outside(role)),
        "about.to_body()" => Some(role == RecipientRole::Body),
        "about.to_company()" => Some(role == RecipientRole::Company),
        "about.to_trainee()" => Some(role == RecipientRole::Trainee),
        "about.to_tutor()" => Some(role == RecipientRole::Tutor),
        "about.to_region()" => Some(matches!(role, RecipientRole::Region | RecipientRole::Finance)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use RecipientRole::{Body, Company, Tutor};

    use super::*;

    const WORDS: &str = "\
{%- call m::opening(frame) -%}
  {%- if about.to_company() -%}
    {%- call m::p() -%}Un texte avec {{ about.body }}.{%- endcall -%}
  {%- else if about.to_body() -%}
    {%- call m::p() -%}Un autre{% if mail.late %} en retard{% endif %}.{%- endcall -%}
  {%- else -%}
    {%- call m::p() -%}{{ mail.reason }}{%- endcall -%}
  {%- endif -%}
{%- endcall -%}
{%- call m::table() -%}{{ mail.due_on }}{%- endcall -%}";

    #[test]
    fn an_opening_that_reads_the_message_varies_for_who_reads_it() {
        assert!(!opening_varies(WORDS, Company));
        assert!(opening_varies(WORDS, Body) && opening_varies(WORDS, Tutor));
        assert!(opening_varies("{{ mail.due_on }}", Company), "without an opening nothing is known");
    }

    #[test]
    fn an_opening_in_a_branch_of_the_role_is_its_own() {
        let words = "{%- if about.outside() -%}{%- call m::opening(frame) -%}A{%- endcall -%}{%- else -%}\
                     {%- call m::opening(frame) -%}{{ mail.b }}{%- endcall -%}{%- endif -%}";
        assert!(!opening_varies(words, Company) && opening_varies(words, Body));
    }

    #[test]
    fn a_title_that_reads_the_message_varies() {
        let reference = "{{ mail.about.reference }} — ";
        assert!(!title_varies(&format!("{reference}Étude commandée"), Company));
        assert!(title_varies(&format!("{reference}{{{{ mail.title() }}}}"), Company));
        let by_role = format!("{reference}{{% if mail.about.outside() %}}A{{% else %}}{{{{ mail.b }}}}{{% endif %}}");
        assert!(!title_varies(&by_role, Company) && title_varies(&by_role, Body));
    }
}
