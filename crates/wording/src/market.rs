//! The terms of a market as facts, and what one version changes against another.
//!
//! Rules kept here:
//! - every field of a market is a fact: structs are taken apart without `..`, so a new field does not compile until it is said;
//! - a fact is recognised by its key, made of codes: a holder that changes its name is one difference, not one for each price;
//! - two versions differ when a fact is said otherwise: no two values of a field are said alike.

use std::collections::BTreeMap;
use std::fmt::Display;

use domain::calendar::QuietHours;
use domain::identifiers::BodyCode;
use domain::market::{
    Ccag, ClockTerms, Holder, Levels, Lot, Market, OptionCode, PaymentTerms, PenaltyTerms, PlaceTerms, Price,
    TrainingTerms,
};
use strum::IntoEnumIterator;

use crate::typography::NO_BREAK_SPACE as NBSP;
use crate::{dates, labels, numbers};

pub const BUDGET_PER_YEAR: &str = "Budget par an";
pub const WHEN_PLACES_LACK: &str = "Quand les places manquent";
pub const PLACE_ALERTS: &str = "Alertes sur les places";

/// Something that the terms of a market say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about, by codes: the same in every version.
    key: String,
    /// `Prix de N2, AFPA Normandie`.
    pub label: String,
    pub value: String,
}

/// A fact that two versions say otherwise; one of them may not say it at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub label: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What a version changes against the one before it, in the order of its facts; what is no longer said comes last.
pub fn changes(before: &Market, after: &Market) -> Vec<Change> {
    let (before, after) = (facts(before), facts(after));
    let mut known: BTreeMap<String, Fact> = before.iter().map(|fact| (fact.key.clone(), fact.clone())).collect();
    let mut changes = Vec::new();
    for fact in after {
        let earlier = known.remove(&fact.key).map(|earlier| earlier.value);
        if earlier.as_ref() != Some(&fact.value) {
            changes.push(Change { label: fact.label, before: earlier, after: Some(fact.value) });
        }
    }
    let gone = before.into_iter().filter(|fact| known.contains_key(&fact.key));
    changes.extend(gone.map(|fact| Change { label: fact.label, before: Some(fact.value), after: None }));
    changes
}

/// A list of facts that grows.
#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn say(&mut self, key: &str, label: impl Into<String>, value: impl Into<String>) {
        self.0.push(Fact { key: key.to_owned(), label: label.into(), value: value.into() });
    }

    fn number(&mut self, key: &str, label: impl Into<String>, number: Option<u32>) {
        self.say(key, label, number.map_or_else(|| "sans limite".to_owned(), |number| numbers::integer(number.into())));
    }

    fn days(&mut self, key: &str, label: impl Into<String>, days: &[u32]) {
        let said: Vec<String> = days.iter().map(|day| numbers::integer((*day).into())).collect();
        self.say(key, label, if days.is_empty() { "aucun".to_owned() } else { self::days(said.join(", ")) });
    }

    fn percent(&mut self, key: &str, label: impl Into<String>, percent: u32) {
        self.say(key, label, format!("{}{NBSP}%", numbers::integer(percent.into())));
    }

    /// A rate in basis points.
    fn rate(&mut self, key: &str, label: impl Into<String>, points: u32) {
        self.say(key, label, format!("{}{NBSP}%", numbers::decimal(points.into())));
    }
}

/// Days by their numbers, `7, 1 j`.
pub fn days(days: impl Display) -> String {
    format!("{days}{NBSP}j")
}

