//! What has to be in order for calls to be served.

/// One condition of being ready to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is checked: `database`, `recordings`, `calls`.
    pub name: &'static str,
    /// Why it fails; none where it holds.
    pub failure: Option<String>,
}
