//! What somebody may see of a company's calls and messages.

use model::line::Recipient;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::Result;
use crate::column::json;
use crate::entity::{call, message};

/// Which of a company's messages, and which calls with them, somebody may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// All of them.
    #[default]
    Everything,
    /// Messages that are addressed to one of these, and calls that have such a message.
    Of(Vec<Recipient>),
}

impl Seen {
    /// Whether a message to this recipient may be seen.
    pub fn includes(&self, recipient: Recipient) -> bool {
        match self {
            Self::Everything => true,
            Self::Of(own) => own.contains(&recipient),
        }
    }

    /// The condition on messages.
    pub(crate) fn messages(&self) -> Result<Condition> {
        let Self::Of(own) = self else {
            return Ok(Condition::all());
        };
        // The column holds one spelling of each recipient, so text is compared.
        let own = own.iter().map(json).collect::<Result<Vec<_>>>()?;
        Ok(Condition::all().add(message::Column::Recipient.is_in(own)))
    }

    /// The condition on calls. Asked for each call by itself, for lists read
    /// calls in their own order.
    pub(crate) fn calls(&self) -> Result<Condition> {
        if *self == Self::Everything {
            return Ok(Condition::all());
        }
        let of_call = Expr::col((message::Entity, message::Column::CallId))
            .equals((call::Entity, call::Column::Id));
        let own = Query::select()
            .expr(Expr::val(1))
            .from(message::Entity)
            .cond_where(of_call)
            .cond_where(self.messages()?)
            .to_owned();
        Ok(Condition::all().add(Expr::exists(own)))
    }
}
