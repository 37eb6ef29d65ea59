use std::io::Write as _;

use super::*;

const FILE: &str = include_str!("../../../../config/jalon.toml");
const KEY: &str = "x7Qm2Lw9Tz4Rb8Kc1Vn6Yp3Hs5Jd0Gf-uA";

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// Settings from a file, variables and flags; never from the process.
fn from(
    text: &str,
    environment: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<Settings, Vec<SettingProblem>> {
    let file = file(text);
    load(&Sources {
        file: Some(file.path().to_owned()),
        environment: environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        flags: flags.iter().map(|(key, value)| (*key, (*value).to_owned())).collect(),
    })
}

fn problems(text: &str, environment: &[(&str, &str)]) -> Vec<String> {
    from(text, environment, &[]).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn the_projects_file_holds_every_setting_with_its_default_and_its_variable() {
    let settings = from(FILE, &[], &[]).unwrap();
    for (entry, shown) in ENTRIES.iter().zip(settings.show()) {
        assert!(FILE.contains(entry.variable), "{} is explained", entry.variable);
        let name = entry.key.rsplit('.').next().unwrap();
        assert!(FILE.contains(&format!("{name} = ")), "{name} is written");
        match entry.default {
            Some(default) => {
                assert!(matches!(shown.origin, Origin::File { .. }), "{} comes from the file", entry.key);
                assert_eq!(shown.value.as_deref(), Some(default), "{} is written with its default", entry.key);
            }
            None => assert_eq!(shown.value, None, "{} has no default", entry.key),
        }
    }
}

#[test]
fn the_last_given_wins() {
    let listen =
        |settings: Result<Settings, _>| settings.map(|settings: Settings| settings.server.listen.port()).unwrap();
    let text = "[server]\nlisten = \"127.0.0.1:1001\"";
    let variable = [("JALON_LISTEN", "127.0.0.1:1002")];
    assert_eq!(listen(from("", &[], &[])), 8080);
    assert_eq!(listen(from(text, &[], &[])), 1001);
    assert_eq!(listen(from(text, &variable, &[])), 1002);
    assert_eq!(listen(from(text, &variable, &[("server.listen", "127.0.0.1:1003")])), 1003);
    assert_eq!(listen(from(text, &[("JALON_LISTEN", "")], &[])), 1001, "an empty variable says nothing");
}

#[test]
fn the_file_is_the_one_that_the_variable_names() {
    let file = file("[log]\nformat = \"json\"");
    let path = file.path().to_str().unwrap().to_owned();
    let environment = vec![(FILE_VARIABLE.to_owned(), path)];
    let settings = load(&Sources { environment, ..Sources::default() }).unwrap();
    assert_eq!(settings.log.format, LogFormat::Json);
    let environment = vec![(FILE_VARIABLE.to_owned(), "/nowhere/jalon.toml".to_owned())];
    let problems = load(&Sources { environment, ..Sources::default() }).unwrap_err();
    assert!(matches!(problems[0].kind, SettingProblemKind::UnreadableFile { .. }), "{problems:?}");
    assert_eq!(problems[0].origin, Origin::Environment { variable: FILE_VARIABLE });
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let text = "colour = \"bleu\"\nproduction = \"peut-être\"\n\n[mail]\nlease = \"30 s\"\nretry_cap = \"1 s\"\nsmtp_url = \"http://x\"\n\
                sender_address = \"personne\"\n\n[server]\nlisten = \"ici\"\npublic_url = \"jalon\"\nlistne = 1\nbody_limit = \"1\"\n\
                [log]\nformat = [1]\n[database]\nurl = \"mysql://x\"\nconnections = 0\n";
    insta::assert_snapshot!(problems(text, &[("JALON_CLOCKS_INTERVAL", "30"), ("JALON_LOG_FORMAT", "xml")]).join("\n"));
}

#[test]
fn a_broken_file_says_where() {
    let problems = from("[mail]\ninterval = 1 s\n", &[], &[]).unwrap_err();
    assert_eq!(problems[0].origin, Origin::File { line: 2 });
    assert_eq!(problems[0].kind, SettingProblemKind::Syntax { excerpt: "interval = 1 s".into() });
}

#[test]
fn production_refuses_what_is_made_for_trials() {
    let text = "production = true";
    insta::assert_snapshot!(problems(text, &[]).join("\n"));
    assert!(
        problems(text, &[("JALON_SECRET_KEY", "changez-moi")]).iter().any(|problem| problem.contains("32 caractères"))
    );
    let repeated = "a".repeat(64);
    assert!(problems(text, &[("JALON_SECRET_KEY", &repeated)]).iter().any(|problem| problem.contains("32 caractères")));
    let sound = [
        ("JALON_SECRET_KEY", KEY),
        ("JALON_SMTP_URL", "smtps://jalon:secret@smtp.example"),
        ("JALON_PUBLIC_URL", "https://jalon.example/"),
    ];
    let settings = from(text, &sound, &[]).unwrap();
    assert!(settings.production && !settings.has_development_secret());
    assert_eq!(settings.server.public_url, "https://jalon.example");
    let MailTransport::Smtp(smtp) = &settings.mail.transport else { panic!("a mail server was given") };
    assert_eq!((smtp.host.as_str(), smtp.port, smtp.max_connections), ("smtp.example", 465, 2));
}

#[test]
fn a_secret_may_come_from_a_file_and_never_shows() {
    let secret = file(&format!("{KEY}\n"));
    let path = secret.path().to_str().unwrap();
    let environment = [
        ("JALON_SECRET_KEY_FILE", path),
        ("JALON_DATABASE_URL", "postgres://jalon:tres-secret@base.example/jalon"),
        ("JALON_SMTP_URL", "smtps://jalon:autre-secret@smtp.example"),
    ];
    let settings = from("", &environment, &[]).unwrap();
    assert_eq!(settings.secret_key(), Some(KEY));
    let shown = format!("{:?} {settings:?}", settings.show());
    for secret in [KEY, "tres-secret", "autre-secret"] {
        assert!(!shown.contains(secret), "{secret} shows");
    }
    assert!(shown.contains("postgres://***@base.example/jalon"), "the rest of an address helps: {shown}");
    let missing = from("", &[("JALON_SECRET_KEY_FILE", "/nowhere")], &[]).unwrap_err();
    assert!(matches!(missing[0].kind, SettingProblemKind::UnreadableFile { .. }), "{missing:?}");
}

#[test]
fn a_variable_wins_over_a_file_named_in_the_settings() {
    let other = file("sqlite://from-file.db");
    let text = format!("[database]\nurl_file = {:?}", other.path());
    let url = |environment: &[(&str, &str)]| from(&text, environment, &[]).unwrap().database.url;
    assert_eq!(url(&[]).expose_secret(), "sqlite://from-file.db");
    assert_eq!(
        url(&[("JALON_DATABASE_URL", "sqlite://from-variable.db")]).expose_secret(),
        "sqlite://from-variable.db"
    );
}

#[test]
fn a_variable_that_is_not_ours_is_named() {
    let settings = from("", &[("JALON_LISTNE", "x"), ("HOME", "/root")], &[]).unwrap();
    assert_eq!(settings.unknown_variables, ["JALON_LISTNE"]);
}

#[test]
fn durations_and_sizes_carry_their_unit() {
    let seconds = |text: &str| {
        from("", &[("JALON_CLOCKS_INTERVAL", text)], &[]).map(|settings| settings.clocks_interval.as_millis()).ok()
    };
    let read: Vec<_> = ["500 ms", "10 s", "2min", "1 h", "5 d", "5 j"].map(seconds).into_iter().flatten().collect();
    assert_eq!(read, [500, 10_000, 120_000, 3_600_000, 432_000_000, 432_000_000]);
    for text in ["10", "s", "-1 s", "0 s", "1.5 h", "99999999999999999999 s", "400 d", "1 semaine"] {
        assert_eq!(seconds(text), None, "{text}");
    }
    let size =
        |text: &str| from("", &[("JALON_BODY_LIMIT", text)], &[]).map(|settings| settings.server.body_limit).ok();
    assert_eq!(
        (size("64 KiB"), size("1 MiB"), size("1 MB"), size("0 MiB")),
        (Some(65_536), Some(1_048_576), None, None)
    );
}

#[test]
fn a_bucket_is_named_whole_or_not_at_all() {
    let secret = file("le-secret-du-seau\n");
    let whole = [
        ("JALON_S3_BUCKET", "jalon-documents"),
        ("JALON_S3_ENDPOINT", "https://s3.example/"),
        ("JALON_S3_ACCESS_KEY", "JALON"),
        ("JALON_S3_SECRET_KEY_FILE", secret.path().to_str().unwrap()),
    ];
    assert!(from("", &[("JALON_S3_REGION", "fr-par")], &[]).unwrap().bucket.is_none());
    let settings = from("[s3]\npath_style = false\ntimeout = \"3 s\"", &whole, &[]).unwrap();
    let bucket = settings.bucket.as_ref().unwrap();
    assert_eq!((bucket.endpoint.as_str(), bucket.secret_key.as_str()), ("https://s3.example", "le-secret-du-seau"));
    assert_eq!((bucket.region.as_str(), bucket.path_style, bucket.silence.as_secs()), ("us-east-1", false, 3));
    assert!(!format!("{settings:?}").contains("le-secret-du-seau"));
    let clear = from("", &[whole[0], whole[1], whole[2], ("JALON_S3_SECRET_KEY", "le-secret-du-seau")], &[]).unwrap();
    assert!(!format!("{:?}", clear.show()).contains("le-secret-du-seau"));
    for missing in 0..whole.len() {
        let given: Vec<_> = whole.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, pair)| *pair).collect();
        let problems = problems("", &given);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("ce réglage manque, et va avec"), "{problems:?}");
    }
    let plain = [whole[0], ("JALON_S3_ENDPOINT", "http://s3.example"), whole[2], whole[3]];
    assert!(from("", &plain, &[]).is_ok());
    let production = problems("production = true", &plain);
    assert!(production.iter().any(|problem| problem.starts_with("s3.endpoint")), "{production:?}");
}

