//! How answers are given: what is kept beside the event of each, and the certificate that shows it.

use domain::form::DocumentRef;
use domain::identifiers::PathReference;
use domain::path::command::{DocumentKind, RequestKind};
use domain::path::event::{OutsideOrBody, Party};
use domain::path::requests::Declared;
use domain::path::{Event, Path, Recorded};
use domain::people::{Actor, OutsideRole, Person};
use persistence::{AnswerProof, KeptProof, Means, Tx};
use reports::documents::{self, Integrity, Proof, Read};
use wording::{labels, pieces, statements, timeline};

use crate::pieces::Made;
use crate::plan::Plan;
use crate::{Access, App, AppError, Options, Visitor};

/// Longest text kept of what a browser says it is.
const DEVICE: usize = 300;

/// Who answers, from where: what a page knows and the journal does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    pub visitor: Visitor,
    /// Who answers for a company, as they name themselves.
    pub signatory: Option<String>,
    /// What they are in it.
    pub function: Option<String>,
}

impl App {
    /// Keeps how each answer of a plan was given.
    pub(crate) async fn write_proofs(&self, tx: &Tx, plan: &Plan, options: &Options) -> Result<(), AppError> {
        for recorded in &plan.recorded {
            let Some(declared) = Declared::by(&recorded.event) else { continue };
            let Some(before) = plan.before.as_ref().map(|stored| &stored.path) else { continue };
            let Some(body) = plan.terms().market.lot(&before.lot).map(|lot| &lot.holder.name) else { continue };
            let Some(statement) = statements::statement(declared, before, body) else { continue };
            let read = match declared {
                Declared::Pif { .. } => before.pif.as_ref().map(|pif| pif.terms.document.clone()),
                Declared::Report => last(tx, before, DocumentKind::FinalReport).await?,
                Declared::Agreement(RequestKind::ConfirmProgramme) => last(tx, before, DocumentKind::Programme).await?,
                Declared::Commitment | Declared::Agreement(_) | Declared::Sequence(_) | Declared::Attendance { .. } => {
                    None
                }
            };
            let proof = proof_of(plan, recorded, options, statement, read);
            tx.insert_proof(recorded, &proof).await?;
        }
        Ok(())
    }

    /// The certificate of an answer of a path that the reader sees, by the rank of its event.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such answer for this reader.
    pub async fn answer_proof(&self, actor: &Actor, reference: &PathReference, rank: u32) -> Result<Made, AppError> {
        let view = self.path(actor, reference).await?;
        let tx = self.store().begin_read().await?;
        self.certificate(&tx, &view.path, &view.people, &view.events, rank, true).await
    }

    /// The certificate of an answer given in the role of who is behind a link.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such answer, or the link opens nothing any more.
    pub async fn link_proof(&self, token: &str, rank: u32) -> Result<Made, AppError> {
        let access = self.open_link(token).await?;
        let event = access.events.iter().find(|recorded| recorded.seq == rank);
        let event = event.filter(|recorded| access.problem.is_none() && answered_for(&access, recorded));
        let own = own(&access, event.ok_or(AppError::NotFound)?);
        let tx = self.store().begin_read().await?;
        let people = tx.people(access.path.id).await?;
        self.certificate(&tx, &access.path, &people, &access.events, rank, own).await
    }

    /// `whence`: from where the answer came is said too, which is for who gave it and for who runs the path.
    async fn certificate(
        &self,
        tx: &Tx,
        path: &Path,
        people: &[Person],
        events: &[Recorded],
        rank: u32,
        whence: bool,
    ) -> Result<Made, AppError> {
        let recorded = events.iter().find(|recorded| recorded.seq == rank).ok_or(AppError::NotFound)?;
        let declared = Declared::by(&recorded.event).ok_or(AppError::NotFound)?;
        let proofs = tx.proofs(path.id).await?;
        let kept = proofs.into_iter().find(|(event, _)| *event == recorded.id);
        let (_, kept) = kept.ok_or(AppError::NotFound)?;
        let integrity = Integrity {
            fact: recorded.id.to_string(),
            rank,
            of: u32::try_from(events.len()).unwrap_or(u32::MAX),
            hash: tx.hash_of(recorded.id).await?.ok_or(AppError::NotFound)?,
            intact: matches!(kept, KeptProof::Intact(_)),
        };
        let mut proof = shown(kept, recorded, role_of(declared), integrity);
        if !whence {
            (proof.address, proof.device) = (None, None);
        }
        let made = self.made_of(tx, path, people, pieces::PROOF).await?;
        made.typeset(move |source| documents::proof(source, &proof)).await
    }
}

