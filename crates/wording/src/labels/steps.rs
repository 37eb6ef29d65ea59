//! Steps of a path: what a button says, what a list says once done, and what will happen.

use domain::path::{Act, Step, Transition};

/// A step as a button names it: verb and object.
pub fn step(step: Step) -> &'static str {
    match step {
        Step::Transition(step) => transition(step),
        Step::Act(step) => act(step),
    }
}

/// A step once done, as a nominal phrase.
pub fn step_done(step: Step) -> &'static str {
    match step {
        Step::Transition(step) => transition_done(step),
        Step::Act(step) => act_done(step),
    }
}

/// The effect of a step, in one sentence.
pub fn step_help(step: Step) -> &'static str {
    match step {
        Step::Transition(step) => transition_help(step),
        Step::Act(step) => act_help(step),
    }
}

/// A change of state as a button names it.
pub fn transition(transition: Transition) -> &'static str {
    match transition {
        Transition::ReportNeed => "Signaler un besoin",
        Transition::OpenSibling => "Ouvrir un parcours lié",
        Transition::DeclineNeed => "Classer le besoin sans suite",
        Transition::OrderFeasibility => "Commander l’étude de faisabilité",
        Transition::StartFeasibility => "Démarrer l’étude de faisabilité",
        Transition::DeliverFeasibility => "Remettre l’étude de faisabilité",
        Transition::AdjournFeasibility => "Ajourner l’étude de faisabilité",
        Transition::RejectFeasibility => "Rejeter l’étude de faisabilité",
        Transition::AdmitFeasibility => "Admettre l’étude de faisabilité",
        Transition::OrderPreparation => "Commander la préparation",
        Transition::StartPreparation => "Démarrer la préparation",
        Transition::DeliverPreparation => "Remettre la préparation",
        Transition::AdjournPreparation => "Ajourner la préparation",
        Transition::RejectPreparation => "Rejeter la préparation",
        Transition::AdmitPreparation => "Admettre la préparation",
        Transition::OpenSelection => "Ouvrir la sélection du candidat",
        Transition::SelectCandidate => "Retenir un candidat",
        Transition::SignPif => "Signer le PIF",
        Transition::OrderImplementation => "Commander la mise en œuvre",
        Transition::EnterTraining => "Déclarer l’entrée en formation",
        Transition::AnnulEntry => "Annuler l’entrée en formation",
        Transition::Suspend => "Suspendre la formation",
        Transition::Resume => "Reprendre la formation",
        Transition::EndTraining => "Déclarer la fin de la formation",
        Transition::DeliverReport => "Remettre le bilan final",
        Transition::AdjournReport => "Ajourner le bilan final",
        Transition::RejectReport => "Rejeter le bilan final",
        Transition::AdmitReport => "Admettre le bilan final",
        Transition::CloseWithoutReport => "Clore le parcours sans bilan",
        Transition::WithdrawCandidate => "Retirer le candidat",
        Transition::Cancel => "Annuler le parcours",
    }
}

fn transition_done(transition: Transition) -> &'static str {
    match transition {
        Transition::ReportNeed => "Besoin signalé",
        Transition::OpenSibling => "Parcours lié ouvert",
        Transition::DeclineNeed => "Besoin classé sans suite",
        Transition::OrderFeasibility => "Étude de faisabilité commandée",
        Transition::StartFeasibility => "Étude de faisabilité démarrée",
        Transition::DeliverFeasibility => "Étude de faisabilité remise",
        Transition::AdjournFeasibility => "Étude de faisabilité ajournée",
        Transition::RejectFeasibility => "Étude de faisabilité rejetée",
        Transition::AdmitFeasibility => "Étude de faisabilité admise",
        Transition::OrderPreparation => "Préparation commandée",
        Transition::StartPreparation => "Préparation démarrée",
        Transition::DeliverPreparation => "Préparation remise",
        Transition::AdjournPreparation => "Préparation ajournée",
        Transition::RejectPreparation => "Préparation rejetée",
        Transition::AdmitPreparation => "Préparation admise",
        Transition::OpenSelection => "Sélection du candidat ouverte",
        Transition::SelectCandidate => "Candidat retenu",
        Transition::SignPif => "PIF signé",
        Transition::OrderImplementation => "Mise en œuvre commandée",
        Transition::EnterTraining => "Entrée en formation déclarée",
        Transition::AnnulEntry => "Entrée en formation annulée",
        Transition::Suspend => "Formation suspendue",
        Transition::Resume => "Formation reprise",
        Transition::EndTraining => "Fin de la formation déclarée",
        Transition::DeliverReport => "Bilan final remis",
        Transition::AdjournReport => "Bilan final ajourné",
        Transition::RejectReport => "Bilan final rejeté",
        Transition::AdmitReport => "Bilan final admis",
        Transition::CloseWithoutReport => "Parcours clos sans bilan",
        Transition::WithdrawCandidate => "Candidat retiré",
        Transition::Cancel => "Parcours annulé",
    }
}

