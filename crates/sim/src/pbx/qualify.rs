//! A PBX that asks its telephones whether they are there before it sends them a call.

use std::net::SocketAddr;

use rsipstack::sip::{Method, SipMessage, StatusCode, Uri};
use rsipstack::transaction::Transaction;
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};

use super::registrar::Binding;

/// Whether the contact answers OPTIONS with 200.
pub async fn answers(endpoint: &EndpointInnerRef, pbx: SocketAddr, binding: &Binding) -> bool {
    ask(endpoint, pbx, binding).await == Some(StatusCode::OK)
}

async fn ask(
    endpoint: &EndpointInnerRef,
    pbx: SocketAddr,
    binding: &Binding,
) -> Option<StatusCode> {
    let own = Uri {
        host_with_port: pbx.into(),
        ..Uri::default()
    };
    let from = rsipstack::sip::typed::From {
        display_name: None,
        uri: own,
        params: Vec::new(),
    };
    let to = rsipstack::sip::typed::To {
        display_name: None,
        uri: binding.contact.clone(),
        params: Vec::new(),
    };
    let via = endpoint.get_via(None, None).ok()?;
    let contact = binding.contact.clone();
    let from = from.with_tag("qualify".into());
    let request = endpoint.make_request(Method::Options, contact, via, from, to, 1, None);
    let key = TransactionKey::from_request(&request, TransactionRole::Client).ok()?;
    let mut transaction = Transaction::new_client(key, request, endpoint.clone(), None);
    transaction.destination = Some(binding.from.clone());
    transaction.send().await.ok()?;
    while let Some(message) = transaction.receive().await {
        if let SipMessage::Response(response) = message
            && response.status_code.code() >= 200
        {
            return Some(response.status_code);
        }
    }
    None
}
