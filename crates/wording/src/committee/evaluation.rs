//! The sheet of evaluation of a scheme.

use std::fmt::Display;

/// What a sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    Beneficiaries,
    SessionsEnded,
    SessionsUnderWay,
    SessionsPlanned,
    Men,
    Women,
    Over50,
    Over56,
    Under26,
    Over45,
    Level4AndBelow,
    SeekingOverOneYear,
    SeekingSixToTwelveMonths,
    SeekingUnderSixMonths,
    Disabled,
    MinimumIncome,
    DroppedOut,
    EarlyExits,
}

impl Indicator {
    /// What the indicator is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Beneficiaries => "Bénéficiaires",
            Self::SessionsEnded => "Sessions terminées",
            Self::SessionsUnderWay => "Sessions en cours",
            Self::SessionsPlanned => "Sessions programmées",
            Self::Men => "Hommes",
            Self::Women => "Femmes",
            Self::Over50 => "Plus de 50 ans",
            Self::Over56 => "Dont plus de 56 ans",
            Self::Under26 => "Moins de 26 ans",
            Self::Over45 => "Plus de 45 ans",
            Self::Level4AndBelow => "Niveau 4 et infra",
            Self::SeekingOverOneYear => "Demandeurs d’emploi depuis plus d’un an",
            Self::SeekingSixToTwelveMonths => "Demandeurs d’emploi depuis 6 à 12 mois",
            Self::SeekingUnderSixMonths => "Demandeurs d’emploi depuis moins de 6 mois",
            Self::Disabled => "Demandeurs d’emploi bénéficiaires de l’obligation d’emploi",
            Self::MinimumIncome => "Bénéficiaires des minima sociaux",
            Self::DroppedOut => "Abandons",
            Self::EarlyExits => "Sorties anticipées pour un emploi ou une formation",
        }
    }

    /// Whether a row so named is of it: its label, without regard to capitals and apostrophes.
    pub fn is_named(self, name: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().replace('’', "'");
        plain(self.label()) == plain(name)
    }
}

pub fn title(scheme: &str, day: impl Display) -> String {
    format!("Fiche d’évaluation\u{a0}: {scheme}, au {day}")
}
