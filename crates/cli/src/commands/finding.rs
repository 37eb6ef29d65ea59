//! What a verification found, in French, with its stable code.

use persistence::{Counter, Finding};
use wording::dates;

/// The stable code of a finding.
pub fn code(finding: &Finding) -> &'static str {
    match finding {
        Finding::BrokenChain { .. } => "broken_chain",
        Finding::MissingEvent { .. } => "missing_event",
        Finding::Unreadable { .. } => "unreadable_event",
        Finding::Unfoldable { .. } => "unfoldable_event",
        Finding::FoldDiffers { .. } => "fold_differs",
        Finding::HeadDiffers { .. } => "head_differs",
        Finding::NoRow { .. } => "no_row",
        Finding::LineDiffers { .. } => "line_differs",
        Finding::CounterDiffers { .. } => "counter_differs",
        Finding::GoneStream { .. } => "gone_stream",
        Finding::LostEvent { .. } => "lost_event",
        Finding::DigestDiffers { .. } => "digest_differs",
        Finding::MessageOrphan { .. } => "message_orphan",
        Finding::StatisticOrphan { .. } => "statistic_orphan",
        Finding::ProofAltered { .. } => "proof_altered",
        Finding::DocumentMissing { .. } => "document_missing",
        Finding::DocumentChanged { .. } => "document_changed",
        Finding::TermsChanged { .. } => "terms_changed",
    }
}

/// What a finding says.
pub fn sentence(finding: &Finding) -> String {
    match finding {
        Finding::BrokenChain { stream, seq } => {
            format!(
                "{stream}\u{a0}: l’événement {seq} ne suit plus le précédent dans la chaîne\u{a0}; il a été modifié ou ajouté à la main."
            )
        }
        Finding::MissingEvent { stream, seq } => format!("{stream}\u{a0}: l’événement {seq} manque."),
        Finding::Unreadable { stream, seq, problem } => {
            format!("{stream}\u{a0}: l’événement {seq} ne se lit pas ({problem}).")
        }
        Finding::Unfoldable { stream, seq, problem } => {
            format!("{stream}\u{a0}: l’événement {seq} ne peut pas suivre les précédents ({problem}).")
        }
        Finding::FoldDiffers { stream, column } => {
            format!("{stream}\u{a0}: la colonne {column} ne dit pas ce que disent ses événements.")
        }
        Finding::HeadDiffers { stream } => {
            format!(
                "{stream}\u{a0}: le dernier événement n’est pas celui attendu\u{a0}; la fin du journal a été coupée ou prolongée."
            )
        }
        Finding::NoRow { stream } => format!("{stream}\u{a0}: des événements, et plus de ligne."),
        Finding::LineDiffers { line, column } => {
            format!("Ligne de commande {line}\u{a0}: la colonne {column} ne dit pas ce que dit son bon.")
        }
        Finding::CounterDiffers { counter, stored, counted } => {
            format!("{}\u{a0}: {stored} dans la base, {counted} d’après le journal.", named(counter))
        }
        Finding::GoneStream { stream, day } => {
            format!("{stream} a disparu\u{a0}; l’empreinte du {} le couvrait.", dates::medium(*day))
        }
        Finding::LostEvent { stream, seq, day } => {
            format!(
                "{stream}\u{a0}: l’événement {seq} n’est pas celui que couvre l’empreinte du {}.",
                dates::medium(*day)
            )
        }
        Finding::DigestDiffers { day } => {
            format!("L’empreinte du {} n’est pas celle des parcours qu’elle couvre.", dates::medium(*day))
        }
        Finding::MessageOrphan { message, event } => {
            format!("Le courriel {message} porte sur l’événement {event}, absent du journal.")
        }
        Finding::StatisticOrphan { event } => {
            format!("Les statistiques comptent l’événement {event}, absent du journal.")
        }
        Finding::ProofAltered { event } => {
            format!("La preuve de la réponse {event} n’est plus celle qui a été enregistrée.")
        }
        Finding::DocumentMissing { document } => {
            format!("Le document {document} est dans la base, et son fichier manque.")
        }
        Finding::DocumentChanged { document } => format!("Le document {document} n’a plus les octets déposés."),
        Finding::TermsChanged { version } => {
            format!("La version {version} des conditions du marché n’est plus celle enregistrée.")
        }
    }
}

fn named(counter: &Counter) -> String {
    match counter {
        Counter::Drawn(line) => format!("Unités tirées de la ligne {line}"),
        Counter::Served(line) => format!("Unités servies de la ligne {line}"),
        Counter::Reduced(line) => format!("Réfactions de la ligne {line}, en centimes"),
        Counter::Reserved { market, lot, year } => format!("Places réservées du lot {lot} en {year} ({market})"),
        Counter::Consumed { market, lot, year } => format!("Places consommées du lot {lot} en {year} ({market})"),
        Counter::Released { market, lot, year } => format!("Places libérées du lot {lot} en {year} ({market})"),
        Counter::EngagedInYear { market, year } => format!("Engagé en {year}, en centimes ({market})"),
        Counter::EngagedOnLot { market, lot } => format!("Engagé sur le lot {lot}, en centimes ({market})"),
    }
}
