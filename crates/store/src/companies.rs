//! Companies and their working hours.

use model::company::Company;
use model::hours::WorkingHours;
use model::id::CompanyId;

use crate::{Result, Store};

/// A value with the version that a change of it has to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// Grows with each change.
    pub version: u64,
    /// The value.
    pub value: T,
}

/// Companies and their working hours.
#[derive(Clone, Copy)]
pub struct Companies<'a> {
    pub(crate) store: &'a Store,
}

impl Companies<'_> {
    /// Stores a new company, with the default working hours.
    pub async fn create(&self, company: &Company) -> Result<()> {
        let _ = company;
        todo!()
    }

    /// Every company by name: the platform's own list, not scoped.
    pub async fn list(&self) -> Result<Vec<Company>> {
        todo!()
    }

    /// The company.
    pub async fn get(&self, company: CompanyId) -> Result<Versioned<Company>> {
        let _ = company;
        todo!()
    }

    /// Replaces what is known of the company; stale where the version is not the stored one.
    pub async fn update(&self, company: &Company, version: u64) -> Result<Versioned<Company>> {
        let _ = (company, version);
        todo!()
    }

    /// Working hours.
    pub async fn hours(&self, company: CompanyId) -> Result<Versioned<WorkingHours>> {
        let _ = company;
        todo!()
    }

    /// Replaces the working hours; stale where the version is not the stored one.
    pub async fn put_hours(
        &self,
        company: CompanyId,
        hours: &WorkingHours,
        version: u64,
    ) -> Result<Versioned<WorkingHours>> {
        let _ = (company, hours, version);
        todo!()
    }
}
