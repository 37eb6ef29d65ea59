use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;

/// Reads what was typed, and expects the canonical text, which reads back by every way.
fn accepted<T>(typed: &str, canonical: &str)
where
    T: FromStr<Err = IdentifierError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let read: T = typed.parse().unwrap_or_else(|error| panic!("{typed}: {error}"));
    assert_eq!(read.to_string(), canonical);
    assert_eq!(canonical.parse::<T>().as_ref(), Ok(&read));
    let json = serde_json::to_string(&read).unwrap();
    assert_eq!(json, serde_json::to_string(canonical).unwrap());
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), read);
}

/// Expects the refusal, also when reading from a file or from the store.
fn refused<T>(typed: &str, error: IdentifierError)
where
    T: FromStr<Err = IdentifierError> + Debug + PartialEq + DeserializeOwned,
{
    assert_eq!(typed.parse::<T>(), Err(error), "{typed:?}");
    assert!(serde_json::from_value::<T>(typed.into()).is_err(), "{typed:?}");
}

#[test]
fn sirens() {
    accepted::<Siren>("732829320", "732829320");
    accepted::<Siren>(" 732 829\u{a0}320 ", "732829320");
    accepted::<Siren>("356000000", "356000000");
    refused::<Siren>("732829321", IdentifierError::Checksum(Kind::Siren));
    refused::<Siren>("000000000", IdentifierError::Checksum(Kind::Siren));
    refused::<Siren>("73282932", IdentifierError::Length(Kind::Siren));
    refused::<Siren>("73282932O", IdentifierError::NotDigits(Kind::Siren));
    refused::<Siren>("٧٣٢٨٢٩٣٢٠", IdentifierError::NotDigits(Kind::Siren));
    refused::<Siren>(" \u{a0} ", IdentifierError::Empty(Kind::Siren));
}

#[test]
fn sirets() {
    accepted::<Siret>("73282932000074", "73282932000074");
    accepted::<Siret>("732 829 320 00074", "73282932000074");
    accepted::<Siret>("35600000000048", "35600000000048");
    accepted::<Siret>("35600000049837", "35600000049837");
    refused::<Siret>("73282932000079", IdentifierError::Checksum(Kind::Siret));
    refused::<Siret>("35600000049838", IdentifierError::Checksum(Kind::Siret));
    // Passes the check of Luhn over 14 digits, but not over those of the company.
    refused::<Siret>("73282932100072", IdentifierError::Checksum(Kind::Siret));
    refused::<Siret>("00000000000000", IdentifierError::Checksum(Kind::Siret));
    refused::<Siret>("732829320", IdentifierError::Length(Kind::Siret));
    refused::<Siret>("732829320000745", IdentifierError::Length(Kind::Siret));
    refused::<Siret>("7328293200007X", IdentifierError::NotDigits(Kind::Siret));
    refused::<Siret>("", IdentifierError::Empty(Kind::Siret));
    assert_eq!(Siret::parse("73282932000074").unwrap().siren(), Siren::parse("732829320").unwrap());
}

#[test]
fn communes_and_their_departments() {
    for (code, department) in [
        ("14118", "14"),
        ("76540", "76"),
        ("01001", "01"),
        ("2A004", "2A"),
        ("2B033", "2B"),
        ("97411", "974"),
        ("98818", "988"),
    ] {
        accepted::<Commune>(code, code);
        assert_eq!(Commune::parse(code).unwrap().department(), Department::parse(department).unwrap());
    }
    accepted::<Commune>("2a004", "2A004");
    refused::<Commune>("1411", IdentifierError::Length(Kind::Commune));
    refused::<Commune>("1411A", IdentifierError::Form(Kind::Commune));
    refused::<Commune>("2C004", IdentifierError::Form(Kind::Commune));
    refused::<Commune>("14é1", IdentifierError::Form(Kind::Commune));
    for unknown in ["20004", "96001", "00001", "99100", "97901", "98501", "14000", "2A000"] {
        refused::<Commune>(unknown, IdentifierError::OutOfRange(Kind::Commune));
    }
}

#[test]
fn departments() {
    for code in ["01", "14", "95", "2A", "971", "978", "988"] {
        accepted::<Department>(code, code);
    }
    accepted::<Department>("2b", "2B");
    for unknown in ["00", "20", "96", "970", "985", "999", "014"] {
        refused::<Department>(unknown, IdentifierError::OutOfRange(Kind::Department));
    }
    refused::<Department>("1", IdentifierError::Length(Kind::Department));
    refused::<Department>("2C", IdentifierError::Form(Kind::Department));
}

