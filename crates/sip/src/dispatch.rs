//! Every request that arrives: to its dialog, to its line, or back with a refusal.

use std::sync::Arc;

use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Method, Request, StatusCode};
use rsipstack::transaction::{Transaction, TransactionReceiver};

use crate::core::Core;
use crate::headers::allow;
use crate::identity::percent_decode;
use crate::leg;
use crate::line::Line;
use crate::socket::lock;
use crate::wire;

/// Serves requests until the endpoint ends; none of them can end it.
pub(crate) async fn run(core: Arc<Core>, mut requests: TransactionReceiver) {
    loop {
        let request = tokio::select! {
            () = core.end.cancelled() => return,
            request = requests.recv() => request,
        };
        let Some(request) = request else { return };
        dispatch(&core, request).await;
    }
}

async fn dispatch(core: &Arc<Core>, request: Transaction) {
    let to = wire::values(&request.original.headers, "to")
        .next()
        .unwrap_or_default();
    if let Some(tag) = wire::tag(to) {
        let call_id = wire::values(&request.original.headers, "call-id")
            .next()
            .unwrap_or_default();
        let dialog = lock(&core.dialogs)
            .get(&(call_id.to_owned(), tag.to_owned()))
            .cloned();
        let refused = match dialog {
            Some(dialog) => dialog.send(request).err().map(|error| error.0),
            None => Some(request),
        };
        if let Some(request) = refused {
            refuse(request, StatusCode::CallTransactionDoesNotExist, Vec::new()).await;
        }
        return;
    }
    match request.original.method {
        Method::Invite => {
            let Some(line) = line(core, &request.original) else {
                metrics::counter!("telefonistka_sip_strangers_total").increment(1);
                return refuse(request, StatusCode::NotFound, Vec::new()).await;
            };
            tokio::spawn(leg::serve(core.clone(), line, request));
        }
        // A PBX asks whether its extension or the whole service is there, and
        // tells of a mailbox.
        Method::Options | Method::Notify => {
            let code = match (&request.original.uri.auth, line(core, &request.original)) {
                (None, _) | (_, Some(_)) => StatusCode::OK,
                (Some(_), None) => StatusCode::NotFound,
            };
            refuse(request, code, vec![allow()]).await;
        }
        Method::Bye | Method::Update | Method::Info | Method::PRack => {
            refuse(request, StatusCode::CallTransactionDoesNotExist, Vec::new()).await;
        }
        _ => refuse(request, StatusCode::MethodNotAllowed, vec![allow()]).await,
    }
}

/// The transaction that is dropped here still repeats its response where asked.
async fn refuse(mut request: Transaction, code: StatusCode, headers: Vec<Header>) {
    // The stack would write To anew for its tag, or answer nothing where it can't.
    let headers_in = &mut request.original.headers;
    let to = wire::values(headers_in, "to").next().unwrap_or_default();
    if wire::tag(to).is_none() {
        let to = format!("{to};tag={}", uuid::Uuid::new_v4().simple());
        headers_in.unique_push(Header::To(untyped::To::new(to)));
    }
    let _ = request.reply_with(code, headers, None).await;
}

fn line(core: &Core, request: &Request) -> Option<Arc<Line>> {
    let contact = percent_decode(&request.uri.auth.as_ref()?.user);
    core.line_of(&contact)
}
