//! `jalon path document`: a document that Jalon makes of a path, written in a file.

use std::path::PathBuf;

use app::pieces::offered;
use app::{App, AppError, Piece};
use domain::people::Actor;
use strum::IntoEnumIterator;

use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::line;
use crate::suggest::{nearest, quoted};
use crate::values;
use crate::who::{Who, WhoArgs};

#[derive(Debug, clap::Args)]
pub struct DocumentArgs {
    /// Le parcours
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: String,
    /// Le document : lettre-d-engagement, designation-du-tuteur, certificat-de-realisation ou dossier-de-preuves
    #[arg(value_name = "DOCUMENT")]
    pub piece: String,
    /// Le fichier PDF ; sans lui, un fichier au nom du document, dans le dossier courant
    #[arg(long, alias = "output", value_name = "FICHIER")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub who: WhoArgs,
}

/// Makes the document and writes it.
///
/// # Errors
/// The path or the document is not there for this reader; the file cannot be written.
pub async fn run(app: &App, args: DocumentArgs) -> Result<Exit, Failure> {
    let reference = values::path_reference(&args.reference)?;
    let piece = piece(&args.piece)?;
    let about = About::Path(&args.reference, None);
    let who = args.who.named(app).await?;
    let absent = |error| Failure::app(error, about);
    let (made, path, theirs) = match who {
        // A link opens its own path, and the letters of its person.
        Some(Who::Link { token, access }) => {
            if access.path.reference != reference {
                return Err(absent(AppError::NotFound));
            }
            (app.link_piece(&token, piece).await, access.path, Some(access.role))
        }
        who => {
            let actor = who.as_ref().map_or(Actor::System, Who::actor);
            let path = app.path(&actor, &reference).await.map_err(absent)?.path;
            (app.piece(&actor, &reference, piece).await, path, None)
        }
    };
    let made = made.map_err(|error| match error {
        AppError::NotFound => {
            let ready = Piece::iter().filter(|piece| piece.is_of(&path));
            let ready = ready.filter(|piece| theirs.is_none_or(|role| offered(*piece, role)));
            let ready: Vec<&str> = ready.map(Into::into).collect();
            let way = match ready.is_empty() {
                true => "Aucun n’est à établir pour le moment.".to_owned(),
                false => format!("À établir dès maintenant\u{a0}: {}.", quoted(&ready)),
            };
            let message = format!("Le parcours {reference} n’a pas le document «\u{a0}{piece}\u{a0}». {way}");
            Failure::new(Exit::NotFound, "no_document", message)
        }
        error => absent(error),
    })?;
    let file = args.out.unwrap_or_else(|| PathBuf::from(&made.name));
    std::fs::write(&file, &made.bytes).map_err(|error| Failure::file(&file, &error))?;
    line(&format!("Document écrit dans {}.", file.display()))?;
    Ok(Exit::Done)
}

fn piece(given: &str) -> Result<Piece, Failure> {
    given.trim().to_lowercase().parse().map_err(|_| {
        let names: Vec<&str> = Piece::iter().map(Into::into).collect();
        let near = nearest(given, names.iter().copied());
        let way = match near.is_empty() {
            true => format!("Documents\u{a0}: {}.", quoted(&names)),
            false => format!("Vouliez-vous écrire {}\u{a0}?", quoted(&near)),
        };
        Failure::usage("unknown_document", format!("Aucun document ne s’appelle «\u{a0}{given}\u{a0}». {way}"))
    })
}
