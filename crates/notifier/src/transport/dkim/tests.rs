use chrono::TimeZone;
use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm};

use super::*;

// Keys of the tests, made by OpenSSL 3, used nowhere.
const ED25519_KEY: &str = include_str!("ed25519.pem");
const RSA_KEY: &str = include_str!("rsa.pem");
const RSA_PKCS1_KEY: &str = include_str!("rsa-pkcs1.pem");
const SHORT_RSA_KEY: &str = include_str!("rsa-1024.pem");

/// The public halves, as OpenSSL writes them.
const ED25519_PUBLIC: &str = "IlVi+cyg/YoHaeeLqTbjglXn4bMDZ2hjO9lrivMiE7s=";
const RSA_PUBLIC: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjaQ8yBH0n1zkohs18ErHpS4+aeGQQoNUCBiChT+kPkyS9z+kwdgpuS87+ng6r17kVbJhHQ0jnsZR5Ki4PJO7gZN1nFV/imX3nKInHfou1QKQ21Mhm3Ga7Pfv0DEBB2ORIlWDOwKayqb5WSrlNrJ+wWnLyKZXtvrRnuRoEzmvUhdhE7AP4uVnrI/8lW47XvWWVHjXXZq6/1ofwGsr/9dtuTU1RTvFAOdjZvN9yk3SwO/AAwOLFezeYuOz1X4x3H/+7+EPN1gNBPaolyvOamb4WVFzy5ziSO2p+igQgS/06uyqXIERKuu4gLkFfVLtlaoewP/JGhcCJ0z+TsFZa+R4JwIDAQAB";

/// The message of RFC 8463, appendix A.
const HEAD: &str = "From: Joe SixPack <joe@football.example.com>\r\n\
                    To: Suzie Q <suzie@shopping.example.net>\r\n\
                    Subject: Is dinner ready?\r\n\
                    Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
                    Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n";
const BODY: &str = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

fn key(pem: &str) -> Dkim {
    Dkim::new(pem, "Football.example.com", "brisbane").unwrap()
}

fn verified(algorithm: &'static dyn VerificationAlgorithm, public: &[u8], input: &[u8], signature: &str) -> bool {
    let signature = BASE64.decode(signature.as_bytes()).unwrap();
    UnparsedPublicKey::new(algorithm, public).verify(input, &signature).is_ok()
}

/// A signature that others made holds on what is canonical here.
#[test]
fn the_example_of_the_standard_holds() {
    let digest = BASE64.encode(&Sha256::digest(relaxed_body(BODY.as_bytes())));
    assert_eq!(digest, "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    let unsigned = "v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n \
                    q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n \
                    bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    let names = ["from", "to", "subject", "date", "message-id", "from", "subject", "date"];
    let mut input = chosen(&headers(HEAD), &names);
    input.push_str(&format!("dkim-signature:{}", relaxed_value(unsigned)));
    let public = BASE64.decode(b"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").unwrap();
    let signature = "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==";
    assert!(verified(&ED25519, &public, &Sha256::digest(input.as_bytes()), signature));
}

#[test]
fn a_body_is_canonical() {
    for (body, canonical) in [
        ("", ""),
        ("\r\n", ""),
        ("\r\n \r\n\t\r\n", ""),
        ("a", "a\r\n"),
        ("a\r\n\r\n\r\n", "a\r\n"),
        (" a \t b  \r\n\r\nc\r\n \r\n", " a b\r\n\r\nc\r\n"),
    ] {
        assert_eq!(String::from_utf8(relaxed_body(body.as_bytes())).unwrap(), canonical, "{body:?}");
    }
}

#[test]
fn both_kinds_of_keys_sign_the_same_bytes_each_time() {
    let message = format!("{HEAD}\r\n{BODY}");
    let at = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
    for (pem, algorithm) in [(ED25519_KEY, "ed25519-sha256"), (RSA_KEY, "rsa-sha256"), (RSA_PKCS1_KEY, "rsa-sha256")] {
        let signed = String::from_utf8(key(pem).signed(message.as_bytes(), at)).unwrap();
        assert_eq!(signed.as_bytes(), key(pem).signed(message.as_bytes(), at), "the same at every attempt");
        let (header, rest) = signed.split_once("\r\nFrom: ").unwrap();
        assert_eq!(format!("From: {rest}"), message, "the message follows as it was");
        let header = header.strip_prefix("DKIM-Signature: ").unwrap();
        assert!(header.split("\r\n").all(|line| line.len() < 78 || line.contains("h=")), "{header}");
        let header = relaxed_value(header);
        for part in [
            &format!("a={algorithm};"),
            "c=relaxed/relaxed;",
            "d=football.example.com;",
            "s=brisbane;",
            "t=1772438400;",
            "h=from:to:subject:date:message-id:from:to:subject:date:reply-to;",
            "bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;",
        ] {
            assert!(header.contains(part), "{part} is not in {header}");
        }
        let (unsigned, signature) = header.rsplit_once("b=").unwrap();
        let mut input = chosen(&headers(HEAD), &["from", "to", "subject", "date", "message-id"]);
        input.push_str(&format!("dkim-signature:{unsigned}b="));
        let signature = signature.replace(' ', "");
        let holds = match &key(pem).0.key {
            Key::Ed25519(pair) => {
                verified(&ED25519, pair.public_key().as_ref(), &Sha256::digest(input.as_bytes()), &signature)
            }
            Key::Rsa(pair) => {
                verified(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref(), input.as_bytes(), &signature)
            }
        };
        assert!(holds, "{algorithm}");
    }
}

#[test]
fn what_is_published_is_the_public_key() {
    for (pem, record) in [
        (ED25519_KEY, format!("v=DKIM1; k=ed25519; p={ED25519_PUBLIC}")),
        (RSA_KEY, format!("v=DKIM1; k=rsa; p={RSA_PUBLIC}")),
        (RSA_PKCS1_KEY, format!("v=DKIM1; k=rsa; p={RSA_PUBLIC}")),
    ] {
        assert_eq!(key(pem).record(), record);
        assert_eq!(key(pem).record_name(), "brisbane._domainkey.football.example.com");
    }
}

#[test]
fn what_cannot_sign_is_refused() {
    let public = format!("-----BEGIN PUBLIC KEY-----\n{RSA_PUBLIC}\n-----END PUBLIC KEY-----\n");
    for pem in [
        "",
        "clé",
        &public,
        SHORT_RSA_KEY,
        &ED25519_KEY[..60],
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        assert_eq!(Dkim::new(pem, "example.org", "s").unwrap_err(), DkimError::Key, "{pem}");
    }
    for domain in ["", "org", "exemple .org", "a..org", "example.org; p=", "exämple.org"] {
        assert_eq!(Dkim::new(ED25519_KEY, domain, "s").unwrap_err(), DkimError::Domain, "{domain}");
    }
    for selector in ["", "a b", "a;"] {
        assert_eq!(Dkim::new(ED25519_KEY, "example.org", selector).unwrap_err(), DkimError::Selector, "{selector}");
    }
    assert_eq!(format!("{:?}", key(RSA_KEY)), "Dkim { record: \"brisbane._domainkey.football.example.com\", .. }");
}
