//! Words of accounts: the values that change, what changed, whose account is where.

use domain::accounts::{AccountField, changed};
use domain::identifiers::Phone;
use domain::people::{Account, StaffRole};

use crate::typography::typeset;
use crate::{dates, labels, numbers};

/// What a value of an account is called.
pub fn field(field: AccountField) -> &'static str {
    match field {
        AccountField::Email => "Adresse",
        AccountField::Name => "Nom",
        AccountField::Phone => "Téléphone",
        AccountField::Role => "Rôle",
        AccountField::Lots => "Lots suivis",
        AccountField::EndsOn => "Dernier jour",
    }
}

/// A value of an account as it reads.
pub fn value(account: &Account, field: AccountField) -> String {
    match field {
        AccountField::Email => account.email.to_string(),
        AccountField::Name => account.name.clone(),
        AccountField::Phone => account.phone.as_ref().map_or_else(|| "aucun".to_owned(), Phone::formatted),
        AccountField::Role => labels::staff_role(account.role).to_owned(),
        AccountField::Lots => lots(account),
        AccountField::EndsOn => account.ends_on.map_or_else(|| "aucun".to_owned(), dates::medium),
    }
}

/// The lots that an account follows.
pub fn lots(account: &Account) -> String {
    let lots: Vec<String> = account.lots.iter().map(ToString::to_string).collect();
    match (account.role, lots.as_slice()) {
        (StaffRole::RegionOfficer, []) => "tous les lots".to_owned(),
        (_, []) => "aucun".to_owned(),
        (_, [lot]) => format!("lot {lot}"),
        (_, several) => format!("lots {}", numbers::list(several)),
    }
}

/// What changed in an account, value by value: « Nom : Claire Morel → Claire Martin ».
pub fn change(before: &Account, after: &Account) -> String {
    let line = |name: &AccountField| {
        typeset(&format!("{} : {} → {}", field(*name), value(before, *name), value(after, *name)))
    };
    changed(before, after).iter().map(line).collect::<Vec<_>>().join("\u{a0}; ")
}

#[cfg(test)]
mod tests {
    use domain::samples;

    use super::*;
    use crate::typography::check;

    #[test]
    fn a_change_is_told_value_by_value() {
        let before = samples::account(StaffRole::RegionOfficer, 1);
        let after = Account { name: "Claire Martin".to_owned(), lots: Vec::new(), ..before.clone() };
        let text = change(&before, &after);
        assert_eq!(text, "Nom\u{a0}: Hélène Marchand → Claire Martin\u{a0}; Lots suivis\u{a0}: lot 1 → tous les lots");
        assert_eq!(check(&text), Vec::new());
        assert_eq!(change(&before, &before), "");
    }
}
