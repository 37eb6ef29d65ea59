//! `jalon migrate`, `verify`, `backup`, `restore` and `resume`: what keeps the store.

use std::path::{Path, PathBuf};

use persistence::{Backend, Document, Store, StoreOptions};
use secrecy::ExposeSecret;
use serde_json::json;

use super::finding;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output::{self, FormatArgs, Listing, cell, line, text};
use crate::settings::Settings;
use crate::wiring::{self, Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Le fichier à écrire, qui ne doit pas exister
    #[arg(long, value_name = "FICHIER")]
    pub out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// La copie faite par « jalon backup »
    #[arg(value_name = "FICHIER")]
    pub copy: PathBuf,
}

/// Makes the store, or brings it up to date.
///
/// # Errors
/// The store does not answer, or is newer than this program.
pub async fn migrate(global: &Global) -> Result<Exit, Failure> {
    let settings = wiring::settings(global)?;
    let store = wiring::store(&settings, true).await?;
    let pending = store.pending_migrations().await?;
    store.migrate().await?;
    match pending.len() {
        0 => line("La base est à jour.")?,
        count => line(&format!(
            "La base est à jour\u{a0}: {}.",
            wording::numbers::count(count as i64, "migration faite", "migrations faites")
        ))?,
    }
    Ok(Exit::Done)
}

/// Checks that the journal, the paths and the counters say the same.
///
/// # Errors
/// The store does not answer.
pub async fn verify(global: &Global, args: VerifyArgs) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    let bar = output::progress("Vérification", 0);
    let findings = app
        .store()
        .verify(&|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await?;
    bar.finish_and_clear();
    let mut list = Listing::new(
        "Vérification",
        "Rien à signaler\u{a0}: le journal, les parcours, les compteurs et les courriels disent la même chose.",
        vec![text("finding", "Constat"), text("detail", "Détail")],
    );
    for finding in &findings {
        let (code, detail) = (finding::code(finding), finding::sentence(finding));
        list.push(vec![cell(code), cell(detail.clone())], json!({ "finding": code, "detail": detail }));
    }
    list.print(args.format.format)?;
    Ok(if findings.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Copies a SQLite store while it is used, its documents in the same file.
///
/// # Errors
/// The store is not SQLite, the file exists, the disk does not take it.
pub async fn backup(global: &Global, args: BackupArgs) -> Result<Exit, Failure> {
    let wired = open(global, Schema::Current).await?;
    if wired.app.store().backend() != Backend::Sqlite {
        return Err(Failure::new(
            Exit::Configuration,
            "not_sqlite",
            format!(
                "Cette base est PostgreSQL\u{a0}: sauvegardez-la avec pg_dump, puis les documents ({}), et gardez la clé secrète avec \
                 les copies.",
                files::place(wired.app.store().files())
            ),
        ));
    }
    if args.out.exists() {
        let text = format!(
            "Le fichier «\u{a0}{}\u{a0}» existe déjà\u{a0}: une copie n’en remplace aucun. Choisissez un autre nom.",
            args.out.display()
        );
        return Err(Failure::usage("file", text));
    }
    if let Some(folder) = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    }
    let bar = output::progress("Copie de la base", 1);
    wired.app.store().copy_sqlite(&args.out).await?;
    let missing = carry_documents(&args.out, wired.app.store()).await?;
    suspend(&args.out).await?;
    bar.finish_and_clear();
    let size = std::fs::metadata(&args.out).map_or(0, |metadata| metadata.len());
    line(&format!("Base copiée dans {} ({}).", args.out.display(), files::size(size)))?;
    for document in &missing {
        let (id, name) = (document.id, &document.reference.name);
        line(&format!("Le document {id} («\u{a0}{name}\u{a0}») n’a plus ses octets\u{a0}: la copie ne les a pas."))?;
    }
    if wired.settings.has_development_secret() {
        let key = wiring::development_key(&wired.settings);
        line(&format!(
            "Gardez avec elle la clé secrète, sans laquelle elle ne se vérifie pas\u{a0}: {}.",
            key.display()
        ))?;
    }
    Ok(if missing.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Puts a copy in the place of a SQLite store that is not there; it sends nothing until `jalon resume`.
///
/// # Errors
/// The store is there already or is not SQLite, the copy or its key is missing.
pub async fn restore(global: &Global, args: RestoreArgs) -> Result<Exit, Failure> {
    let settings = wiring::settings(global)?;
    let Some(target) = wiring::sqlite_file(settings.database.url.expose_secret()) else {
        let message = "Cette base n’est pas un fichier SQLite\u{a0}: restaurez-la avec pg_restore, puis suivez «\u{a0}jalon doctor\u{a0}».";
        return Err(Failure::new(Exit::Configuration, "not_sqlite", message));
    };
    if target.exists() {
        let text = format!(
            "La base «\u{a0}{}\u{a0}» existe déjà\u{a0}: une restauration n’en remplace aucune. Déplacez-la, ou nommez-en une autre avec --database.",
            target.display()
        );
        return Err(Failure::usage("file", text));
    }
    restore_key(&settings, &args.copy)?;
    let size = std::fs::copy(&args.copy, &target).map_err(|error| Failure::file(&args.copy, &error))?;
    suspend(&target).await?;
    line(&format!("Base restaurée dans {} ({}).", target.display(), files::size(size)))?;
    line("Aucun courriel ne part avant «\u{a0}jalon resume\u{a0}». Commencez par «\u{a0}jalon verify\u{a0}».")?;
    Ok(Exit::Done)
}

/// The key that the copy was made under: given, already there, or beside the copy.
fn restore_key(settings: &Settings, copy: &Path) -> Result<(), Failure> {
    let key = wiring::development_key(settings);
    if !settings.has_development_secret() || key.exists() {
        return Ok(());
    }
    let beside = copy.with_file_name(key.file_name().unwrap_or_default());
    std::fs::copy(&beside, &key).map(|_| ()).map_err(|_| {
        Failure::new(
            Exit::Configuration,
            "no_secret_key",
            format!(
                "La clé secrète de cette copie manque. Donnez JALON_SECRET_KEY, ou déposez le fichier «\u{a0}{}\u{a0}» à côté de la copie.",
                beside.display()
            ),
        )
    })
}

/// A copy that is opened one day sends nothing until an operator says so: what it owes may have left from the original.
async fn suspend(copy: &Path) -> Result<(), Failure> {
    let copy = Store::connect(&StoreOptions::new(format!("sqlite://{}", copy.display()), Vec::new())).await?;
    let tx = copy.begin_write().await?;
    tx.suspend_sending("copie de sauvegarde").await?;
    tx.commit().await?;
    Ok(copy.close().await?)
}

/// Puts the bytes of the documents in the copy, which is then one file; those that are missing.
async fn carry_documents(copy: &Path, original: &Store) -> Result<Vec<Document>, Failure> {
    let copy = Store::connect(&StoreOptions::new(format!("sqlite://{}", copy.display()), Vec::new())).await?;
    let copy = copy.with_files_of(original);
    let missing = copy.embed_files().await?;
    copy.close().await?;
    Ok(missing)
}

/// Lets messages leave again after a restoration.
///
/// # Errors
/// The store does not answer.
pub async fn resume(global: &Global) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    let tx = app.store().begin_write().await?;
    let resumed = tx.resume_sending().await?;
    tx.commit().await?;
    line(if resumed {
        "L’envoi des courriels reprend."
    } else {
        "L’envoi des courriels n’était pas suspendu."
    })?;
    Ok(Exit::Done)
}