fn transition_help(transition: Transition) -> &'static str {
    match transition {
        Transition::ReportNeed => {
            "Le parcours est ouvert et le besoin de l’entreprise attend la décision de la Région."
        }
        Transition::OpenSibling => {
            "Un nouveau parcours reprend l’étude et le programme d’un parcours de la même entreprise, sans nouvelle commande."
        }
        Transition::DeclineNeed => "Le parcours prend fin, rien n’est commandé.",
        Transition::OrderFeasibility => {
            "Une unité P1 est tirée sur le bon de commande et le délai de remise de l’étude commence."
        }
        Transition::StartFeasibility => "La date de la première visite est annoncée à l’entreprise.",
        Transition::DeliverFeasibility => "L’étude est remise à la Région et le délai de vérification commence.",
        Transition::AdjournFeasibility => "L’organisme est invité à compléter l’étude et à la remettre de nouveau.",
        Transition::RejectFeasibility => "L’étude est à refaire aux frais de l’organisme, sur la même unité.",
        Transition::AdmitFeasibility => "Le service est fait\u{a0}; le parcours suit la conclusion de l’étude.",
        Transition::OrderPreparation => "Les unités de la préparation sont tirées et son délai de remise commence.",
        Transition::StartPreparation => "L’organisme et le tuteur commencent à concevoir le programme.",
        Transition::DeliverPreparation => "Le programme est remis à la Région et le délai de vérification commence.",
        Transition::AdjournPreparation => {
            "L’organisme est invité à compléter la préparation et à la remettre de nouveau."
        }
        Transition::RejectPreparation => "La préparation est à refaire aux frais de l’organisme, sur les mêmes unités.",
        Transition::AdmitPreparation => "Le service est fait\u{a0}; le parcours est prêt à être mis en œuvre.",
        Transition::OpenSelection => "La recherche du candidat commence avec l’entreprise.",
        Transition::SelectCandidate => "Une place du lot est réservée pour l’année de l’entrée prévue.",
        Transition::SignPif => "La signature porte sur la version affichée du PIF.",
        Transition::OrderImplementation => {
            "Une unité du niveau calculé est tirée et l’entrée en formation est attendue."
        }
        Transition::EnterTraining => "La place réservée est consommée dans l’année de l’entrée.",
        Transition::AnnulEntry => "L’entrée est effacée du décompte et la place redevient réservée.",
        Transition::Suspend => "Les délais du parcours s’arrêtent jusqu’à la reprise.",
        Transition::Resume => "Les délais du parcours reprennent leur cours.",
        Transition::EndTraining => "La formation prend fin et le délai de remise du bilan commence.",
        Transition::DeliverReport => "Le bilan est remis à la Région et le délai de vérification commence.",
        Transition::AdjournReport => "L’organisme est invité à compléter le bilan et à le remettre de nouveau.",
        Transition::RejectReport => "Le bilan est à refaire aux frais de l’organisme, sur la même unité.",
        Transition::AdmitReport => "Le service est fait et le parcours est clos.",
        Transition::CloseWithoutReport => {
            "Le parcours est clos au montant décidé, après une mise en demeure sans réponse."
        }
        Transition::WithdrawCandidate => "La place et l’unité tirée sont rendues\u{a0}; la sélection reprend.",
        Transition::Cancel => "Le parcours prend fin\u{a0}; la place est rendue, ainsi que les unités non servies.",
    }
}

