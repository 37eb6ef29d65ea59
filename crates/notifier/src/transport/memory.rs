//! Messages kept in memory, in order, for tests.
//!
//! An address may be given an error to answer with, so that a test of the caller needs no server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Delivered, DeliveryError};
use crate::envelope::Outgoing;

/// A list of the messages taken; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    taken: Vec<Outgoing>,
    answers: BTreeMap<String, DeliveryError>,
}

impl Memory {
    /// The messages taken so far, oldest first.
    pub fn delivered(&self) -> Vec<Outgoing> {
        self.state().taken.clone()
    }

    /// Removes and returns the messages taken so far, oldest first.
    pub fn take(&self) -> Vec<Outgoing> {
        std::mem::take(&mut self.state().taken)
    }

    /// Answers an address with an error from now on.
    pub fn refuse(&self, address: &str, error: DeliveryError) {
        self.state().answers.insert(address.to_lowercase(), error);
    }

    /// Takes the messages of an address again.
    pub fn accept(&self, address: &str) {
        self.state().answers.remove(&address.to_lowercase());
    }

    pub(super) fn deliver(&self, outgoing: &Outgoing) -> Result<Delivered, DeliveryError> {
        outgoing.to_message()?;
        let mut state = self.state();
        if let Some(error) = state.answers.get(&outgoing.to.address.to_lowercase()) {
            return Err(error.clone());
        }
        state.taken.push(outgoing.clone());
        Ok(Delivered { message_id: outgoing.message_id.clone(), reply: format!("message {}", state.taken.len()) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that failed while holding the lock leaves a list that is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