#[test]
fn jobs_specialities_certifications() {
    accepted::<Rome>("d1106", "D1106");
    refused::<Rome>("D110", IdentifierError::Length(Kind::Rome));
    refused::<Rome>("11106", IdentifierError::Form(Kind::Rome));
    refused::<Rome>("DD106", IdentifierError::Form(Kind::Rome));
    accepted::<Nsf>("312", "312");
    accepted::<Nsf>("31P", "31p");
    refused::<Nsf>("31", IdentifierError::Length(Kind::Nsf));
    refused::<Nsf>("a12", IdentifierError::Form(Kind::Nsf));
    refused::<Nsf>("3-2", IdentifierError::Form(Kind::Nsf));
    accepted::<Rncp>("37098", "RNCP37098");
    accepted::<Rncp>("rncp 037098", "RNCP37098");
    refused::<Rncp>("RNCP", IdentifierError::NotDigits(Kind::Rncp));
    refused::<Rncp>("RS5000", IdentifierError::NotDigits(Kind::Rncp));
    refused::<Rncp>("RNCP0", IdentifierError::OutOfRange(Kind::Rncp));
    refused::<Rncp>("1234567", IdentifierError::Length(Kind::Rncp));
}

#[test]
fn training_levels() {
    for level in 1..=8_u8 {
        accepted::<TrainingLevel>(&level.to_string(), &level.to_string());
        assert_eq!(TrainingLevel::new(level).map(TrainingLevel::get), Ok(level));
    }
    for wrong in ["0", "9", "300"] {
        refused::<TrainingLevel>(wrong, IdentifierError::OutOfRange(Kind::TrainingLevel));
    }
    refused::<TrainingLevel>("IV", IdentifierError::NotDigits(Kind::TrainingLevel));
    refused::<TrainingLevel>("-4", IdentifierError::NotDigits(Kind::TrainingLevel));
    assert!(TrainingLevel::parse("3").unwrap() < TrainingLevel::parse("4").unwrap());
}

#[test]
fn addresses() {
    accepted::<EmailAddress>("a.b+c@Exemple.FR", "a.b+c@exemple.fr");
    accepted::<EmailAddress>(" O'Neil_1@sous.domaine.example ", "O'Neil_1@sous.domaine.example");
    accepted::<EmailAddress>("contact@Société-Générique.fr", "contact@société-générique.fr");
    accepted::<EmailAddress>("a@1.fr", "a@1.fr");
    let long = format!("{}@exemple.fr", "a".repeat(64));
    accepted::<EmailAddress>(&long, &long);
    for wrong in [
        "a",
        "@exemple.fr",
        "a@",
        "a@b",
        "a@@exemple.fr",
        "a@b@exemple.fr",
        "a b@exemple.fr",
        "a@exem ple.fr",
        "a@exemple..fr",
        "a@.fr",
        "a@exemple.fr.",
        "a@-exemple.fr",
        "a@exemple-.fr",
        ".a@exemple.fr",
        "a.@exemple.fr",
        "a..b@exemple.fr",
        "\"a b\"@exemple.fr",
        "Ana <a@exemple.fr>",
        "a@exemple.fr, b@exemple.fr",
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "a\r\n@exemple.fr",
        "a\0@exemple.fr",
        "é@exemple.fr",
        "a@192.168.0.1",
        "a@[192.168.0.1]",
        "a@exem_ple.fr",
        "a@exemple\u{202e}.fr",
    ] {
        refused::<EmailAddress>(wrong, IdentifierError::Form(Kind::EmailAddress));
    }
    refused::<EmailAddress>("", IdentifierError::Empty(Kind::EmailAddress));
    refused::<EmailAddress>(&format!("{}@exemple.fr", "a".repeat(65)), IdentifierError::Length(Kind::EmailAddress));
    refused::<EmailAddress>(&format!("a@{}.fr", "b".repeat(64)), IdentifierError::Length(Kind::EmailAddress));
    let many = ["b".repeat(60), "c".repeat(60), "d".repeat(60), "e".repeat(60), "f".repeat(10)].join(".");
    refused::<EmailAddress>(&format!("a@{many}.fr"), IdentifierError::Length(Kind::EmailAddress));
    let address = EmailAddress::parse("Ana@Exemple.fr").unwrap();
    assert_eq!((address.local_part(), address.domain()), ("Ana", "exemple.fr"));
}

