//! The values of the people of paths, kept apart from the events so that they can be erased.
//!
//! Erasing leaves the row, without values and without salt: the digests in the events then say nothing about anyone, and
//! the journal stays whole. An erased person is not listed.

use domain::identifiers::{EmailAddress, PathId, PersonId};
use domain::people::{Contact, Person};
use domain::{Day, Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entities::persons;
use crate::error::Result;
use crate::keys::Keys;
use crate::rows::{Row, folded};
use crate::tx::Tx;

/// Reads a person; `None` once the values were erased.
fn person(row: persons::Model, keys: &Keys) -> Result<Option<Person>> {
    let at = Row::new("persons", row.id);
    let Some(name) = row.name else { return Ok(None) };
    let unseal = |sealed: &str| at.read("sealed", keys.unseal(row.id, sealed));
    Ok(Some(Person {
        id: PersonId::new(row.id),
        path: PathId::new(row.path_id),
        role: at.text("role", &row.role)?,
        contact: Contact {
            name,
            email: at.optional_text("email", row.email.as_deref())?,
            phone: at.optional_text("phone", row.phone.as_deref())?,
        },
        profile: row.sealed.as_deref().map(unseal).transpose()?,
        salt: row.salt,
        active: row.active,
        reminders_off: row.reminders_off,
        address_refused: row.address_refused,
        informed_on: row.informed_on,
    }))
}

fn active(person: &Person, keys: &Keys, now: Instant) -> persons::ActiveModel {
    let sealed = person.profile.as_ref().map(|profile| keys.seal(person.id.uuid(), profile));
    persons::ActiveModel {
        id: Set(person.id.uuid()),
        path_id: Set(person.path.uuid()),
        role: Set(person.role.to_string()),
        name: Set(Some(person.contact.name.clone())),
        search: Set(Some(folded(&person.contact.name))),
        email: Set(person.contact.email.as_ref().map(EmailAddress::to_string)),
        phone: Set(person.contact.phone.as_ref().map(ToString::to_string)),
        sealed: Set(sealed),
        salt: Set(person.salt.clone()),
        active: Set(person.active),
        reminders_off: Set(person.reminders_off),
        address_refused: Set(person.address_refused),
        informed_on: Set(person.informed_on),
        updated_at: Set(now),
    }
}

impl Tx {
    /// Adds people, in one statement.
    ///
    /// # Errors
    /// A path does not exist, or the store does not answer.
    pub async fn insert_persons(&self, people: &[Person], now: Instant) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let rows = people.iter().map(|person| active(person, self.keys(), now));
        self.run(persons::Entity::insert_many(rows).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// Replaces the values of a person; false when there is none of this identifier.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn update_person(&self, person: &Person, now: Instant) -> Result<bool> {
        let update = persons::Entity::update_many()
            .set(active(person, self.keys(), now))
            .filter(persons::Column::Id.eq(person.id.uuid()));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// The person of this identifier; `None` also once the values were erased.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        let row = self.run(persons::Entity::find_by_id(id.uuid()).one(self.db())).await?;
        Ok(row.map(|row| person(row, self.keys())).transpose()?.flatten())
    }

    /// The people of a path, those replaced or withdrawn included, in the order in which they came.
    ///
    /// # Errors
    /// As [`Tx::person`].
    pub async fn people(&self, path: PathId) -> Result<Vec<Person>> {
        self.people_of(&[path]).await
    }

    /// The people of several paths, as [`Tx::people`] lists those of one, in one statement.
    ///
    /// # Errors
    /// As [`Tx::person`].
    pub async fn people_of(&self, paths: &[PathId]) -> Result<Vec<Person>> {
        let find = persons::Entity::find()
            .filter(persons::Column::PathId.is_in(paths.iter().map(|path| path.uuid())))
            .order_by_asc(persons::Column::Id);
        let rows = self.run(find.all(self.db())).await?;
        rows.into_iter().filter_map(|row| person(row, self.keys()).transpose()).collect()
    }

    /// Marks people as no longer reached: replaced, or withdrawn.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn deactivate_persons(&self, ids: &[PersonId], now: Instant) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let change = persons::ActiveModel { active: Set(false), updated_at: Set(now), ..Default::default() };
        let update = persons::Entity::update_many()
            .set(change)
            .filter(persons::Column::Id.is_in(ids.iter().map(|id| id.uuid())));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Notes the day on which a message tells people what is kept of them; those who were told before keep their day.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_informed(&self, ids: &[PersonId], day: Day, now: Instant) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let change = persons::ActiveModel { informed_on: Set(Some(day)), updated_at: Set(now), ..Default::default() };
        let update = persons::Entity::update_many()
            .set(change)
            .filter(persons::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
            .filter(persons::Column::InformedOn.is_null());
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Erases the values of a person; false when there is none of this identifier, or they were erased before.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn erase_person(&self, id: PersonId, now: Instant) -> Result<bool> {
        let nothing = persons::ActiveModel {
            name: Set(None),
            search: Set(None),
            email: Set(None),
            phone: Set(None),
            sealed: Set(None),
            salt: Set(String::new()),
            active: Set(false),
            updated_at: Set(now),
            ..Default::default()
        };
        let update = persons::Entity::update_many()
            .set(nothing)
            .filter(persons::Column::Id.eq(id.uuid()))
            .filter(persons::Column::Name.is_not_null());
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }
}
