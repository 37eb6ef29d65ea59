//! The market in force and the versions of its terms.

use app::MarketChange;
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::market::OptionCode;
use domain::money::Cents;
use domain::people::StaffRole;
use domain::samples;

use crate::gallery::complete;
use crate::kit::Kit;
use crate::paths::Seat;

#[tokio::test(flavor = "multi_thread")]
async fn each_version_says_what_it_changes() {
    let kit = Kit::new().await;
    let new = app::NewAccount {
        email: samples::email("administration@region.example"),
        name: "Inès Administration".to_owned(),
        role: StaffRole::Administrator,
        body: None,
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    let administrator = kit.app.create_account(new).await.expect("an account");
    let seat = Seat::of(&kit, &administrator).await;
    let first = kit.app.markets().await.expect("a market").pop().expect("a version");
    let recorded = async |market: &domain::market::Market, day, reference: &str| match kit
        .app
        .apply_market("Inès", market, day, Some(reference))
        .await
        .expect("it is applied")
    {
        MarketChange::Recorded(version) => format!("/administration/marche/{}/versions/{version}", market.code),
        other => panic!("{other:?}"),
    };
    let mut market = first.market.clone();
    market
        .prices
        .iter_mut()
        .filter(|price| price.option == OptionCode::N2)
        .for_each(|price| price.unit_price = Cents::new(325_000));
    market.quiet_hours.until = chrono::NaiveTime::from_hms_opt(8, 0, 0).expect("an hour");
    let second = recorded(&market, kit.today, "Avenant 2").await;
    let [one, two] = [0, 1].map(|lot| market.lots[lot].holder.name.clone());
    market.lots[0].places_per_year = Some(275);
    let later = recorded(&market, kit.today + TimeDelta::days(30), "Avenant 3").await;

    let page = seat.get(&kit, "/administration/marche").await;
    complete("market_versions", &page);
    page.shows(&["Une version est enregistrée pour plus tard", "Avenant 2", "Avenant 3", "À venir", "En vigueur"]);
    page.shows(&[&second, &later]);

    let page = seat.get(&kit, &second).await;
    complete("market_version", &page);
    page.shows(&["Avenant 2", "Inès", "En vigueur", &format!("Prix de N2, {one}"), &format!("Prix de N2, {two}")]);
    page.shows(&["3 250,00 € hors taxes", "Heures sans rappel", "de 20 h 00 à 08 h 00"])
        .lacks(&["parcours par an</th>"]);
    let page = seat.get(&kit, &later).await;
    page.shows(&["À venir", "Lot 1, parcours par an", "275"]).lacks(&["Prix de N2, "]);
    let page =
        seat.get(&kit, &format!("/administration/marche/{}/versions/{}", first.market.code, first.version)).await;
    complete("market_first_version", &page);
    page.shows(&["C’est la première version enregistrée de ce marché."]);

    let stranger = Seat::of(&kit, &kit.officer.clone()).await;
    let nowhere = stranger.get(&kit, "/nulle/part").await.text;
    for (seat, address) in [(&stranger, second.as_str()), (&seat, "/administration/marche/fest-2023/versions/99")] {
        let page = seat.get(&kit, address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(stranger.get(&kit, &second).await.text, nowhere, "a page of the administration is not there for others");
}
