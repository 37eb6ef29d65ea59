//! What is open to everyone: the first page, the way into the demo, the pages that the law asks for.

use std::fs;
use std::path::PathBuf;

use axum::http::StatusCode;

use crate::gallery::complete;
use crate::kit::Kit;

const LEGAL: [&str; 4] = ["/mentions-legales", "/accessibilite", "/donnees-personnelles", "/contact"];

#[tokio::test(flavor = "multi_thread")]
async fn pages_open_to_everyone_keep_what_all_pages_owe() {
    let kit = Kit::new().await;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).expect("a folder");
    for address in LEGAL.into_iter().chain(["/", "/connexion"]) {
        let page = kit.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        for linked in LEGAL {
            assert!(page.text.contains(&format!("href=\"{linked}\"")), "{address} leads to {linked}");
        }
        fs::write(folder.join(format!("entry{}.html", address.replace('/', "_"))), &page.text)
            .expect("a page is written");
        complete(address, &page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_one_step_from_the_first_page() {
    let kit = Kit::new().await;
    kit.get("/").await.shows(&["Entrer dans l’exemple", "href=\"/connexion\""]);
    let page = kit.get("/connexion").await;
    page.shows(&["Dans un organisme de formation", "À la Région", "Lot 1", "Finances", "Vise les bons de commande"]);
    let body = page.text.find("Dans un organisme").expect("a group");
    assert!(body < page.text.find("À la Région").expect("a group"), "coordinators come first");
    let form = page.form("/connexion/demo");
    let entered = kit.post("/connexion/demo", &form).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(entered.location(), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_names_the_bodies_of_the_market() {
    let kit = Kit::new().await;
    kit.get("/contact").await.shows(&["Les organismes de formation", "Lot 1", "Lot 2", "mailto:"]);
    kit.get("/mentions-legales").await.lacks(&["Les organismes de formation"]);
}