/// An act as a button names it.
pub fn act(act: Act) -> &'static str {
    match act {
        Act::AskConfirmation => "Demander la confirmation de l’entreprise",
        Act::ConfirmCommitment => "Confirmer l’engagement de l’entreprise",
        Act::ConfirmReport => "Confirmer le bilan final",
        Act::ConfirmProgramme => "Confirmer le programme",
        Act::AcceptDesignation => "Accepter d’être tuteur",
        Act::ConfirmCandidate => "Confirmer le candidat",
        Act::DeclineRequest => "Décliner une demande",
        Act::ProposeCorrection => "Proposer une correction",
        Act::AnswerCorrection => "Répondre à une correction proposée",
        Act::ContestAnswer => "Contester une réponse",
        Act::AskAgain => "Redemander une réponse",
        Act::HandOverContact => "Passer le relais à une autre personne",
        Act::RecordAnswerOnBehalf => "Consigner une réponse reçue autrement",
        Act::AcceptAdjournment => "Accepter l’ajournement",
        Act::RefuseAdjournment => "Refuser l’ajournement",
        Act::AskObservations => "Demander les observations de l’organisme",
        Act::GiveObservations => "Présenter des observations",
        Act::SettleCondition => "Lever une condition de l’étude",
        Act::DesignateTutor => "Désigner le tuteur",
        Act::ReplaceTutor => "Remplacer le tuteur",
        Act::OrderTutorTraining => "Commander la professionnalisation du tuteur",
        Act::RecordUnsuccessfulCandidate => "Enregistrer une candidature non retenue",
        Act::OfferPlace => "Proposer la place libérée",
        Act::LapseOffer => "Constater la fin de la proposition de place",
        Act::WritePif => "Établir le PIF",
        Act::AmendPif => "Modifier le PIF",
        Act::ApproveLevel => "Approuver le nouveau niveau de prix",
        Act::ExtendReservation => "Prolonger la réservation de la place",
        Act::RecordRegistration => "Enregistrer les références SAFIR et rému",
        Act::RecordSequence => "Ajouter une séquence",
        Act::SignSequence => "Signer une séquence",
        Act::RecordAbsence => "Enregistrer une absence",
        Act::SignAttendanceMonth => "Signer l’état mensuel de présence",
        Act::ReportAccident => "Déclarer un accident",
        Act::ReportObstacle => "Signaler une difficulté",
        Act::RequestCancellation => "Demander l’annulation du parcours",
        Act::ExtendPrestation => "Demander une prolongation de délai",
        Act::DecideRequest => "Répondre à la demande de l’organisme",
        Act::SendFormalNotice => "Mettre l’organisme en demeure",
        Act::GiveOpinion => "Donner son avis sur l’accompagnement",
        Act::RecordFollowUp => "Enregistrer la situation après le parcours",
        Act::AddDocument => "Ajouter un document",
        Act::AddNote => "Ajouter une note",
        Act::ChangeContact => "Changer de contact",
        Act::AddCompanyContact => "Désigner un interlocuteur de l’entreprise",
        Act::RemoveCompanyContact => "Retirer un interlocuteur de l’entreprise",
        Act::AssignCoordinator => "Confier le parcours à un autre compte",
        Act::CorrectDatum => "Corriger une donnée",
    }
}

