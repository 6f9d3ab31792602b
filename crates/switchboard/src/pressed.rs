//! The keys that an operator presses in a call.

use model::audio::Digit;
use model::transfer::TransferSettings;

/// As many keys as a feature code can begin with.
const KEPT: usize = 32;

/// What was pressed last.
#[derive(Debug, Default)]
pub(crate) struct Pressed(String);

impl Pressed {
    /// Whether the PBX is given this key. Not the one that completes its code for
    /// a transfer: it would dial whatever number is pressed then, and operators
    /// hand callers over to nobody but those in the company's directory.
    pub(crate) fn takes(&mut self, digit: Digit, settings: &TransferSettings) -> bool {
        let mut keys = format!("{}{}", self.0, digit.as_char());
        if settings.is_begun_by(&keys) {
            return false;
        }
        if keys.len() > KEPT {
            keys.remove(0);
        }
        self.0 = keys;
        true
    }
}

#[cfg(test)]
mod tests {
    use model::transfer::TransferFirst;

    use super::*;

    /// What reaches the PBX of these keys.
    fn given(code: &str, keys: &str) -> String {
        let settings = TransferSettings {
            first: TransferFirst::Code,
            code: code.into(),
        };
        let mut pressed = Pressed::default();
        keys.chars()
            .filter(|key| Digit::from_char(*key).is_some_and(|key| pressed.takes(key, &settings)))
            .collect()
    }

    #[test]
    fn the_key_that_completes_the_transfer_code_is_kept_from_the_pbx() {
        assert_eq!(given("##{number}", "1##89261234567"), "1#89261234567");
        assert_eq!(
            given("##{number}", "####"),
            "#",
            "however often it is tried"
        );
        assert_eq!(given("*2{number}#", "*12*2101#"), "*12*101#");
        let menu = "1*1#2".repeat(20);
        assert_eq!(given("##{number}", &menu), menu);
    }

    #[test]
    fn without_a_code_every_key_goes_through() {
        for code in ["", "{number}#"] {
            assert_eq!(given(code, "##101#*2"), "##101#*2");
        }
    }
}
