//! The cast of the demo: companies, jobs and people that do not exist, drawn from lists by a seed.
//!
//! Addresses end in `.example`, telephones are of the ranges kept for fiction (ARCEP, 02 61 91), SIRET numbers are made with valid
//! checksums from a range that names no real company here.

use domain::Day;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// A company of the demo.
#[derive(Debug, Clone)]
pub struct Company {
    pub siret: String,
    pub name: String,
    /// INSEE code.
    pub commune: &'static str,
    pub contact: Someone,
    pub tutor: Someone,
}

/// A person of the demo.
#[derive(Debug, Clone)]
pub struct Someone {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// A candidate with what the statistics need.
#[derive(Debug, Clone)]
pub struct Applicant {
    pub person: Someone,
    pub birth_date: Day,
    pub sex: &'static str,
    pub level: u8,
    pub rsa: bool,
    pub boe: bool,
}

const FIRST_NAMES: &[(&str, &str)] = &[
    ("Camille", "female"),
    ("Inès", "female"),
    ("Nadia", "female"),
    ("Élodie", "female"),
    ("Sophie", "female"),
    ("Aïcha", "female"),
    ("Marion", "female"),
    ("Valérie", "female"),
    ("Clémence", "female"),
    ("Joséphine", "female"),
    ("Thomas", "male"),
    ("Karim", "male"),
    ("Loïc", "male"),
    ("Mathieu", "male"),
    ("Yanis", "male"),
    ("Grégory", "male"),
    ("Étienne", "male"),
    ("Philippe", "male"),
    ("Rémi", "male"),
    ("Olivier", "male"),
];

const LAST_NAMES: &[&str] = &[
    "Lefebvre",
    "Leroux",
    "Marie",
    "Duval",
    "Lecomte",
    "Auber",
    "Hébert",
    "Levasseur",
    "Quesnel",
    "Delamare",
    "Lemoine",
    "Vasseur",
    "Benali",
    "Traoré",
    "Nguyen",
    "Cauchois",
    "Mauger",
    "Poulain",
    "Renault",
    "Lecœur",
    "Bataille",
    "Férey",
    "Guérin",
    "Houel",
];

const TRADES: &[(&str, &str, &str)] = &[
    ("Menuiserie", "Opérateur de découpe bois", "H2201"),
    ("Chaudronnerie", "Soudeur en atelier", "H2913"),
    ("Fromagerie", "Fromager en atelier", "H2102"),
    ("Boulangerie", "Boulanger de production", "D1102"),
    ("Logistique", "Préparateur de commandes", "N1103"),
    ("Conserverie", "Conducteur de ligne", "H2102"),
    ("Imprimerie", "Conducteur de machine offset", "E1301"),
    ("Haras", "Soigneur d’équidés", "A1501"),
    ("Blanchisserie", "Agent de blanchisserie", "K2201"),
    ("Mécanique", "Opérateur d’usinage", "H2903"),
    ("Plasturgie", "Monteur régleur", "H3201"),
    ("Résidence", "Agent de service hôtelier", "K2204"),
    ("Maraîchage", "Ouvrier maraîcher", "A1414"),
    ("Textile", "Couturier de confection", "H2402"),
    ("Marée", "Fileteur de poisson", "H2101"),
    ("Couverture", "Couvreur zingueur", "F1610"),
];

/// Communes of each lot, by INSEE code, with a word for the company's name.
const COMMUNES: [&[(&str, &str)]; 2] = [
    &[
        ("76217", "Dieppe"),
        ("76351", "Le Havre"),
        ("76540", "Rouen"),
        ("76259", "Fécamp"),
        ("76758", "Yvetot"),
        ("27229", "Évreux"),
        ("27681", "Vernon"),
        ("27056", "Bernay"),
    ],
    &[
        ("14118", "Caen"),
        ("14366", "Lisieux"),
        ("14047", "Bayeux"),
        ("50129", "Cherbourg"),
        ("50502", "Saint-Lô"),
        ("50025", "Avranches"),
        ("61001", "Alençon"),
        ("61169", "Flers"),
    ],
];

/// The dice of the demo: the same seed gives the same cast.
#[derive(Debug)]
pub struct Dice {
    rng: StdRng,
    companies: u32,
    people: u32,
}

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self { rng: StdRng::seed_from_u64(seed), companies: 0, people: 0 }
    }

    /// A number of a range, bounds included.
    pub fn between(&mut self, from: i64, until: i64) -> i64 {
        self.rng.random_range(from..=until)
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: u32) -> bool {
        self.rng.random_range(0..100) < chance
    }

    /// One of a list.
    pub fn choose<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        list.choose(&mut self.rng).expect("the lists of the demo hold something")
    }

    /// A person with a mailbox at a company or at home.
    pub fn someone(&mut self, domain: &str) -> (Someone, &'static str) {
        self.people += 1;
        let (first, sex) = *self.choose(FIRST_NAMES);
        let last = *self.choose(LAST_NAMES);
        let email = format!("{}.{}{}@{domain}", plain(first), plain(last), self.people);
        let phone = format!("02 61 91 {:02} {:02}", (self.people / 100) % 100, self.people % 100);
        (Someone { name: format!("{first} {last}"), email, phone }, sex)
    }

    /// A company of a lot (1 or 2), with the job it trains for.
    pub fn company(&mut self, lot: usize) -> (Company, &'static str, &'static str) {
        self.companies += 1;
        let (trade, job, rome) = *self.choose(TRADES);
        let (commune, town) = *self.choose(COMMUNES[lot - 1]);
        let domain = format!("{}-{}.example", plain(trade), plain(town));
        let company = Company {
            siret: siret(900_000_000 + self.companies * 137),
            name: format!("{trade} de {town}")
                .replace("de Évreux", "d’Évreux")
                .replace("de Alençon", "d’Alençon")
                .replace("de Avranches", "d’Avranches")
                .replace("de Yvetot", "d’Yvetot")
                .replace("de Le Havre", "du Havre"),
            commune,
            contact: self.someone(&domain).0,
            tutor: self.someone(&domain).0,
        };
        (company, job, rome)
    }

    /// A candidate of an age around the Region's public.
    pub fn applicant(&mut self, entry: Day) -> Applicant {
        let (person, sex) = self.someone("courriel.example");
        let age = if self.percent(26) {
            self.between(19, 25)
        } else if self.percent(45) {
            self.between(46, 60)
        } else {
            self.between(26, 45)
        };
        let birth_date = entry - chrono::Duration::days(age * 365 + self.between(30, 300));
        let level = if self.percent(70) { self.between(3, 4) } else { self.between(5, 6) };
        Applicant {
            person,
            birth_date,
            sex,
            level: u8::try_from(level).expect("a level is between 3 and 6"),
            rsa: self.percent(18),
            boe: self.percent(5),
        }
    }
}

/// Letters of an address from a French name.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            'à' | 'â' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' => 'o',
            'œ' => 'o',
            'û' | 'ù' => 'u',
            'ç' => 'c',
            ' ' | '’' | '\'' => '-',
            c => c,
        })
        .collect()
}

/// A SIRET with valid checksums from nine digits, the last of which is recomputed, and a first establishment.
pub fn siret(base: u32) -> String {
    let body = format!("{:08}", base / 10);
    let siren = format!("{body}{}", check_digit(&body));
    let body = format!("{siren}0001");
    format!("{body}{}", check_digit(&body))
}

/// The digit that makes a number pass Luhn's check.
fn check_digit(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(c, weight)| {
            let product = c.to_digit(10).expect("digits only") * weight;
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sirets_pass_the_check_and_differ() {
        let sirets: std::collections::BTreeSet<_> = (1..300).map(|n| siret(900_000_000 + n * 137)).collect();
        assert_eq!(sirets.len(), 299);
        for text in sirets {
            domain::identifiers::Siret::parse(&text).unwrap();
        }
    }
}
