//! What the messages of a life say to whom: what may be contested, what is promised, telephones, notes.

use super::*;

#[test]
fn l2_who_answered_by_link_may_say_for_a_week_that_it_was_not_them() {
    let mut written = Written::new();
    let mut life = Life::new();
    let w = &mut written;
    life.ok(B, Transition::ReportNeed, w);
    life.ok(R, Transition::OrderFeasibility, w);
    life.ok(B, Transition::StartFeasibility, w);
    let asked = life.ok(B, Act::AskConfirmation, w);
    let answered = life.ok(C, Act::ConfirmCommitment, w);
    let week =
        "dites-le au plus tard le lundi 9\u{a0}mars\u{a0}2026\u{a0}: choisissez «\u{a0}Ce n’était pas moi\u{a0}»";
    assert!(asked.iter().all(|message| !message.text.contains("dites-le")));
    let told: Vec<bool> = answered.iter().map(|message| message.text.contains(week)).collect();
    assert_eq!(told, [false, true], "the company alone, not the coordinator: {}", answered[1].text);
}

/// The page offers to contest what commits its reader, and nothing else: their receipts say the same.
#[test]
fn l2_what_may_not_be_contested_says_nothing_of_it() {
    let offered = |message: &Composed| message.text.contains("Ce n’était pas moi");
    let mut played = BTreeSet::new();
    life(&mut Written::new(), |life, w| {
        for act in [Act::ProposeCorrection, Act::GiveOpinion, Act::HandOverContact, Act::ContestAnswer] {
            for side in [C, T, U] {
                let Ok(messages) = life.clone().play(side, act.into(), json!({}), w) else { continue };
                played.insert((Step::from(act), side));
                assert!(!messages.iter().any(offered), "{act} by {side}");
            }
        }
        // The company's « no » stands as its answer; a trainee's « no » to the programme leaves it to be signed.
        for (side, request, contestable) in [(C, "confirm_commitment", true), (T, "sign_pif", false)] {
            let declined = life.clone().play(side, Act::DeclineRequest.into(), json!({"request": request}), w);
            let Ok(messages) = declined else { continue };
            played.insert((Step::from(Act::DeclineRequest), side));
            assert_eq!(messages.iter().any(offered), contestable, "{request} declined");
        }
    });
    for (act, side) in [
        (Act::ProposeCorrection, U),
        (Act::GiveOpinion, T),
        (Act::HandOverContact, C),
        (Act::ContestAnswer, C),
        (Act::DeclineRequest, C),
        (Act::DeclineRequest, T),
    ] {
        assert!(played.contains(&(Step::from(act), side)), "{act} by {side} was never played");
    }
}

/// Who reads for the company without answering for it is promised nothing to sign, and colleagues are asked for no opinion.
#[test]
fn l27_who_answers_for_the_company_alone_reads_that_they_will_be_asked() {
    let mut played = BTreeSet::new();
    life(&mut Written::new(), |life, w| {
        let path = life.path();
        let (step, promise) = match path.state {
            State::CandidateSelection if path.waiting.is_none() => {
                (Transition::SelectCandidate, "vous le signez par un lien")
            }
            State::InTraining => (Transition::EndTraining, "vous demande de le confirmer par un lien"),
            _ => return,
        };
        if path.person_of(OutsideRole::Signatory).is_some() {
            return;
        }
        // What a message promises to whom it is written for a reason, and whether it asks for an opinion.
        let said = |messages: &[Composed], why: &str| {
            let message = messages.iter().find(|message| message.text.contains(why));
            let text = &message.unwrap_or_else(|| panic!("{step}: nobody reads « {why} »")).text;
            (text.contains(promise), text.contains("votre avis"))
        };
        let ends = step == Transition::EndTraining;
        let Ok(alone) = life.clone().play(B, step.into(), json!({}), w) else { return };
        assert_eq!(said(&alone, "vous représentez"), (true, ends), "{step} to a contact who signs");
        life.with_colleagues(w, &mut |named: &Life, w: &mut Written| {
            let messages = named.clone().ok(B, step, w);
            assert_eq!(said(&messages, "vous représentez"), (false, ends), "{step} to a contact who has a signatory");
            assert_eq!(said(&messages, "pour les ressources humaines de"), (false, false), "{step} to a colleague");
            played.insert(step);
        });
    });
    assert_eq!(played.len(), 2, "{played:?}");
}

#[test]
fn telephones_are_written_by_pairs() {
    let mut written = Written::new();
    let mut life = Life::new();
    life.ok(B, Transition::ReportNeed, &mut written);
    let market = samples::market();
    let phone = domain::identifiers::Phone::parse("+33261910011").unwrap();
    let coordinator = Account { phone: Some(phone), ..samples::account(StaffRole::Coordinator, 1) };
    let holder = &market.lots[0].holder;
    let directory =
        Directory { coordinator: Some(&coordinator), holder, officers: &[], people: &life.people, stand_ins: &[] };
    let to = &everyone(life.path(), &life.people)[1];
    let message = link_renewed(life.path(), &directory, None, to, &Texts::default());
    assert!(message.text.contains("02\u{a0}61\u{a0}91\u{a0}00\u{a0}11"), "{}", message.text);
    assert!(message.html.contains("tel:0261910011"), "{}", message.html);
}

#[test]
fn l12_a_note_of_the_coordinator_stands_in_the_message() {
    let mut written = Written::new();
    let mut life = Life::new();
    life.ok(B, Transition::ReportNeed, &mut written);
    let market = samples::market();
    let coordinator = samples::account(StaffRole::Coordinator, 1);
    let holder = &market.lots[0].holder;
    let directory =
        Directory { coordinator: Some(&coordinator), holder, officers: &[], people: &life.people, stand_ins: &[] };
    let author = coordinator.actor();
    let to = &everyone(life.path(), &life.people)[1];
    let texts = Texts::default();
    let notice = |note| Notice {
        step: Transition::ReportNeed.into(),
        events: &[],
        before: None,
        after: life.path(),
        author: &author,
        market: &market,
        directory: &directory,
        now: life.now,
        note,
        told: &[],
        texts: &texts,
    };
    let noted = compose(&notice(Some("Appelez-moi lundi.\nMerci.")), to);
    assert!(noted.text.contains(&format!("{} ajoute\u{a0}:\n\n> Appelez-moi lundi.\n> Merci.", author.name())));
    assert!(!compose(&notice(Some("  ")), to).text.contains("ajoute"));
    // Who answered for a company says so in the text itself.
    let company = life.actor(Side::Company).expect("a need has a contact");
    let said = "Réponse donnée par Élodie Lefebvre, gérante.";
    let theirs = compose(&Notice { author: &company, ..notice(Some(said)) }, to);
    assert!(theirs.text.contains(said) && !theirs.text.contains("ajoute"), "{}", theirs.text);
}
