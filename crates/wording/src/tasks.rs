//! What a task says: something a person must look at, beside what the clocks of the paths already say.
//!
//! The store keeps a task under a stable identifier and a detail without any person's value. To add a kind of task: its
//! sentence here.

/// The sentence of a task; one of a kind not known here shows its identifier and its detail.
pub fn sentence(kind: &str, detail: &str) -> String {
    match kind {
        "message_refused" => format!("Courriel refusé\u{a0}: {detail}. Corrigez l’adresse, puis renvoyez-le."),
        "message_failed" => format!("Courriel jamais parti\u{a0}: {detail}. Vérifiez l’adresse, puis renvoyez-le."),
        kind => format!("{kind}\u{a0}: {detail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typography::check;

    #[test]
    fn a_task_says_what_to_do() {
        for kind in ["message_refused", "message_failed"] {
            let text = sentence(kind, "deliver_report (550)");
            assert_eq!(check(&text), [], "{text}");
            assert!(text.contains("deliver_report (550)") && text.ends_with("renvoyez-le."), "{text}");
        }
        assert_eq!(sentence("other", "detail"), "other\u{a0}: detail");
    }
}
