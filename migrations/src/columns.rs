//! Shorthands of the migrations: checks, references and indexes.

use sea_orm_migration::prelude::*;

/// A CHECK that a text column holds one of these identifiers (or nothing, when the column may be null).
pub fn one_of(column: &str, identifiers: &[&str]) -> SimpleExpr {
    let list: Vec<_> = identifiers.iter().map(|identifier| format!("'{identifier}'")).collect();
    Expr::cust(format!("\"{column}\" IN ({})", list.join(", ")))
}

/// A CHECK written as SQL that both databases read.
pub fn holds(condition: &'static str) -> SimpleExpr {
    Expr::cust(condition)
}

/// A foreign key to the column `id` of a table; rows of this store are never deleted under one another.
pub fn references(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, "id").to_owned()
}

/// An index named after its table and columns.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A unique index named after its table and columns.
pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}

/// Drops tables in this order.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
