//! «Компания».

pub mod read;
pub mod write;

use model::company::Company;
use model::language::Language;
use serde::{Deserialize, Serialize};
use store::Versioned;
use utoipa::ToSchema;

/// The tab «Компания», as it is read and saved.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyForm {
    /// Name as operators say it.
    name: String,
    /// Legal name.
    legal_name: String,
    /// What the company does.
    about: String,
    /// Address and how to find it.
    address: String,
    /// Site.
    site: String,
    /// Telephone.
    phone: String,
    /// E-mail.
    email: String,
    /// What operators must not say.
    not_to_say: String,
    /// «Готовые тексты» for messages.
    texts: Vec<String>,
    /// Language of its callers.
    language: Language,
    /// How long recordings are kept, in days.
    retention_days: u32,
    /// Version: as read, to be named when saving.
    version: u64,
}

impl CompanyForm {
    fn of(company: Versioned<Company>) -> Self {
        let Versioned { version, value } = company;
        Self {
            name: value.name,
            legal_name: value.legal_name,
            about: value.about,
            address: value.address,
            site: value.site,
            phone: value.phone,
            email: value.email,
            not_to_say: value.not_to_say,
            texts: value.texts,
            language: value.language,
            retention_days: value.retention_days,
            version,
        }
    }
}
