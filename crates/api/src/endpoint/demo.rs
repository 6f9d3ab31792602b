//! The demo's own endpoints; without a demo there are none.

pub mod call;
pub mod enter;
pub mod mails;
pub mod read;

use std::sync::Arc;

use crate::Api;
use crate::demo::Demo;
use crate::problem::{Code, Problem};

fn demo(api: &Api) -> Result<&Arc<dyn Demo>, Problem> {
    api.config
        .demo
        .as_ref()
        .ok_or_else(|| Code::NotFound.into())
}