/// Everything that the terms of a market say.
pub fn facts(market: &Market) -> Vec<Fact> {
    let Market {
        code,
        title,
        starts_on,
        ends_on,
        prices_confirmed,
        past,
        budget_per_year,
        lots,
        enabled_options,
        prices,
        levels,
        ccag,
        places,
        training,
        penalties,
        payment,
        clocks,
        quiet_hours,
    } = market;
    let mut facts = Facts::default();
    facts.say("code", "Code du marché", code);
    facts.say("title", "Intitulé", title);
    facts.say("starts_on", "Premier jour", dates::long(*starts_on));
    facts.say("ends_on", "Dernier jour", dates::long(*ends_on));
    facts.say("past", "Marché antérieur, sans commande", labels::yes_no(*past));
    facts.say("budget", BUDGET_PER_YEAR, numbers::euros(*budget_per_year));
    lots.iter().for_each(|lot| of_lot(&mut facts, lot));
    let confirmed = if *prices_confirmed { "confirmés" } else { "d’illustration" };
    facts.say("prices_confirmed", "Bordereau des prix", confirmed);
    for option in OptionCode::iter() {
        let label = format!("Commandable, {}", labels::option_with_code(option));
        facts.say(&format!("enabled.{option}"), label, labels::yes_no(enabled_options.contains(&option)));
    }
    prices.iter().for_each(|price| of_price(&mut facts, price, lots));
    let Levels { n2_from_hours, n3_from_hours } = levels;
    facts.say("levels.n2", "Niveau N2", format!("dès {}", numbers::hours(*n2_from_hours)));
    facts.say("levels.n3", "Niveau N3", format!("dès {}", numbers::hours(*n3_from_hours)));
    for (prestation, Ccag { text, verification, penalty_divisor }) in ccag {
        let label = labels::prestation(*prestation);
        facts.say(&format!("ccag.{prestation}"), format!("{label}{NBSP}: CCAG"), labels::ccag(*text));
        let key = format!("verification.{prestation}");
        facts.say(&key, format!("{label}{NBSP}: vérification"), dates::span(*verification));
        let divisor = format!("V × R / {}", numbers::integer((*penalty_divisor).into()));
        facts.say(&format!("penalty.{prestation}"), format!("{label}{NBSP}: pénalité de retard"), divisor);
    }
    let PlaceTerms { policy, alert_percents } = places;
    facts.say("policy", WHEN_PLACES_LACK, labels::policy(*policy));
    let percents: Vec<String> = alert_percents.iter().map(|percent| format!("{percent}{NBSP}%")).collect();
    let percents = if percents.is_empty() { "aucune".to_owned() } else { numbers::list(&percents) };
    facts.say("alerts", PLACE_ALERTS, percents);
    let TrainingTerms { weekly_hours, daily_hours, completion_percent } = training;
    facts.say("weekly", "Temps de formation par semaine, au plus", numbers::hours(*weekly_hours));
    facts.say("daily", "Temps de formation par jour, au plus", numbers::hours(*daily_hours));
    facts.percent("completion", "Part des heures dès laquelle un parcours est achevé", *completion_percent);
    let PenaltyTerms { waived_up_to, cap_percent, comment } = penalties;
    facts.say("waived", "Pénalités non dues jusqu’à", numbers::euros(*waived_up_to));
    facts.percent("cap", "Plafond des pénalités, en part de la commande", *cap_percent);
    facts.say("comment", "Délai pour répondre avant une pénalité", dates::span(*comment));
    of_payment(&mut facts, payment);
    for (kind, ClockTerms { span, remind_before, remind_after, escalate_after }) in clocks {
        let label = labels::clock(*kind);
        facts.say(&format!("span.{kind}"), format!("Délai, {label}"), dates::span(*span));
        facts.days(&format!("before.{kind}"), format!("Rappels avant, {label}"), remind_before);
        facts.days(&format!("after.{kind}"), format!("Rappels après, {label}"), remind_after);
        let escalation =
            escalate_after.map_or_else(|| "aucune".to_owned(), |after| numbers::count(after, "jour", "jours"));
        facts.say(&format!("escalation.{kind}"), format!("Alerte à la Région, {label}"), escalation);
    }
    let QuietHours { from, until } = quiet_hours;
    let hour = |time: &chrono::NaiveTime| time.format(&format!("%H{NBSP}h{NBSP}%M")).to_string();
    facts.say("quiet", "Heures sans rappel", format!("de {} à {}", hour(from), hour(until)));
    facts.0
}

