//! What an operator is good at.

use serde::{Deserialize, Serialize};

use crate::id::CompanyId;
use crate::language::Language;

/// Which companies an operator knows, and which languages the operator speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skills {
    /// The companies; none stands for all of them.
    pub companies: Option<Vec<CompanyId>>,
    /// The languages; never empty.
    pub languages: Vec<Language>,
}

impl Default for Skills {
    /// Of whom nothing is said, everything is expected.
    fn default() -> Self {
        Self {
            companies: None,
            languages: vec![Language::Ru, Language::En],
        }
    }
}

impl Skills {
    /// Whether the operator speaks the language.
    pub fn speaks(&self, language: Language) -> bool {
        self.languages.contains(&language)
    }

    /// Whether the operator knows the company.
    pub fn knows(&self, company: CompanyId) -> bool {
        match &self.companies {
            Some(known) => known.contains(&company),
            None => true,
        }
    }
}