fn act_done(act: Act) -> &'static str {
    match act {
        Act::AskConfirmation => "Confirmation demandée à l’entreprise",
        Act::ConfirmCommitment => "Engagement de l’entreprise confirmé",
        Act::ConfirmReport => "Bilan final confirmé",
        Act::ConfirmProgramme => "Programme confirmé",
        Act::AcceptDesignation => "Désignation acceptée",
        Act::ConfirmCandidate => "Candidat confirmé",
        Act::DeclineRequest => "Demande déclinée",
        Act::ProposeCorrection => "Correction proposée",
        Act::AnswerCorrection => "Réponse donnée à une correction proposée",
        Act::ContestAnswer => "Réponse contestée",
        Act::AskAgain => "Réponse redemandée",
        Act::HandOverContact => "Relais passé à une autre personne",
        Act::RecordAnswerOnBehalf => "Réponse consignée au nom d’une personne",
        Act::AcceptAdjournment => "Ajournement accepté",
        Act::RefuseAdjournment => "Ajournement refusé",
        Act::AskObservations => "Observations demandées à l’organisme",
        Act::GiveObservations => "Observations présentées",
        Act::SettleCondition => "Condition de l’étude levée",
        Act::DesignateTutor => "Tuteur désigné",
        Act::ReplaceTutor => "Tuteur remplacé",
        Act::OrderTutorTraining => "Professionnalisation du tuteur commandée",
        Act::RecordUnsuccessfulCandidate => "Candidature non retenue",
        Act::OfferPlace => "Place libérée proposée",
        Act::LapseOffer => "Proposition de place sans réponse",
        Act::WritePif => "PIF établi",
        Act::AmendPif => "PIF modifié",
        Act::ApproveLevel => "Nouveau niveau de prix approuvé",
        Act::ExtendReservation => "Réservation de la place prolongée",
        Act::RecordRegistration => "Références SAFIR et rému enregistrées",
        Act::RecordSequence => "Séquence ajoutée",
        Act::SignSequence => "Séquence signée",
        Act::RecordAbsence => "Absence enregistrée",
        Act::SignAttendanceMonth => "État mensuel de présence signé",
        Act::ReportAccident => "Accident déclaré",
        Act::ReportObstacle => "Difficulté signalée",
        Act::RequestCancellation => "Annulation demandée",
        Act::ExtendPrestation => "Prolongation demandée",
        Act::DecideRequest => "Réponse donnée à l’organisme",
        Act::SendFormalNotice => "Mise en demeure envoyée",
        Act::GiveOpinion => "Avis donné sur l’accompagnement",
        Act::RecordFollowUp => "Situation après le parcours enregistrée",
        Act::AddDocument => "Document ajouté",
        Act::AddNote => "Note ajoutée",
        Act::ChangeContact => "Contact changé",
        Act::AddCompanyContact => "Interlocuteur de l’entreprise désigné",
        Act::RemoveCompanyContact => "Interlocuteur de l’entreprise retiré",
        Act::AssignCoordinator => "Parcours confié à un autre compte",
        Act::CorrectDatum => "Donnée corrigée",
    }
}

