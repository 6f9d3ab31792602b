//! Every request that arrives: to its dialog, to its line, or back with a refusal.

use std::sync::Arc;

use rsipstack::sip::{Header, Method, Request, StatusCode};
use rsipstack::transaction::{Transaction, TransactionReceiver};

use crate::core::Core;
use crate::headers::{allow, unsupported};
use crate::identity::percent_decode;
use crate::leg;
use crate::line::Line;
use crate::socket::lock;
use crate::wire;

/// Extensions that a request may require.
const EXTENSIONS: [&str; 2] = ["timer", "100rel"];

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

async fn dispatch(core: &Arc<Core>, mut request: Transaction) {
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
            let unknown = unknown_extensions(&request.original);
            if !unknown.is_empty() {
                let headers = vec![unsupported(&unknown)];
                return refuse(request, StatusCode::BadExtension, headers).await;
            }
            tokio::spawn(leg::serve(core.clone(), line, request));
        }
        // A PBX asks whether its extension is there, and tells of a mailbox.
        Method::Options | Method::Notify => {
            let code = match line(core, &request.original) {
                Some(_) => StatusCode::OK,
                None => StatusCode::NotFound,
            };
            refuse(request, code, vec![allow()]).await;
        }
        Method::Bye | Method::Update | Method::Info | Method::PRack => {
            refuse(request, StatusCode::CallTransactionDoesNotExist, Vec::new()).await;
        }
        _ => {
            let _ = request
                .reply_with(StatusCode::MethodNotAllowed, vec![allow()], None)
                .await;
        }
    }
}

/// The transaction that is dropped here still repeats its response where asked.
async fn refuse(mut request: Transaction, code: StatusCode, headers: Vec<Header>) {
    let _ = request.reply_with(code, headers, None).await;
}

fn line(core: &Core, request: &Request) -> Option<Arc<Line>> {
    let contact = percent_decode(&request.uri.auth.as_ref()?.user);
    core.line_of(&contact)
}

/// What a request requires and is not there (RFC 3261, section 8.2.2.3).
pub(crate) fn unknown_extensions(request: &Request) -> Vec<String> {
    wire::values(&request.headers, "require")
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|word| !word.is_empty() && !EXTENSIONS.contains(word))
        .map(str::to_owned)
        .collect()
}
