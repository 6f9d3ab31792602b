//! How a number of the public network is dialled through a company's PBX.

use serde::{Deserialize, Serialize};

use crate::phone::{Phone, dialable, is_key};

/// The form in which a PBX takes numbers of the country.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NumberForm {
    /// `89261234567`, and `810` before those of other countries: as people in Russia dial.
    #[default]
    Eight,
    /// `79261234567`: without the plus.
    Seven,
    /// `+79261234567` (E.164).
    Plus,
}

/// How a line's PBX is asked for a number of the public network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Dialling {
    /// In which form.
    pub form: NumberForm,
    /// What has to be dialled before it to get out, as `9`; nothing for most.
    #[schema(max_length = 6)]
    pub prefix: String,
}

impl Dialling {
    /// Longest prefix, in keys.
    const PREFIX_MAX: usize = 6;

    /// Whether the prefix can be dialled.
    pub fn is_good(&self) -> bool {
        self.prefix.len() <= Self::PREFIX_MAX && self.prefix.chars().all(is_key)
    }

    /// What is dialled for a number as it is stored; an extension as it is.
    /// None for what is no number.
    pub fn number(&self, stored: &str) -> Option<String> {
        let prefix = &self.prefix;
        match Phone::parse(stored)? {
            Phone::Extension(digits) => Some(digits),
            Phone::Other(text) => dialable(&text),
            Phone::Public(digits) => Some(match (self.form, digits.strip_prefix('7')) {
                (NumberForm::Plus, _) => format!("{prefix}+{digits}"),
                (NumberForm::Seven, _) => format!("{prefix}{digits}"),
                (NumberForm::Eight, Some(rest)) => format!("{prefix}8{rest}"),
                (NumberForm::Eight, None) => format!("{prefix}810{digits}"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_in_the_form_that_the_pbx_takes() {
        let dialled = |form, prefix: &str, stored| {
            let prefix = prefix.to_owned();
            Dialling { form, prefix }.number(stored)
        };
        for (form, prefix, stored, is) in [
            (NumberForm::Eight, "", "+79261234567", "89261234567"),
            (NumberForm::Eight, "9", "+79261234567", "989261234567"),
            (NumberForm::Eight, "", "+4915112345678", "8104915112345678"),
            (NumberForm::Seven, "", "+79261234567", "79261234567"),
            (NumberForm::Plus, "", "+79261234567", "+79261234567"),
            (NumberForm::Plus, "9", "110", "110"),
        ] {
            assert_eq!(dialled(form, prefix, stored).as_deref(), Some(is));
        }
        assert_eq!(dialled(NumberForm::Eight, "", "anonymous"), None);
        assert_eq!(dialled(NumberForm::Eight, "", ""), None);
    }

    #[test]
    fn a_prefix_is_some_keys_at_most() {
        let good = |prefix: &str| {
            let form = NumberForm::Eight;
            let prefix = prefix.to_owned();
            Dialling { form, prefix }.is_good()
        };
        assert!(good("") && good("9") && good("*21#"));
        assert!(!good("9;x") && !good("1234567") && !good("+"));
    }
}
