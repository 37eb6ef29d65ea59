//! A company on a telephone, from its first e-mail to the signed programme.
//!
//! Rule kept here: nobody outside opens a page but by the link of an e-mail that arrived; the staff acts meanwhile, by the use
//! cases.

use app::Target;
use chrono::TimeDelta;
use domain::Day;
use domain::path::{Act, State, Step, Transition};
use domain::people::Side;
use serde_json::json;
use tests::browser::{Browser, Mail, Site};
use tests::world::{Next, next};

use super::hands::{Hands, sample};
use super::telephone::{meanwhile, staff, stored, telephone, today};
use crate::pieces::read_by;

const OBJECTIVES: &str = "Façonner les pâtons et conduire le four";
const PROOFS: &str = "main a[href*=\"/preuves/\"]";

/// Someone outside, who reads their e-mails on a telephone.
#[derive(Clone, Copy)]
struct Outside<'a> {
    site: &'a Site,
    phone: &'a Browser,
    reference: &'a str,
    email: &'a str,
}

impl Outside<'_> {
    /// Opens the page that the last e-mail with these words in its subject leads to.
    async fn opens(&self, subject: &str) -> Mail {
        let mail = self.site.mail_with_link(self.email, subject, 0).await;
        self.phone.go(&self.site.link(&mail)).await;
        self.phone.sees(&[self.reference]).await;
        mail
    }

    /// Names the tutor, from the page of the path.
    async fn designates(&self, today: Day) {
        let step: Step = Act::DesignateTutor.into();
        self.opens("").await;
        self.phone.click_on(&format!("main a[href$=\"/etapes/{step}\"]")).await;
        self.phone.audit("tuteur").await;
        Hands::new().fill(self.phone, &sample(step, today, &json!({}))).await;
        self.phone.click_on(&format!("main form[action$=\"/etapes/{step}\"] button[type=submit]")).await;
        self.phone.sees(&["Merci, c’est enregistré"]).await;
    }

    /// Answers what the last e-mail asks, and finds behind the link of the receipt the proof of the answer.
    async fn answers(&self, step: Step) {
        let asked = match step {
            Step::Act(Act::ConfirmCommitment) => "Confirmez l’engagement de votre entreprise",
            Step::Transition(Transition::SignPif) => "votre signature est attendue",
            _ => "",
        };
        self.opens(asked).await;
        let form = format!("main form[action$=\"/etapes/{step}\"]");
        assert!(self.phone.has(&form).await, "{step}: {}", self.phone.words().await);
        self.phone.audit(step.id()).await;
        let before = self.site.smtp.received().len();
        let company = self.phone.has(&format!("{form} [name=fonction]")).await;
        if company {
            self.phone.fill_in(&form, "fonction", "Gérance").await;
        }
        self.phone.click_on(&format!("{form} button[type=submit]")).await;
        self.phone.sees(&["Merci, c’est enregistré"]).await;
        let receipt = self.site.mail_with_link(self.email, self.reference, before).await;
        let said = receipt.text().contains("Réponse donnée par Anne Lemoine, Gérance.");
        assert_eq!(said, company, "{step}: {}", receipt.text());
        self.phone.go(&self.site.link(&receipt)).await;
        let proof = self.phone.download(PROOFS).await;
        let proof = read_by("pdftotext", &["-", "-"], &proof);
        for words in ["Attestation de preuve", self.reference] {
            assert!(proof.contains(words), "« {words} » is not in:\n{proof}");
        }
        assert_eq!(proof.contains("Gérance"), company, "{proof}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_goes_from_its_first_e_mail_to_the_signed_programme() {
    let site = Site::open().await;
    // The evening: what a form dates of the day has taken place.
    site.wait(TimeDelta::hours(10)).await;
    let day = today(&site).await;
    let claire = staff(&site, "claire.morel@retravailler.example").await;
    let anne = staff(&site, "anne.roux@region.example").await;
    let mut path = meanwhile(&site, &claire, &Target::New, Transition::ReportNeed, &json!({})).await;
    let target = Target::Path(path.reference.clone());
    let reference = path.reference.to_string();
    let phone = telephone(&site, "entreprise").await;
    let someone = |email| Outside { site: &site, phone: &phone, reference: &reference, email };
    let company = someone("anne.lemoine@boulangerie-lemoine.example");
    let tutor = someone("sophie.caron@boulangerie-lemoine.example");
    let trainee = someone("karim.benali@courriel.example");

    let first = company.opens("Votre besoin de formation est enregistré").await;
    assert!(first.text().contains("Vos données personnelles"), "the first e-mail informs its reader");
    phone.sees(&["Boulangerie Lemoine", "Une question ?", &claire.name]).await;
    while path.state != State::PifSigned {
        let Next { side, step, mut changes } = next(&path, day).expect("the path goes on");
        let before = site.smtp.received().len();
        match (side, step) {
            // The company knows who will do it.
            (_, Step::Act(Act::DesignateTutor)) => company.designates(day).await,
            (Side::Company, _) => company.answers(step).await,
            (Side::Trainee, _) => trainee.answers(step).await,
            (Side::Tutor, _) => tutor.answers(step).await,
            (Side::Region, _) => drop(meanwhile(&site, &anne, &target, step, &changes).await),
            (Side::Body, _) => {
                if step == Act::WritePif.into() {
                    changes["document"] = json!(null);
                    changes["objectives"] = json!(OBJECTIVES);
                }
                meanwhile(&site, &claire, &target, step, &changes).await;
            }
            (Side::Finance | Side::System, _) => panic!("{side} takes no step of the main line"),
        }
        let after = stored(&site, &path).await;
        assert!(after.version > path.version, "{step} by {side}: {}", phone.words().await);
        if after.state != path.state {
            // The company hears of each transition, by a link that leads to its path.
            let mail = site.mail_with_link(company.email, &reference, before).await;
            phone.go(&site.link(&mail)).await;
            phone.sees(&[&reference, &after.job.title]).await;
        }
        path = after;
    }
    for person in [company, trainee] {
        person.opens("Programme individuel signé par tous").await;
        phone.sees(&["Vos réponses"]).await;
        let programme = phone.download("main section[aria-labelledby=documents] a.file").await;
        let programme = read_by("pdftotext", &["-", "-"], &programme);
        assert!(programme.contains(OBJECTIVES), "{programme}");
    }
    tutor.opens("Le tutorat de ce parcours vous est confié").await;

    let desk = Browser::open(&site, "entreprise-organisme").await;
    desk.sign_in(&claire.name).await;
    desk.go(&format!("/parcours/{reference}")).await;
    desk.sees(&["PIF signé"]).await;
    let proofs = format!("return document.querySelectorAll('{PROOFS}').length;");
    let proofs = desk.script(&proofs, vec![]).await.as_u64().expect("a count");
    assert!(proofs >= 3, "the commitment and two signatures outside: {proofs}");
    desk.close().await;
    phone.close().await;
    site.close().await;
}
