//! Variants of greeting and farewell.

use axum::Json;
use model::greeting::{farewells, greetings};
use model::language::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::session::CompanyAdmin;

/// The variants to choose among; `{company}` and `{operator}` stand for the names.
#[derive(Debug, Serialize, ToSchema)]
pub struct Wordings {
    /// Greetings.
    greetings: Variants,
    /// Farewells.
    farewells: Variants,
}

/// Variants in each language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Variants {
    /// In Russian.
    ru: Vec<&'static str>,
    /// In English.
    en: Vec<&'static str>,
}

impl Variants {
    fn of(variants: fn(Language) -> &'static [&'static str]) -> Self {
        Self {
            ru: variants(Language::Ru).to_vec(),
            en: variants(Language::En).to_vec(),
        }
    }
}

/// The variants of greeting and farewell that a script chooses among.
#[utoipa::path(get, path = "/api/wordings", tag = "lines", responses((status = OK, body = Wordings)))]
pub async fn wordings(_admin: CompanyAdmin) -> Json<Wordings> {
    Json(Wordings {
        greetings: Variants::of(greetings),
        farewells: Variants::of(farewells),
    })
}
