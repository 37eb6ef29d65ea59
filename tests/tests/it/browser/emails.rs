//! E-mails as mail readers show them: light, dark, without their style sheet, and darkened by the reader itself.

use tests::browser::{Browser, Reading, Theme, Width};
use tests::emails::{Letter, letters, telling};

/// What is hard to read in these e-mails, read by one browser.
async fn found(name: &str, readings: &[(&[Letter], Width, Reading)]) -> Vec<String> {
    let browser = Browser::alone(name).await;
    let mut found = Vec::new();
    for (letters, width, reading) in readings {
        found.extend(browser.read_letters(letters, *width, *reading).await);
    }
    browser.close().await;
    found
}

#[tokio::test]
async fn every_text_of_every_e_mail_is_read_with_ease_in_light_and_dark() {
    let every = letters();
    // What colours do without a style sheet, or in a wider window, one e-mail of each kind tells.
    let telling = telling();
    let (light, dark) = (Reading::Styled(Theme::Light), Reading::Styled(Theme::Dark));
    let one = [(every.as_slice(), Width::Phone, light), (&every, Width::Phone, Reading::Forced)];
    let other = [
        (every.as_slice(), Width::Phone, dark),
        (&telling, Width::Phone, Reading::Bare),
        (&telling, Width::Pane, light),
        (&telling, Width::Pane, dark),
    ];
    let (one, other) = tokio::join!(found("emails", &one), found("emails-dark", &other));
    let found = [one, other].concat();
    let lines: Vec<&str> = found.iter().take(40).map(String::as_str).collect();
    assert!(found.is_empty(), "{} defects:\n{}", found.len(), lines.join("\n"));
}

#[tokio::test]
async fn a_text_that_is_hard_to_read_is_found() {
    let browser = Browser::alone("emails-pale").await;
    let mut letter = letters().swap_remove(0);
    letter.html = letter.html.replacen("color:#17283a", "color:#c8ccd0", 1);
    let pale: [Letter; 1] = [letter];
    let found = browser.read_letters(&pale, Width::Phone, Reading::Bare).await;
    assert!(found.iter().any(|line| line.contains("color-contrast")), "{found:?}");
    let dark = browser.read_letters(&pale, Width::Phone, Reading::Styled(Theme::Dark)).await;
    assert!(dark.is_empty(), "its dark colours are others: {dark:?}");
    let mut wide = pale;
    wide[0].html = wide[0].html.replacen("<h1 ", "<p style=\"width:500px\">Large</p><h1 ", 1);
    let found = browser.read_letters(&wide, Width::Phone, Reading::Styled(Theme::Dark)).await;
    assert!(found.iter().any(|line| line.contains("wider than the window")), "{found:?}");
    browser.close().await;
}
