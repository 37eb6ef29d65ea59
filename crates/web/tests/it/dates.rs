//! Days and hours on pages are those of Paris, whatever the time zone of the machine: the run of all tests takes this module
//! again under others.

use domain::path::Transition;
use domain::samples;
use wording::addresses;

use crate::kit::Kit;
use crate::orders::Desk;

/// Just after midnight in Paris, the night of a clock change: the day before in UTC, still that day in Auckland, but at noon.
#[tokio::test(flavor = "multi_thread")]
async fn pages_show_the_day_and_the_hour_of_paris() {
    let mut kit = Kit::new().await;
    let day = samples::day("2026-03-30");
    kit.go(day, 0).await;
    kit.order().await;
    let actor = kit.coordinator.actor();
    kit.sample(&actor, Transition::ReportNeed).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let path = addresses::path(&kit.path().reference);
    for address in [path.as_str(), "/commandes/BC-1-2026-0002"] {
        let page = officer.get(address).await;
        page.shows(&["30 mars 2026", "0 h 00"]);
        page.lacks(&["29 mars 2026", "22 h 00", "11 h 00"]);
    }
    officer.get("/messages").await.shows(&["title=\"lundi 30 mars 2026, 0 h 00\""]);
    assert_eq!(kit.path().opened_on, day);

    // Just before midnight it is still that day, which is the next one further east.
    kit.go(day, 23).await;
    kit.path = None;
    kit.sample(&actor, Transition::ReportNeed).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get(&addresses::path(&kit.path().reference)).await;
    page.shows(&["30 mars 2026", "23 h 00"]).lacks(&["31 mars 2026", "21 h 00", "10 h 00"]);
}
