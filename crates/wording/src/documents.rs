//! Documents received: why one is not taken, and what to do.

use domain::documents::NotTaken;

/// Why a document is not taken and what to do, in sentences.
pub const fn not_taken(why: NotTaken) -> &'static str {
    match why {
        NotTaken::Empty => "Ce fichier est vide. Choisissez-en un autre.",
        NotTaken::Unknown => {
            "Ce fichier n’est pas d’une sorte admise, quel que soit son nom. Joignez un PDF, une image PNG ou JPEG, un document \
             bureautique ou du texte."
        }
        NotTaken::Archive => "Ce fichier est une archive. Joignez un par un les documents qu’elle contient.",
        NotTaken::OldOffice => {
            "Ce document est dans un ancien format (.doc, .xls ou .ppt). Enregistrez-le en .docx, .xlsx ou .pptx, ou en PDF, puis \
             joignez-le."
        }
        NotTaken::Encrypted => {
            "Ce document est protégé par un mot de passe\u{a0}: personne d’autre ne le lirait. Enregistrez-le sans mot de passe, puis \
             joignez-le."
        }
        NotTaken::Macros => {
            "Ce document contient des macros. Enregistrez-le sans macros (.docx, .xlsx ou .pptx) ou en PDF, puis joignez-le."
        }
        NotTaken::Damaged => {
            "Ce fichier est abîmé ou incomplet. Ouvrez l’original, enregistrez-le de nouveau, puis joignez-le."
        }
        NotTaken::Immense => {
            "Ce fichier deviendrait démesuré une fois ouvert. Réduisez-le ou enregistrez-le en PDF, puis joignez-le."
        }
        NotTaken::LeadingBytes => {
            "Ce PDF est précédé d’autre chose et ne s’ouvrirait pas partout. Enregistrez-le de nouveau en PDF, puis joignez-le."
        }
        NotTaken::Markup => {
            "Ce texte contient du code qu’un navigateur exécuterait. Enregistrez-le en PDF, puis joignez-le."
        }
        NotTaken::Virus => {
            "Ce fichier est de ceux qu’un antivirus arrête\u{a0}: il n’est pas gardé. Prévenez votre service informatique."
        }
    }
}

/// A person sent as many files as anyone may in a day.
pub fn too_many_uploads(most: u32) -> String {
    let files = crate::numbers::count(most, "fichier", "fichiers");
    format!(
        "Vous ne pouvez pas déposer plus de {files} par jour\u{a0}: ceux-ci ne sont pas gardés. Continuez demain, ou demandez à \
         l’administration de relever cette limite."
    )
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn the_limit_of_a_day_is_typeset() {
        assert_eq!(crate::typography::check(&too_many_uploads(1)), []);
        assert!(too_many_uploads(200).contains("200\u{a0}fichiers par jour"), "{}", too_many_uploads(200));
    }

    #[test]
    fn every_refusal_is_typeset_and_says_what_to_do() {
        for why in NotTaken::iter() {
            let said = not_taken(why);
            assert_eq!(crate::typography::check(said), [], "{said}");
            assert!(said.contains(". ") && said.ends_with('.'), "{why}: {said}");
        }
    }
}