#[test]
fn mistyped_domains_have_a_hint() {
    for (typed, meant) in
        [("ana@gmial.com", "ana@gmail.com"), ("ana@hotmial.fr", "ana@hotmail.fr"), ("Ana@Orange.f", "Ana@orange.fr")]
    {
        let typed = EmailAddress::parse(typed).unwrap();
        assert_eq!(typed.typo_hint(), Some(EmailAddress::parse(meant).unwrap()));
    }
    for right in ["ana@gmail.com", "ana@normandie.fr", "ana@orange.fr"] {
        assert_eq!(EmailAddress::parse(right).unwrap().typo_hint(), None, "{right}");
    }
}

#[test]
fn phones() {
    for typed in
        ["0231060000", "02 31 06 00 00", "02.31.06.00.00", "+33 2 31 06 00 00", "0033231060000", "+33 (0)2-31-06-00-00"]
    {
        accepted::<Phone>(typed, "+33231060000");
    }
    accepted::<Phone>("+330231060000", "+33231060000");
    accepted::<Phone>("+44 20 7946 0958", "+442079460958");
    accepted::<Phone>("001 202 555 0199", "+12025550199");
    for (typed, error) in [
        ("", IdentifierError::Empty(Kind::Phone)),
        ("+", IdentifierError::NotDigits(Kind::Phone)),
        ("02 31 06 00 OO", IdentifierError::NotDigits(Kind::Phone)),
        ("02 31 06 00 00 poste 12", IdentifierError::NotDigits(Kind::Phone)),
        ("02 31 06 00", IdentifierError::Length(Kind::Phone)),
        ("02 31 06 00 00 1", IdentifierError::Length(Kind::Phone)),
        ("3949", IdentifierError::Length(Kind::Phone)),
        ("1231060000", IdentifierError::Form(Kind::Phone)),
        ("+33 2 31 06 00", IdentifierError::Length(Kind::Phone)),
        ("+1234567", IdentifierError::Length(Kind::Phone)),
        ("+1234567890123456", IdentifierError::Length(Kind::Phone)),
        ("+0123456789", IdentifierError::OutOfRange(Kind::Phone)),
    ] {
        refused::<Phone>(typed, error);
    }
    let formatted = |typed: &str| Phone::parse(typed).unwrap().formatted().replace('\u{a0}', "_");
    assert_eq!(formatted("+33231060000"), "02_31_06_00_00");
    assert_eq!(formatted("+442079460958"), "+44_20_79_46_09_58");
    assert_eq!(formatted("+12025550199"), "+1_20_25_55_01_99");
}

#[test]
fn postcodes() {
    for code in ["14000", "76000", "01000", "97400", "20000"] {
        accepted::<Postcode>(code, code);
    }
    accepted::<Postcode>("14 000", "14000");
    refused::<Postcode>("1400", IdentifierError::Length(Kind::Postcode));
    refused::<Postcode>("2A000", IdentifierError::NotDigits(Kind::Postcode));
    refused::<Postcode>("00999", IdentifierError::OutOfRange(Kind::Postcode));
    refused::<Postcode>("99000", IdentifierError::OutOfRange(Kind::Postcode));
}

#[test]
fn codes_of_lots_and_bodies() {
    accepted::<LotCode>("1", "1");
    accepted::<LotCode>("2b", "2B");
    refused::<LotCode>("", IdentifierError::Empty(Kind::LotCode));
    refused::<LotCode>("1-2", IdentifierError::Form(Kind::LotCode));
    refused::<LotCode>("123456789", IdentifierError::Length(Kind::LotCode));
    accepted::<BodyCode>("retravailler", "retravailler");
    accepted::<BodyCode>("AFPA_14", "afpa_14");
    refused::<BodyCode>("14afpa", IdentifierError::Form(Kind::BodyCode));
    refused::<BodyCode>("af pa", IdentifierError::Form(Kind::BodyCode));
    refused::<BodyCode>("école", IdentifierError::Form(Kind::BodyCode));
    refused::<BodyCode>(&"a".repeat(41), IdentifierError::Length(Kind::BodyCode));
}

