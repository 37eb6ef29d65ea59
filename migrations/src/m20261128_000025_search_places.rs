//! Paths are found by the commune of their workplace, its postal codes and its department, as the store writes them since.

use std::collections::HashMap;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COMMUNES: &str = include_str!("../../crates/domain/data/communes-normandie.csv");
const DEPARTMENTS: &[(&str, &str)] =
    &[("14", "calvados"), ("27", "eure"), ("50", "manche"), ("61", "orne"), ("76", "seine-maritime")];

/// Small letters without accents, a space for an apostrophe.
fn folded(name: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ÿ' => 'y',
        '’' | '\'' => ' ',
        other => other,
    };
    name.to_lowercase().replace('œ', "oe").replace('æ', "ae").chars().map(plain).collect()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let communes: HashMap<&str, (&str, &str)> = COMMUNES
            .lines()
            .filter_map(|line| {
                let mut cells = line.split(';');
                Some((cells.next()?, (cells.next()?, cells.next()?)))
            })
            .collect();
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        let parameters = if backend == DbBackend::Postgres { ["$1", "$2"] } else { ["?", "?"] };
        let rows = db.query_all_raw(Statement::from_string(backend, "SELECT DISTINCT commune FROM paths")).await?;
        for row in rows {
            let code: String = row.try_get("", "commune")?;
            let Some((name, postal)) = communes.get(code.as_str()) else { continue };
            let department =
                DEPARTMENTS.iter().find(|(number, _)| code.starts_with(number)).map_or("", |(_, name)| name);
            let place = format!(" {} {postal} {department}", folded(name));
            let update =
                format!("UPDATE paths SET search = search || {} WHERE commune = {}", parameters[0], parameters[1]);
            db.execute_raw(Statement::from_sql_and_values(backend, update, [place.into(), code.into()])).await?;
        }
        Ok(())
    }

    /// What is searched beyond is harmless.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
