//! What a person answers, and what becomes of a second answer.

use axum::http::StatusCode;
use domain::path::{Act, State, Transition};
use domain::people::{OutsideRole, RecipientRole};

use crate::desk::Desk;
use crate::kit::{Kit, SIGNED, step_address, with};

#[tokio::test(flavor = "multi_thread")]
async fn l3_a_company_confirms_its_commitment_once() {
    let (kit, token) = Kit::commitment_asked().await;
    let page = kit.get(&format!("/acces/{token}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows(&[
        "Confirmer l’engagement de l’entreprise",
        "FEST-1-2026-0001",
        "Anne Lemoine",
        "Claire Besnard",
        "au plus tard le",
    ]);
    let action = step_address(&token, Act::ConfirmCommitment);
    let form = with(page.form(&action), SIGNED);
    let before = kit.events().await;
    let done = kit.post_and_follow(&action, &form).await;
    done.shows(&[
        "Merci, c’est enregistré",
        "Engagement confirmé le",
        "par Anne Lemoine",
        "Un reçu part à votre adresse.",
        "rien à faire pour le moment",
    ]);
    assert_eq!(kit.events().await, before + 1);
    let messages = kit.messages().await;

    // The same form again, then the form of another tab: one act, and the page says since when.
    kit.post_and_follow(&action, &form)
        .await
        .shows(&["C’était déjà enregistré", "Engagement déjà confirmé le lundi 2 mars 2026"]);
    let other_tab = with(page.form(&action), SIGNED);
    kit.post_and_follow(&action, &other_tab).await.shows(&["Engagement déjà confirmé le lundi 2 mars 2026"]);
    assert_eq!((kit.events().await, kit.messages().await), (before + 1, messages));
    kit.get(&format!("/acces/{token}"))
        .await
        .shows(&["Engagement déjà confirmé le lundi 2 mars 2026, 9 h 00, par Anne Lemoine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_by_another_tab_acts_once() {
    let (kit, token) = Kit::commitment_asked().await;
    let address = format!("/acces/{token}");
    let action = step_address(&token, Act::ConfirmCommitment);
    let first = with(kit.get(&address).await.form(&action), SIGNED);
    let second = with(kit.get(&address).await.form(&action), SIGNED);
    assert_ne!(first, second);
    kit.post_and_follow(&action, &first).await.shows(&["Merci, c’est enregistré"]);
    let events = kit.events().await;
    kit.post_and_follow(&action, &second).await.shows(&["Engagement déjà confirmé le"]);
    assert_eq!(kit.events().await, events);
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_at_once_make_one_answer() {
    let (kit, token) = Kit::commitment_asked().await;
    let address = format!("/acces/{token}");
    let action = step_address(&token, Act::ConfirmCommitment);
    let before = kit.events().await;
    let kit = std::sync::Arc::new(kit);
    let mut posts = tokio::task::JoinSet::new();
    let mut forms = Vec::new();
    for _ in 0..12 {
        forms.push(with(kit.get(&address).await.form(&action), SIGNED));
    }
    for form in forms {
        let (kit, action) = (std::sync::Arc::clone(&kit), action.clone());
        posts.spawn(async move { kit.post(&action, &form).await });
    }
    let answers = posts.join_all().await;
    for page in &answers {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    }
    assert_eq!(answers.iter().filter(|page| page.location().contains("fait=")).count(), 1);
    assert_eq!(kit.events().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn l2_the_receipt_names_who_answered() {
    let (kit, token) = Kit::commitment_asked().await;
    let action = step_address(&token, Act::ConfirmCommitment);
    let form = kit.get(&format!("/acces/{token}")).await.form(&action);
    let form = with(form, &[("signataire", "Luc Lemoine"), ("fonction", "Directeur d'atelier")]);
    kit.post_and_follow(&action, &form).await;
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let receipt = view
        .messages
        .iter()
        .filter(|message| message.content.to.role == RecipientRole::Company)
        .max_by_key(|message| message.seq);
    let text = &receipt.expect("a receipt").content.text;
    assert!(text.contains("Luc Lemoine") && text.contains("Directeur d’atelier"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn l3_the_first_answer_stands_until_asked_again() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let address = format!("/acces/{token}");
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let decline = step_address(&token, Act::DeclineRequest);
    let confirm_form = with(kit.get(&address).await.form(&confirm), SIGNED);
    let page = kit.get(&format!("{decline}?demande=confirm_commitment")).await;
    page.shows(&["Ne pas confirmer l’engagement"]);
    let reason = with(page.form(&decline), &[("reason", "La décision revient au siège.")]);
    kit.post_and_follow(&decline, &reason).await.shows(&["Merci, c’est enregistré", "La décision revient au siège."]);
    let events = kit.events().await;

    let refused = kit.post(&confirm, &confirm_form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows(&[
        "Vous aviez déjà répondu",
        "déjà déclinée le lundi 2 mars 2026",
        "Votre nouvelle réponse n’est pas enregistrée",
    ]);
    kit.post_and_follow(&decline, &reason).await.shows(&["déjà déclinée"]);
    assert_eq!(kit.events().await, events);

    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::AskConfirmation).await;
    let late = with(kit.get(&decline).await.form(&decline), &[("reason", "Trop tard.")]);
    let form = with(kit.get(&address).await.form(&confirm), SIGNED);
    kit.post_and_follow(&confirm, &form).await.shows(&["Engagement confirmé le"]);

    // A refusal left open in another tab comes too late, and is told the answer that stands.
    let later = kit.post(&decline, &late).await;
    assert_eq!(later.status, StatusCode::CONFLICT);
    later.shows(&["Vous aviez déjà répondu", "Engagement déjà confirmé le"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_parties_sign_and_the_last_is_told() {
    let (mut kit, company, trainee) = Kit::pif_written().await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::SignPif).await;
    kit.get(&format!("/acces/{company}")).await.shows(&[
        "Signer la version 1 du PIF",
        "30 heures : 20 de formation en situation de travail et 10 d’application",
        "du 24 mars au 20 avril 2026",
        "pif-v1.pdf",
        "Organisme de formation : signé le 10 mars 2026",
        "Entreprise : signature attendue",
        "Restera à signer : le stagiaire.",
    ]);
    let sign = |token: &str| step_address(token, Transition::SignPif);
    let form = with(kit.get(&format!("/acces/{company}")).await.form(&sign(&company)), SIGNED);
    kit.post_and_follow(&sign(&company), &form).await.shows(&["PIF, version 1, signé le"]);
    let page = kit.get(&format!("/acces/{trainee}")).await;
    page.shows(&["Votre signature est la dernière attendue"]).lacks(&["fonction dans l’entreprise"]);
    kit.post_and_follow(&sign(&trainee), &page.form(&sign(&trainee))).await.shows(&["Merci, c’est enregistré"]);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    assert_eq!(view.path.state, State::PifSigned);
}

#[tokio::test(flavor = "multi_thread")]
async fn l5_an_old_link_shows_the_new_version_and_never_signs_the_old_one() {
    let (mut kit, company, _) = Kit::pif_written().await;
    let sign = step_address(&company, Transition::SignPif);
    let old = with(kit.get(&format!("/acces/{company}")).await.form(&sign), SIGNED);
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::AmendPif).await;
    let events = kit.events().await;
    let refused = kit.post(&sign, &old).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows(&["Ce que vous alliez confirmer a changé", "Signer la version 2 du PIF", "Gérante"]);
    assert_eq!(kit.events().await, events);
    let page = kit.get(&format!("/acces/{company}")).await;
    page.shows(&["voici la version 2", "La version 1 ne se signe plus", "pif-v2.pdf"]).lacks(&["pif-v1.pdf"]);
    kit.post_and_follow(&sign, &with(page.form(&sign), SIGNED)).await.shows(&["PIF, version 2, signé le"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainee_signs_sequences_and_the_month() {
    let (mut kit, trainee, tutor) = Kit::in_training().await;
    let address = format!("/acces/{trainee}");
    let sign = step_address(&trainee, Act::SignSequence);
    let page = kit.get(&address).await;
    page.shows(&[
        "Mise en situation, 24 mars 2026 de 9 h 00 à 12 h 00",
        "Façonner les pâtons.",
        "Phase réflexive",
        "4 h 30",
    ]);
    let none = kit.post(&sign, &page.form(&sign)).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    none.shows(&["cochez au moins une séquence"]);
    let one = with(page.form(&sign), &[("number", "2")]);
    kit.post_and_follow(&sign, &one)
        .await
        .shows(&["Séquence 2 signée le"])
        .lacks(&["Phase réflexive, 24 mars 2026 de"]);
    let page = kit.get(&address).await;
    kit.post_and_follow(&sign, &with(page.form(&sign), &[("number", "1")])).await.shows(&["Séquence 1 signée le"]);
    // The body has until May for the statement of April: that is no day of theirs.
    kit.wait(14).await;
    for token in [&trainee, &tutor] {
        let month = step_address(token, Act::SignAttendanceMonth);
        let page = kit.get(&format!("/acces/{token}")).await;
        page.shows(&["Signer l’état de présence du mois"]).lacks(&["Réponse attendue", "Réponse en retard"]);
        kit.post_and_follow(&month, &page.form(&month)).await.shows(&["État de présence de mars 2026 signé le"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sequences_are_signed_at_once() {
    let (kit, trainee, _) = Kit::in_training().await;
    let sign = step_address(&trainee, Act::SignSequence);
    let form = with(kit.get(&format!("/acces/{trainee}")).await.form(&sign), &[("number", "1"), ("number", "2")]);
    let before = kit.events().await;
    let done = kit.post_and_follow(&sign, &form).await;
    done.shows(&["Merci, c’est enregistré"]).lacks(&["Signer vos séquences", "Un reçu part à votre adresse."]);
    kit.post_and_follow(&sign, &form).await.shows(&["déjà signée le"]);
    assert_eq!(kit.events().await, before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_signed_in_another_tab_does_not_hold_the_others() {
    let (kit, trainee, _) = Kit::in_training().await;
    let sign = step_address(&trainee, Act::SignSequence);
    let page = kit.get(&format!("/acces/{trainee}")).await;
    let both = with(page.form(&sign), &[("number", "1"), ("number", "2")]);
    let first = with(kit.get(&format!("/acces/{trainee}")).await.form(&sign), &[("number", "1")]);
    kit.post_and_follow(&sign, &first).await.shows(&["Séquence 1 signée le"]);
    kit.post_and_follow(&sign, &both).await.shows(&["Séquence 2 signée le"]).lacks(&["Signer vos séquences"]);
    let late = with(page.form(&sign), &[("number", "9")]);
    assert_eq!(kit.post(&sign, &late).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_confirms_the_final_report() {
    let (kit, company) = Kit::report_asked().await;
    let confirm = step_address(&company, Act::ConfirmReport);
    let page = kit.get(&format!("/acces/{company}")).await;
    page.shows(&["Confirmer le bilan final", "Bilan final.pdf", "du 24 au 27 mars 2026"]);
    kit.post_and_follow(&confirm, &with(page.form(&confirm), SIGNED)).await.shows(&["Bilan final confirmé le"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l24_a_contact_hands_over_and_their_link_dies() {
    let (kit, token) = Kit::commitment_asked().await;
    let hand_over = step_address(&token, Act::HandOverContact);
    let form = kit.get(&hand_over).await.form(&hand_over);
    let form = with(form, &[("name", "Luc Lemoine"), ("email", "luc@boulangerie-lemoine.example")]);
    let gone = kit.post_and_follow_to_gone(&hand_over, &form).await;
    gone.shows(&["C’est enregistré", "Claire Besnard"]).lacks(&["FEST-1-2026-0001", "Ouvrier boulanger", "Lemoine"]);
    let dead = kit.get(&format!("/acces/{token}")).await;
    assert_eq!(dead.status, StatusCode::GONE);
    dead.shows(&["Ce lien ne fonctionne plus", "02 35 00 00 07"]).lacks(&[
        "FEST-1-2026-0001",
        "Ouvrier boulanger",
        "Lemoine",
        "nouveau-lien",
    ]);
    let successor = kit.token(RecipientRole::Company).await;
    assert_ne!(successor, token);
    kit.get(&format!("/acces/{successor}")).await.shows(&["Luc Lemoine", "Confirmer l’engagement de l’entreprise"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l24_the_link_of_a_contact_whom_the_staff_replaces_dies_and_the_reason_is_kept() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::ChangeContact).await;
    let events = kit.events().await;
    for dead in [kit.get(&format!("/acces/{token}")).await, kit.post(&confirm, &form).await] {
        assert_eq!(dead.status, StatusCode::GONE);
        dead.shows(&["Ce lien ne fonctionne plus", "02 35 00 00 07"]);
        dead.lacks(&["FEST-1-2026-0001", "Ouvrier boulanger", "Lemoine", "nouveau-lien"]);
    }
    assert_eq!(kit.events().await, events, "it answers nothing any more");
    let successor = kit.token(RecipientRole::Company).await;
    assert_ne!(successor, token);
    let page = kit.get(&format!("/acces/{successor}")).await;
    page.shows(&["Luc Lemoine", "Confirmer l’engagement de l’entreprise"]);
    let path = format!("/parcours/{}", kit.path().reference);
    Desk::of(&kit, &kit.coordinator).await.get(&path).await.shows(&["Nouvelle direction."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_steps_have_their_page() {
    let (kit, trainee, tutor) = Kit::in_training().await;
    let day = kit.today;
    let sequence: Vec<(&str, String)> = vec![
        ("kind", "evaluation".to_owned()),
        ("from", format!("{day}T16:00")),
        ("until", format!("{day}T17:00")),
        ("objective", "Évaluer le façonnage.".to_owned()),
    ];
    let on = day.to_string();
    let receipt = ["Un reçu part à votre adresse."];
    for (token, act, fields, said, has_receipt) in [
        (&tutor, Act::RecordSequence, sequence, "Séquence 3 ajoutée le", false),
        (
            &trainee,
            Act::ReportObstacle,
            vec![("facts", "Le four est en panne.".to_owned())],
            "Difficulté signalée le",
            false,
        ),
        (
            &trainee,
            Act::ReportAccident,
            vec![("on", on), ("facts", "Brûlure légère.".to_owned())],
            "Accident déclaré le",
            false,
        ),
        (
            &trainee,
            Act::ProposeCorrection,
            vec![("correction", "Je finis à 15 h.".to_owned())],
            "Correction proposée le",
            true,
        ),
    ] {
        let address = step_address(token, act);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let form = with(kit.get(&address).await.form(&address), &fields);
        let done = kit.post_and_follow(&address, &form).await;
        done.shows(&["Merci, c’est enregistré", said]);
        if has_receipt {
            done.shows(&receipt)
        } else {
            done.lacks(&receipt)
        };
    }
}

/// « Ce n’était pas moi » (L2), from the page of the link to the new request.
#[tokio::test(flavor = "multi_thread")]
async fn l2_an_answer_that_is_not_theirs_is_contested_and_asked_again() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let (portal, contest) = (format!("/acces/{token}"), step_address(&token, Act::ContestAnswer));
    let confirm = step_address(&token, Act::ConfirmCommitment);
    kit.get(&portal).await.lacks(&["Ce n’était pas moi"]);
    let form = kit.get(&portal).await.form(&confirm);
    kit.post_and_follow(&confirm, &with(form.clone(), SIGNED)).await;

    kit.get(&portal).await.shows(&["Ce n’était pas moi"]);
    let page = kit.get(&contest).await;
    page.shows(&["Ce n’était pas moi : confirmer l’engagement de l’entreprise", "Contester cette réponse"]);
    let empty = kit.post(&contest, &page.form(&contest)).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = kit.get(&contest).await.form(&contest);
    let filled = with(kit.get(&contest).await.form(&contest), &[("facts", "Je n’ai pas ouvert ce courriel.")]);
    let done = kit.post_and_follow(&contest, &filled).await;
    done.shows(&["Réponse « Confirmer l’engagement de l’entreprise » contestée le", "Je n’ai pas ouvert"]);
    // Said again from another tab, it is noted already.
    let noted = (kit.events().await, kit.messages().await);
    let again = kit.post_and_follow(&contest, &with(second, &[("facts", "Ce n’était pas moi.")])).await;
    again.shows(&["Réponse « Confirmer l’engagement de l’entreprise » déjà contestée le"]);
    again.lacks(&["Ce n’était pas moi"]);
    assert_eq!(kit.get(&contest).await.location(), portal, "there is nothing more to contest");
    assert_eq!((kit.events().await, kit.messages().await), noted);
    // It stands until the body has looked at it; then the page asks again, and what the old one showed confirms nothing.
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::AskAgain).await;
    let again = kit.get(&portal).await;
    again.shows(&["Confirmer l’engagement de l’entreprise"]).lacks(&["Ce n’était pas moi"]);
    assert_eq!(kit.post(&confirm, &with(form, SIGNED)).await.status, StatusCode::CONFLICT);
    kit.post_and_follow(&confirm, &with(again.form(&confirm), SIGNED)).await.shows(&["Merci, c’est enregistré"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainee_withdraws_and_their_link_dies() {
    let (kit, _, trainee) = Kit::pif_written().await;
    let withdraw = step_address(&trainee, Transition::WithdrawCandidate);
    let form = with(kit.get(&withdraw).await.form(&withdraw), &[("reason", "J’ai trouvé un emploi.")]);
    kit.post_and_follow_to_gone(&withdraw, &form).await.shows(&["C’est enregistré"]);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    assert_eq!(view.path.state, State::CandidateSelection);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_field_keeps_what_was_typed() {
    let (kit, token) = Kit::commitment_asked().await;
    let hand_over = step_address(&token, Act::HandOverContact);
    let form =
        with(kit.get(&hand_over).await.form(&hand_over), &[("name", "Luc Lemoine"), ("email", "luc(at)lemoine")]);
    let page = kit.post(&hand_over, &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows(&[
        "Erreur : ",
        "value=\"Luc Lemoine\"",
        "value=\"luc(at)lemoine\"",
        "href=\"#hand_over_contact-email\"",
        "autofocus",
    ]);
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form =
        with(kit.get(&format!("/acces/{token}")).await.form(&confirm), &[("signataire", "Luc"), ("fonction", " ")]);
    let page = kit.post(&confirm, &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows(&["Votre fonction dans l’entreprise", "value=\"Luc\"", "un point est à revoir"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_reminders_says_of_what_its_reader_is_reminded() {
    let (kit, trainee, tutor) = Kit::in_training().await;
    let company = kit.token(RecipientRole::Company).await;
    for (token, said) in [
        (&company, "avant l’échéance d’une confirmation demandée à votre entreprise"),
        (&trainee, "la signature de votre programme individuel"),
        (&tutor, "ne donne lieu à aucun rappel"),
    ] {
        kit.get(&format!("/acces/{token}/rappels")).await.shows(&[said]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_are_turned_off_and_on() {
    let (kit, token) = Kit::commitment_asked().await;
    let address = format!("/acces/{token}/rappels");
    for (button, off) in [("Ne plus recevoir de rappels", true), ("Recevoir de nouveau les rappels", false)] {
        let page = kit.get(&address).await;
        page.shows(&[button]);
        kit.post_and_follow(&address, &page.form(&address)).await.shows(&["C’est noté"]);
        let access = kit.app.open_link(&token).await.expect("the link opens");
        assert_eq!(access.person.reminders_off, off);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l7_an_answer_by_telephone_shows_as_such() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let coordinator = kit.coordinator.actor();
    let mut form = domain::samples::form(Act::RecordAnswerOnBehalf, kit.today);
    form.insert("said_by".to_owned(), serde_json::json!("Camille Martin"));
    kit.act(&coordinator, Act::RecordAnswerOnBehalf, form).await;
    let page = kit.get(&format!("/acces/{token}")).await;
    page.shows(&["Engagement confirmé", "recueilli par l’organisme", "rien à faire pour le moment"]);
    page.lacks(&["Camille Martin"]);
    // The body and the Region read who it was that answered, by name.
    for account in [kit.coordinator.clone(), kit.officer.clone()] {
        let seat = crate::paths::Seat::of(&kit, &account).await;
        let path = seat.get(&kit, &wording::addresses::path(&kit.path().reference)).await;
        path.shows(&["Réponse donnée par", "Camille Martin"]);
    }
    let actor = kit.outside(OutsideRole::Company);
    assert!(matches!(actor, domain::people::Actor::Outside { .. }));
}