fn proof_of(
    plan: &Plan,
    recorded: &Recorded,
    options: &Options,
    statement: String,
    read: Option<DocumentRef>,
) -> AnswerProof {
    let name = |person| {
        let known = plan.people.iter().find(|known: &&Person| known.id == person);
        known.map_or_else(|| pieces::NOTHING.to_owned(), |person| person.contact.name.clone())
    };
    let on_behalf = plan.recorded.iter().find_map(|other| match &other.event {
        Event::AnswerRecordedOnBehalf { channel, said_by, scan, .. } => Some((*channel, said_by, scan)),
        _ => None,
    });
    let presence = options.presence.as_ref();
    let signatory = presence.and_then(|presence| presence.signatory.clone());
    let (by, means) = match (&recorded.author, on_behalf) {
        (author, Some((channel, said_by, scan))) => {
            (name(said_by.id), Means::OnBehalf { channel, recorded_by: timeline::author(author), scan: scan.clone() })
        }
        (Actor::Outside { person, .. }, None) => (signatory.unwrap_or_else(|| name(*person)), Means::Link),
        (author @ (Actor::Staff { .. } | Actor::System), None) => (timeline::author(author), Means::Account),
    };
    let said = |text: &str| Some(text.trim().chars().take(DEVICE).collect::<String>()).filter(|text| !text.is_empty());
    let here = presence.filter(|_| !matches!(means, Means::OnBehalf { .. }));
    AnswerProof {
        statement,
        read,
        by,
        function: here.and_then(|presence| presence.function.clone()),
        means,
        address: here.and_then(|presence| said(&presence.visitor.address)),
        device: here.and_then(|presence| said(&presence.visitor.browser)),
    }
}

/// The last document of a kind, which the page shows to who confirms it.
async fn last(tx: &Tx, path: &Path, kind: DocumentKind) -> Result<Option<DocumentRef>, AppError> {
    let documents = tx.documents(path.id).await?;
    let last = documents.into_iter().rfind(|document| document.kind == kind);
    Ok(last.map(|document| document.reference))
}

fn shown(kept: KeptProof, recorded: &Recorded, role: &'static str, integrity: Integrity) -> Proof {
    let at = recorded.recorded_at;
    match kept {
        KeptProof::Intact(kept) => Proof {
            statement: kept.statement,
            by: kept.by,
            role: role.to_owned(),
            function: kept.function,
            at,
            means: match kept.means {
                Means::Link => documents::Means::Link,
                Means::Account => documents::Means::Account,
                Means::OnBehalf { channel, recorded_by, .. } => {
                    documents::Means::OnBehalf { channel: labels::channel(channel).to_owned(), recorded_by }
                }
            },
            address: kept.address,
            device: kept.device,
            read: kept.read.map(|read| Read { name: read.name, digest: read.sha256 }),
            integrity,
        },
        KeptProof::Altered => Proof {
            statement: timeline::path(&recorded.event, &recorded.author),
            by: timeline::author(&recorded.author),
            role: role.to_owned(),
            function: None,
            at,
            means: if matches!(recorded.author, Actor::Outside { .. }) {
                documents::Means::Link
            } else {
                documents::Means::Account
            },
            address: None,
            device: None,
            read: None,
            integrity,
        },
    }
}

/// Whether the person behind a link gave an answer themselves.
fn own(access: &Access, recorded: &Recorded) -> bool {
    matches!(&recorded.author, Actor::Outside { person, .. } if *person == access.person.id)
}

/// Whether an answer may be shown to who is behind a link: their own, and those of the company to who speaks for it. Whoever held
/// the role of trainee or of tutor before is nobody's to know.
fn answered_for(access: &Access, recorded: &Recorded) -> bool {
    let Some(role) = Declared::by(&recorded.event).and_then(outside) else { return false };
    let speaks = matches!(access.role, OutsideRole::Company | OutsideRole::Signatory);
    own(access, recorded) || (speaks && role == OutsideRole::Company)
}

impl Access {
    /// Whether an answer of the journal has a certificate for who is behind the link.
    pub fn proves(&self, recorded: &Recorded) -> bool {
        self.proven.contains(&recorded.id) && answered_for(self, recorded)
    }
}

/// The role that declares it; none for the body.
const fn outside(declared: Declared) -> Option<OutsideRole> {
    match declared {
        Declared::Commitment | Declared::Report | Declared::Pif { party: Party::Company, .. } => {
            Some(OutsideRole::Company)
        }
        Declared::Sequence(_)
        | Declared::Pif { party: Party::Trainee, .. }
        | Declared::Attendance { by: OutsideOrBody::Trainee, .. } => Some(OutsideRole::Trainee),
        Declared::Attendance { by: OutsideOrBody::Tutor, .. } | Declared::Agreement(RequestKind::AcceptDesignation) => {
            Some(OutsideRole::Tutor)
        }
        Declared::Agreement(_) => Some(OutsideRole::Company),
        Declared::Pif { party: Party::Body, .. } | Declared::Attendance { by: OutsideOrBody::Body, .. } => None,
    }
}

fn role_of(declared: Declared) -> &'static str {
    outside(declared).map_or(labels::party(Party::Body), labels::outside_role)
}
