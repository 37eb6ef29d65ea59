use proptest::prelude::*;

use super::*;

#[test]
fn amounts_add_up() {
    let amounts = [Cents::new(130_000), Cents::new(-50), Cents::ZERO];
    assert_eq!(amounts.iter().sum::<Cents>(), Cents::new(129_950));
    assert_eq!(amounts.into_iter().sum::<Cents>(), Cents::new(129_950));
    let mut balance = Cents::new(10);
    balance += Cents::new(5);
    balance -= Cents::new(20);
    assert_eq!(balance, -Cents::new(5));
    assert!(balance.is_negative() && !Cents::ZERO.is_negative());
    assert_eq!(Cents::new(130_000) * 3, Cents::new(390_000));
}

#[test]
fn the_bound_is_checked() {
    let most = Cents::new(i64::MAX);
    assert_eq!(most.checked_add(Cents::new(1)), None);
    assert_eq!((-most).checked_sub(Cents::new(2)), None);
    assert_eq!(most.checked_mul(2), None);
    assert_eq!(most.checked_pro_rata(2, 1), None);
    assert_eq!(most.checked_pro_rata(1, 1), Some(most));
}

#[test]
#[should_panic(expected = "amounts stay below")]
fn a_sum_beyond_the_bound_is_an_inconsistency() {
    let _ = Cents::new(i64::MAX) + Cents::new(1);
}

#[test]
fn shares_round_to_the_nearest_cent_halves_away_from_zero() {
    for (amount, part, whole, share) in [
        (100, 1, 3, 33),
        (100, 2, 3, 67),
        (1, 1, 2, 1),
        (-1, 1, 2, -1),
        (3, 1, 2, 2),
        (-3, 1, 2, -2),
        (-100, 1, 3, -33),
        (130_000, 5, 1_000, 650),
        (130_000, 5, 3_000, 217),
        (130_000, 0, 7, 0),
        (5, 1, -2, -3),
    ] {
        assert_eq!(Cents::new(amount).pro_rata(part, whole), Cents::new(share), "{amount} x {part} / {whole}");
    }
    assert_eq!(Cents::new(100).checked_pro_rata(1, 0), None);
}

#[test]
fn tax_is_added_at_its_rate() {
    let taxed = Amount { excluding_tax: Cents::new(130_000), vat: VatRate::STANDARD };
    assert_eq!((taxed.tax(), taxed.including_tax()), (Cents::new(26_000), Cents::new(156_000)));
    let exempt = Amount { excluding_tax: Cents::new(130_000), vat: VatRate::EXEMPT };
    assert_eq!((exempt.tax(), exempt.including_tax()), (Cents::ZERO, Cents::new(130_000)));
    assert!(exempt.vat.is_exempt() && !taxed.vat.is_exempt());
    let reduced = VatRate::new(550).unwrap();
    // 5,5 % of 0,10 € is 0,55 cent; of 1,00 €, 5,5 cents.
    assert_eq!(reduced.tax(Cents::new(10)), Cents::new(1));
    assert_eq!(reduced.tax(Cents::new(100)), Cents::new(6));
    assert_eq!(reduced.tax(Cents::new(-100)), Cents::new(-6));
    assert_eq!(VatRate::new(10_001), Err(VatRateTooHigh(10_001)));
}

#[test]
fn money_as_text() {
    let amount = Amount { excluding_tax: Cents::new(130_000), vat: VatRate::STANDARD };
    let json = serde_json::to_string(&amount).unwrap();
    assert_eq!(json, r#"{"excluding_tax":130000,"vat":2000}"#);
    assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
    for wrong in [r#"{"excluding_tax":1.5,"vat":0}"#, r#"{"excluding_tax":1,"vat":20000}"#, r#"{"excluding_tax":1}"#] {
        assert!(serde_json::from_str::<Amount>(wrong).is_err(), "{wrong}");
    }
}

/// The rows « AFEST » of the steering committee's tables at 31.12.2022 and at 30.06.2023.
#[test]
fn percentages_are_those_of_the_steering_committee() {
    for (part, whole, printed) in [
        (22, 31, 7_097),
        (5, 31, 1_613),
        (1, 31, 323),
        (13, 31, 4_194),
        (8, 31, 2_581),
        (5, 7, 7_143),
        (1, 7, 1_429),
        (0, 7, 0),
        (2, 7, 2_857),
        (1, 1, 10_000),
        (3, 2, 15_000),
        (1, 20_000, 1),
        (1, 20_001, 0),
        (-1, 8, -1_250),
    ] {
        assert_eq!(Percent::of(part, whole).map(Percent::hundredths), Some(printed), "{part} of {whole}");
    }
    assert_eq!(Percent::of(0, 0), None);
    assert_eq!(Percent::of(5, 0), None);
    assert_eq!(Percent::of(i64::MAX, 1), None);
}

proptest! {
    #[test]
    fn a_share_is_nearest_and_symmetrical(amount in -10_i64.pow(12)..10_i64.pow(12), part in 0_i64..10_000, whole in 1_i64..10_000) {
        let share = Cents::new(amount).pro_rata(part, whole);
        let error = i128::from(share.get()) * i128::from(whole) - i128::from(amount) * i128::from(part);
        prop_assert!(error.abs() * 2 <= i128::from(whole));
        prop_assert_eq!(Cents::new(-amount).pro_rata(part, whole), -share);
        prop_assert_eq!(Cents::new(amount).pro_rata(whole, whole), Cents::new(amount));
    }

    #[test]
    fn a_part_and_the_rest_make_a_hundred_percent(part in 0_i64..5_000, rest in 0_i64..5_000) {
        prop_assume!(part + rest > 0);
        let of = |share| Percent::of(share, part + rest).unwrap().hundredths();
        let sum = of(part) + of(rest);
        // Two halves both round up: at most one hundredth too much.
        prop_assert!((10_000..=10_001).contains(&sum));
    }
}