#[test]
fn references() {
    accepted::<PathReference>("FEST-1-2026-0042", "FEST-1-2026-0042");
    accepted::<PathReference>(" fest-2b-2026-12345 ", "FEST-2B-2026-12345");
    accepted::<OrderReference>("bc-1-2026-0007", "BC-1-2026-0007");
    let path = PathReference::parse("FEST-1-2026-0042").unwrap();
    assert_eq!(path, PathReference::new(LotCode::parse("1").unwrap(), 2026, 42));
    let form = IdentifierError::Form(Kind::PathReference);
    for wrong in [
        "FEST-1-2026",
        "FEST-1-2026-42",
        "FEST-1-26-0042",
        "BC-1-2026-0042",
        "FEST-1-2026-0042-1",
        "FEST--2026-0042",
        "FEST-1-2026-00042",
        "FEST-1-2026-+042",
        "FEST-1-2026-004a",
        "FEST 1 2026 0042",
    ] {
        refused::<PathReference>(wrong, form);
    }
    refused::<OrderReference>("FEST-1-2026-0042", IdentifierError::Form(Kind::OrderReference));
    refused::<PathReference>("", IdentifierError::Empty(Kind::PathReference));
    for wrong in ["FEST-1-1999-0042", "FEST-1-2026-0000", "FEST-1-2026-99999999999"] {
        refused::<PathReference>(wrong, IdentifierError::OutOfRange(Kind::PathReference));
    }
    let order = |text: &str| PathReference::parse(text).unwrap();
    assert!(order("FEST-1-2026-9999") < order("FEST-1-2026-10000"));
}

#[test]
fn keys_are_transparent() {
    let key = PathId::new(Uuid::from_u128(42));
    assert_eq!(key.to_string(), "00000000-0000-0000-0000-00000000002a");
    assert_eq!(key.to_string().parse(), Ok(key));
    assert_eq!(serde_json::to_string(&key).unwrap(), format!("\"{key}\""));
    assert_eq!(key.uuid(), Uuid::from_u128(42));
    assert_eq!("42".parse::<EventId>(), Err(IdentifierError::Form(Kind::Key)));
}

#[test]
fn every_error_names_its_kind() {
    for kind in Kind::iter() {
        for error in [
            IdentifierError::Empty(kind),
            IdentifierError::Length(kind),
            IdentifierError::NotDigits(kind),
            IdentifierError::Checksum(kind),
            IdentifierError::Form(kind),
            IdentifierError::OutOfRange(kind),
        ] {
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().starts_with(kind.as_ref()), "{error}");
        }
    }
}

/// Whatever is read has a canonical text, which reads back as itself.
fn settles<T: FromStr + Display>(typed: &str) {
    if let Ok(read) = typed.parse::<T>() {
        let canonical = read.to_string();
        assert_eq!(canonical.parse::<T>().map(|again| again.to_string()).ok(), Some(canonical));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_panic(typed in prop_oneof![any::<String>(), "[0-9A-Za-z+@. é-]{0,18}", "[0-9 ]{5,14}"]) {
        settles::<Siren>(&typed);
        settles::<Siret>(&typed);
        settles::<Commune>(&typed);
        settles::<Department>(&typed);
        settles::<Rome>(&typed);
        settles::<Nsf>(&typed);
        settles::<Rncp>(&typed);
        settles::<TrainingLevel>(&typed);
        settles::<EmailAddress>(&typed);
        settles::<Phone>(&typed);
        settles::<Postcode>(&typed);
        settles::<LotCode>(&typed);
        settles::<BodyCode>(&typed);
        settles::<PathReference>(&typed);
        settles::<OrderReference>(&typed);
    }

    #[test]
    fn one_wrong_digit_breaks_a_siret(rank in 0_usize..14, shift in 1_u8..10) {
        let mut digits = *b"73282932000074";
        digits[rank] = b'0' + (digits[rank] - b'0' + shift) % 10;
        prop_assert_eq!(Siret::parse(str::from_utf8(&digits).unwrap()), Err(IdentifierError::Checksum(Kind::Siret)));
    }

    #[test]
    fn references_read_back(lot in "[1-9A-Z]{1,8}", year in 2000_i32..=9999, number in 1_u32..) {
        let lot = LotCode::parse(&lot).unwrap();
        let path = PathReference::new(lot.clone(), year, number);
        prop_assert_eq!(PathReference::parse(&path.to_string()), Ok(path));
        let order = OrderReference::new(lot, year, number);
        prop_assert_eq!(OrderReference::parse(&order.to_string()), Ok(order));
    }
}