fn of_lot(facts: &mut Facts, lot: &Lot) {
    let Lot { code, name, departments, holder, places_per_year, maximum_places_per_year, maximum } = lot;
    let Holder { code: body, name: holder, email, phone } = holder;
    let lot = format!("Lot {code}");
    let key = |part: &str| format!("lot.{code}.{part}");
    let of: Vec<String> = departments.iter().map(ToString::to_string).collect();
    facts.say(&key("name"), format!("{lot}, territoire"), name);
    facts.say(&key("departments"), format!("{lot}, départements"), of.join(", "));
    facts.say(&key("body"), format!("{lot}, code du titulaire"), body.to_string());
    facts.say(&key("holder"), format!("{lot}, titulaire"), holder);
    facts.say(&key("email"), format!("{lot}, adresse du titulaire"), email.to_string());
    let phone = phone.as_ref().map_or_else(|| "aucun".to_owned(), ToString::to_string);
    facts.say(&key("phone"), format!("{lot}, téléphone du titulaire"), phone);
    facts.number(&key("places"), format!("{lot}, parcours par an"), *places_per_year);
    facts.number(&key("most"), format!("{lot}, plafond de parcours par an"), *maximum_places_per_year);
    facts.say(&key("maximum"), format!("{lot}, maximum hors taxes"), numbers::euros(*maximum));
}

fn of_price(facts: &mut Facts, price: &Price, lots: &[Lot]) {
    let Price { option, holder, unit_price, vat } = price;
    let label = format!("Prix de {option}, {}", holder_name(lots, holder));
    let vat = if vat.is_exempt() { "sans TVA".to_owned() } else { format!("TVA {}", numbers::rate(*vat)) };
    let value = format!("{}{NBSP}hors taxes, {vat}", numbers::euros(*unit_price));
    facts.say(&format!("price.{option}.{holder}"), label, value);
}

/// The name of a holder, or its code when it holds no lot.
pub fn holder_name(lots: &[Lot], code: &BodyCode) -> String {
    let lot = lots.iter().find(|lot| lot.holder.code == *code);
    lot.map_or_else(|| code.to_string(), |lot| lot.holder.name.clone())
}