fn act_help(act: Act) -> &'static str {
    match act {
        Act::AskConfirmation => {
            "L’entreprise reçoit un lien pour répondre\u{a0}; son silence pourra être constaté à l’échéance."
        }
        Act::ConfirmCommitment => "L’engagement de l’entreprise est joint au dossier et l’organisme est informé.",
        Act::ConfirmReport => "L’accord de l’entreprise sur le bilan est joint au dossier et l’organisme est informé.",
        Act::ConfirmProgramme => {
            "L’accord de l’entreprise sur le programme est joint au dossier et l’organisme est informé."
        }
        Act::AcceptDesignation => "L’accord du tuteur est joint au dossier et l’organisme est informé.",
        Act::ConfirmCandidate => {
            "L’accord de l’entreprise sur le candidat est joint au dossier et l’organisme est informé."
        }
        Act::DeclineRequest => "L’organisme reçoit le motif et reprend contact.",
        Act::ProposeCorrection => "L’organisme reçoit la correction proposée\u{a0}; rien n’est modifié sans lui.",
        Act::AnswerCorrection => {
            "La personne reçoit votre réponse et la lit sur sa page\u{a0}; corrigez la donnée à part s’il le faut."
        }
        Act::ContestAnswer => {
            "L’organisme et la Région sont avertis\u{a0}; la réponse reste enregistrée tant que l’organisme ne l’a pas redemandée."
        }
        Act::AskAgain => "La réponse enregistrée ne vaut plus\u{a0}; chaque personne concernée reçoit un nouveau lien.",
        Act::HandOverContact => "La personne indiquée reçoit désormais les messages et les liens du parcours.",
        Act::RecordAnswerOnBehalf => {
            "La réponse vaut celle de la personne, marquée comme consignée par l’organisme\u{a0}; la personne en reçoit l’avis."
        }
        Act::AcceptAdjournment => "Le délai de nouvelle remise commence.",
        Act::RefuseAdjournment => "La Région choisit entre l’admission avec réfaction et le rejet.",
        Act::AskObservations => "L’organisme est invité à s’expliquer avant une réfaction ou un rejet.",
        Act::GiveObservations => "La Région reçoit les observations avant de décider.",
        Act::SettleCondition => "La condition est constatée remplie, ou la Région y renonce.",
        Act::DesignateTutor => "Le tuteur est connu de tous et les séquences peuvent être enregistrées.",
        Act::ReplaceTutor => "Le nouveau tuteur reçoit les messages\u{a0}; les liens du précédent ne valent plus.",
        Act::OrderTutorTraining => "Une unité M2 est tirée sur le bon de commande.",
        Act::RecordUnsuccessfulCandidate => "La personne reçoit une réponse motivée.",
        Act::OfferPlace => "La place est tenue pour le candidat en attente jusqu’à la réponse de l’organisme.",
        Act::LapseOffer => "La place va au candidat suivant de la liste d’attente.",
        Act::WritePif => "La première version du PIF est soumise aux trois signatures.",
        Act::AmendPif => "Une nouvelle version du PIF est soumise de nouveau aux trois signatures.",
        Act::ApproveLevel => "L’unité tirée est échangée contre une unité du nouveau niveau.",
        Act::ExtendReservation => "La place reste réservée jusqu’à la date indiquée.",
        Act::RecordRegistration => "La déclaration de l’entrée est complète.",
        Act::RecordSequence => "La séquence est ajoutée au relevé et attend la signature du stagiaire.",
        Act::SignSequence => "Les heures de la séquence sont prouvées.",
        Act::RecordAbsence => "L’absence paraît dans l’état mensuel de présence.",
        Act::SignAttendanceMonth => "L’état signé sert à la rémunération du stagiaire.",
        Act::ReportAccident => "La Région et l’organisme sont avertis\u{a0}; la déclaration est due sous 48 heures.",
        Act::ReportObstacle => "La Région et l’organisme sont avertis de la difficulté.",
        Act::RequestCancellation => "La Région reçoit la demande et décide.",
        Act::ExtendPrestation => "La Région reçoit la demande et décide.",
        Act::DecideRequest => "L’organisme reçoit la réponse et son motif.",
        Act::SendFormalNotice => "Sans bilan à l’échéance, la Région pourra clore le parcours.",
        Act::GiveOpinion => "L’organisme lit l’avis\u{a0}; il est donné une fois.",
        Act::RecordFollowUp => "La situation entre dans les résultats du dispositif.",
        Act::AddDocument => "Le document est conservé avec son empreinte.",
        Act::AddNote => "La note est visible de la Région et de l’organisme.",
        Act::ChangeContact => {
            "La nouvelle personne reçoit les messages\u{a0}; les liens de la précédente ne valent plus."
        }
        Act::AddCompanyContact => {
            "La personne reçoit les messages de sa fonction et son propre lien\u{a0}; ce qui est à signer est demandé au signataire."
        }
        Act::RemoveCompanyContact => {
            "La personne ne reçoit plus de message et ses liens ne valent plus\u{a0}; le contact de l’entreprise reprend sa fonction."
        }
        Act::AssignCoordinator => "Le compte indiqué reçoit désormais les messages et les échéances.",
        Act::CorrectDatum => "La valeur change à partir d’aujourd’hui\u{a0}; l’ancienne reste dans l’historique.",
    }
}
