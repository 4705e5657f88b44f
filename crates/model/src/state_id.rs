//! The identification of a state of a store.

use serde::{Deserialize, Serialize};

use crate::Hash;

/// The number and the hash of a state of a store. A state lists the objects that the store must contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateId {
    /// The number, starting at 1.
    pub number: u64,
    /// SHA-256 of the file of the state, as stored.
    pub sha256: Hash,
}

khizana_json::json_object!(StateId { number, sha256 });