fn of_payment(facts: &mut Facts, payment: &PaymentTerms) {
    let PaymentTerms { span, remind_before, reference_rate, margin, indemnity } = payment;
    facts.say("payment", "Délai de paiement", dates::span(*span));
    facts.days("payment.before", "Rappels avant un paiement", remind_before);
    facts.rate("reference_rate", "Taux de référence des intérêts de retard", *reference_rate);
    facts.rate("margin", "Majoration des intérêts de retard", *margin);
    facts.say("indemnity", "Indemnité de recouvrement", numbers::euros(*indemnity));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: &Value) -> Option<Market> {
        serde_json::from_value(value.clone()).ok()
    }

    /// A value of the same kind that says something else.
    fn others(value: &Value) -> Vec<Value> {
        match value {
            Value::Bool(known) => vec![json!(!known)],
            Value::Number(number) => {
                let number = number.as_i64().expect("a market has whole numbers");
                vec![json!(number + 1), json!(number * 10 + 7)]
            }
            Value::Null => vec![json!(7), json!("02 35 00 00 99")],
            Value::String(text) => vec![
                json!(format!("{text}x")),
                json!("2030-12-31"),
                json!("3 m"),
                json!("16 wd"),
                json!("61"),
                json!("72"),
                json!("N9"),
                json!("pi"),
                json!("warn"),
                json!("M3"),
                json!("autre@titulaire.example"),
                json!("02 35 00 00 98"),
                json!("05:15"),
            ],
            Value::Array(_) | Value::Object(_) => Vec::new(),
        }
    }

    fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(rank, value)| leaves(value, &format!("{at}/{rank}"), found));
            }
            _ => found.push(at.to_owned()),
        }
    }

    /// The sample with every optional field filled.
    fn whole() -> Value {
        let mut market = serde_json::to_value(domain::samples::market()).expect("a market is plain data");
        for lot in market["lots"].as_array_mut().expect("lots") {
            lot["places_per_year"] = json!(250);
            lot["maximum_places_per_year"] = json!(300);
            lot["holder"]["phone"] = json!("02 35 00 00 00");
        }
        for clock in market["clocks"].as_object_mut().expect("clocks").values_mut() {
            clock["escalate_after"] = json!(8);
            clock["remind_before"] = json!([7, 1]);
            clock["remind_after"] = json!([1]);
        }
        market
    }

    #[test]
    fn no_field_changes_in_silence() {
        let value = whole();
        let market = read(&value).expect("the sample is a market");
        assert_eq!(changes(&market, &market), []);
        let mut fields = Vec::new();
        leaves(&value, "", &mut fields);
        assert!(fields.len() > 150, "{}", fields.len());
        for field in fields {
            let mut tried = 0;
            for other in others(value.pointer(&field).expect("a field")) {
                let mut changed = value.clone();
                *changed.pointer_mut(&field).expect("a field") = other;
                let Some(changed) = read(&changed).filter(|changed| *changed != market) else { continue };
                tried += 1;
                assert_ne!(changes(&market, &changed), [], "{field} changes in silence");
                assert_ne!(changes(&changed, &market), [], "{field} changes in silence");
            }
            assert!(tried > 0, "nothing else could be tried for {field}");
        }
    }

    #[test]
    fn what_is_left_out_or_added_is_a_difference() {
        let value = whole();
        let market = read(&value).expect("the sample is a market");
        let mut fields = Vec::new();
        leaves(&value, "", &mut fields);
        // Each part in turn, from a single field to a whole lot.
        let mut parts: Vec<String> = fields
            .iter()
            .flat_map(|field| {
                field.match_indices('/').skip(1).map(|(at, _)| field[..at].to_owned()).chain([field.clone()])
            })
            .collect();
        parts.sort_unstable();
        parts.dedup();
        let mut tried = 0;
        for part in parts {
            let (above, name) = part.rsplit_once('/').expect("a part is within another");
            let mut changed = value.clone();
            match changed.pointer_mut(above) {
                Some(Value::Object(fields)) => drop(fields.remove(name)),
                Some(Value::Array(items)) => drop(items.remove(name.parse().expect("a rank"))),
                _ => panic!("{part} is in nothing"),
            }
            let Some(changed) = read(&changed).filter(|changed| *changed != market) else { continue };
            tried += 1;
            assert_ne!(changes(&market, &changed), [], "{part} leaves in silence");
            assert_ne!(changes(&changed, &market), [], "{part} comes in silence");
        }
        assert!(tried > 60, "{tried}");
    }

    #[test]
    fn a_difference_is_said_once_with_both_values() {
        let before = domain::samples::market();
        let mut after = before.clone();
        after.lots[1].holder.name = "AFPA de Normandie".to_owned();
        after.lots[1].places_per_year = Some(275);
        let price = after.prices.iter_mut().find(|price| price.option == OptionCode::N2).expect("a price");
        price.unit_price = domain::money::Cents::new(325_000);
        let said = changes(&before, &after);
        let said: Vec<(&str, &str, &str)> = said
            .iter()
            .map(|change| {
                let (before, after) = (change.before.as_deref(), change.after.as_deref());
                (change.label.as_str(), before.unwrap_or_default(), after.unwrap_or_default())
            })
            .collect();
        assert_eq!(
            said,
            [
                ("Lot 2, titulaire", "AFPA Normandie", "AFPA de Normandie"),
                ("Lot 2, parcours par an", "250", "275"),
                (
                    "Prix de N2, Retravailler",
                    "3\u{a0}000,00\u{a0}€\u{a0}hors taxes, sans TVA",
                    "3\u{a0}250,00\u{a0}€\u{a0}hors taxes, sans TVA"
                ),
            ]
        );
    }

    #[test]
    fn facts_are_told_apart() {
        let market = domain::samples::market();
        let mut keys: Vec<String> = facts(&market).into_iter().map(|fact| fact.key).collect();
        let mut labels: Vec<String> = facts(&market).into_iter().map(|fact| fact.label).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!((keys.len(), labels.len()), (count, count));
    }
}
