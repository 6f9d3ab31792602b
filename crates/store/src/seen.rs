//! What somebody may see of a company's calls and messages.

use model::id::EmployeeId;
use model::line::Recipient;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::Result;
use crate::column::json;
use crate::entity::{call, message, message_viewer};

/// Which of a company's messages, and which calls with them, somebody may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// All of them.
    #[default]
    Everything,
    /// An employee's own, and calls that have such a message.
    Of(Own),
}

/// What is an employee's own; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Messages that are addressed to one of these.
    pub recipients: Vec<Recipient>,
    /// Messages of which this employee was told, as a deputy, on duty, or by a
    /// later step, and those that were assigned to this employee.
    pub employee: Option<EmployeeId>,
}

impl Seen {
    /// The condition on messages, asked for each by itself.
    pub(crate) fn messages(&self) -> Result<Condition> {
        let Self::Of(own) = self else {
            return Ok(Condition::all());
        };
        let of_message = Expr::col((message_viewer::Entity, message_viewer::Column::MessageId))
            .equals((message::Entity, message::Column::Id));
        let told = own.employee.map(|employee| {
            let told = Query::select()
                .expr(Expr::val(1))
                .from(message_viewer::Entity)
                .cond_where(of_message)
                .cond_where(message_viewer::Column::EmployeeId.eq(employee.0))
                .to_owned();
            Expr::exists(told)
        });
        let addressed = own.addressed()?;
        Ok(Condition::any().add(addressed).add_option(told))
    }

    /// The condition on messages that an index answers in the order of a list.
    pub(crate) fn addressed(&self) -> Result<Condition> {
        match self {
            Self::Everything => Ok(Condition::all()),
            Self::Of(own) => Ok(Condition::all().add(own.addressed()?)),
        }
    }

    /// The messages that are seen besides: few, and looked up one by one.
    pub(crate) fn besides(&self) -> Result<Option<Condition>> {
        let Self::Of(own) = self else {
            return Ok(None);
        };
        let Some(employee) = own.employee else {
            return Ok(None);
        };
        let told = Query::select()
            .column(message_viewer::Column::MessageId)
            .from(message_viewer::Entity)
            .cond_where(message_viewer::Column::EmployeeId.eq(employee.0))
            .to_owned();
        let besides = Condition::all()
            .add(message::Column::Id.in_subquery(told))
            .add(own.addressed()?.not());
        Ok(Some(besides))
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

impl Own {
    fn addressed(&self) -> Result<Expr> {
        // The column holds one spelling of each recipient, so text is compared.
        let own = self
            .recipients
            .iter()
            .map(json)
            .collect::<Result<Vec<_>>>()?;
        Ok(message::Column::Recipient.is_in(own))
    }
}