#[test]
fn the_directory_of_companies_is_off_unless_it_is_named() {
    assert_eq!(from(FILE, &[], &[]).unwrap().directory, None);
    let named = [("JALON_COMPANIES_DIRECTORY", "https://recherche-entreprises.api.gouv.fr/")];
    let directory = from("", &named, &[]).unwrap().directory.unwrap();
    assert_eq!(directory.address, "https://recherche-entreprises.api.gouv.fr");
    assert_eq!(directory.timeout, Duration::from_secs(2));
    assert!(from("", &[("JALON_COMPANIES_DIRECTORY", "recherche-entreprises")], &[]).is_err());
}

#[test]
fn a_signature_takes_a_key_a_domain_and_a_selector() {
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/../notifier/src/transport/dkim/ed25519.pem");
    let given = |file: &str, domain: &str, selector: &str| {
        let text =
            format!("[mail]\ndkim_key_file = \"{file}\"\ndkim_domain = \"{domain}\"\ndkim_selector = \"{selector}\"\n");
        from(&text, &[("JALON_SMTP_URL", "smtp://127.0.0.1")], &[])
    };
    let settings = given(key, "jalon.example", "jalon2026").unwrap();
    assert_eq!(settings.mail.dkim.unwrap().record_name(), "jalon2026._domainkey.jalon.example");
    let MailTransport::Smtp(smtp) = settings.mail.transport else { panic!("a mail server") };
    assert!(smtp.dkim.is_some());
    for (file, domain, selector, wrong) in [
        ("/nowhere/key.pem", "jalon.example", "s", "mail.dkim_key_file"),
        (concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "jalon.example", "s", "mail.dkim_key_file"),
        (key, "jalon", "s", "mail.dkim_domain"),
        (key, "jalon.example", "deux mots", "mail.dkim_selector"),
    ] {
        let problems = given(file, domain, selector).unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.key.as_str()).collect::<Vec<_>>(), [wrong]);
    }
    let alone = problems("[mail]\ndkim_domain = \"jalon.example\"\n", &[]);
    assert_eq!(alone.len(), 2, "{alone:?}");
    assert!(from("", &[], &[]).unwrap().mail.dkim.is_none());
}

#[test]
fn returned_messages_are_read_only_where_it_is_said() {
    let none = from("", &[], &[]).unwrap().mail.returns;
    assert!(none.maildir.is_none() && none.secret.is_none());
    let secret = file(&format!("{KEY}\n"));
    let path = secret.path().to_str().unwrap();
    let given = from("[mail]\nreturns_maildir = \"retours\"\n", &[("JALON_RETURNS_SECRET_FILE", path)], &[]).unwrap();
    assert_eq!(given.mail.returns.maildir.as_deref(), Some(std::path::Path::new("retours")));
    assert!(given.mail.returns.secret.is_some() && !format!("{:?}", given.mail).contains(KEY));
    let shown = from("", &[("JALON_RETURNS_SECRET", KEY)], &[]).unwrap();
    assert!(shown.show().iter().all(|row| row.value.as_deref() != Some(KEY)), "a secret is masked");
    assert_eq!(problems("", &[("JALON_RETURNS_SECRET", "court")]).len(), 1);
}
