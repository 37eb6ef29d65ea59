//! The proof of one answer: what was declared, on which document, by whom, when and how, and how to check it.

use domain::Instant;
use serde::Serialize;
use wording::{dates, pieces};

use super::engine::{DocumentError, render};
use super::{Head, Line, Source};

/// How an answer was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// Through the personal link sent to the person.
    Link,
    /// Signed in with an account.
    Account,
    /// Received by the body, through a channel in words, and recorded by someone of it.
    OnBehalf { channel: String, recorded_by: String },
}

/// A document that was read with the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub name: String,
    /// SHA-256 in lower-case hexadecimal.
    pub digest: String,
}

/// Where the fact stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrity {
    /// Identifier of the event.
    pub fact: String,
    pub rank: u32,
    pub of: u32,
    /// The chained hash of the event, lower-case hexadecimal.
    pub hash: String,
    /// Whether what was kept with the answer is what was written.
    pub intact: bool,
}

/// What is kept of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub statement: String,
    /// Who answered, by name.
    pub by: String,
    /// The role on the path, in words.
    pub role: String,
    pub function: Option<String>,
    pub at: Instant,
    pub means: Means,
    pub address: Option<String>,
    pub device: Option<String>,
    pub read: Option<Read>,
    pub integrity: Integrity,
}

#[derive(Serialize)]
struct Printed {
    #[serde(flatten)]
    head: Head,
    statement: String,
    who: Vec<Line>,
    document: Option<PrintedRead>,
    verification: Vec<&'static str>,
    chain: Vec<Line>,
    hash: String,
}

#[derive(Serialize)]
struct PrintedRead {
    facts: Vec<Line>,
    digest: String,
}

/// The certificate of proof of an answer, as a PDF.
///
/// # Errors
/// A fault of ours: see [`DocumentError`].
pub fn proof(source: &Source<'_>, proof: &Proof) -> Result<Vec<u8>, DocumentError> {
    let path = source.path;
    let means = match &proof.means {
        Means::Link => pieces::BY_LINK.to_owned(),
        Means::Account => pieces::BY_ACCOUNT.to_owned(),
        Means::OnBehalf { channel, recorded_by } => pieces::on_behalf(channel, recorded_by),
    };
    let mut head = Head::new(source, pieces::PROOF, pieces::job_at(&path.job.title, &path.workplace.company));
    head.notice = (!proof.integrity.intact).then(|| pieces::PROOF_ALTERED.to_owned());
    let who = [
        Some((pieces::DECLARED_BY, proof.by.clone())),
        Some((pieces::IN_THE_NAME_OF, proof.role.clone())),
        proof.function.clone().map(|function| (pieces::FUNCTION, function)),
        Some((pieces::WHEN, dates::instant_full(proof.at))),
        Some((pieces::HOW, means)),
        proof.address.clone().map(|address| (pieces::ADDRESS, address)),
        proof.device.clone().map(|device| (pieces::DEVICE, device)),
    ];
    let printed = Printed {
        head,
        statement: proof.statement.clone(),
        who: who.into_iter().flatten().collect(),
        document: proof.read.as_ref().map(|read| PrintedRead {
            facts: vec![(pieces::DOCUMENT, read.name.clone())],
            digest: read.digest.clone(),
        }),
        verification: [proof.integrity.intact.then_some(pieces::PROOF_INTACT), Some(pieces::VERIFICATION)]
            .into_iter()
            .flatten()
            .collect(),
        chain: chain(&proof.integrity, proof.at),
        hash: proof.integrity.hash.clone(),
    };
    render("proof.typ", &printed, source.now)
}

fn chain(integrity: &Integrity, at: Instant) -> Vec<Line> {
    vec![
        (pieces::RANK, pieces::rank_of(integrity.rank, integrity.of)),
        (pieces::FACT, integrity.fact.clone()),
        (pieces::RECORDED, dates::instant_full(at)),
    ]
}
