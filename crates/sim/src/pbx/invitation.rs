//! The invitation that a forwarded call comes to the line with.

use std::net::SocketAddr;

use rsipstack::dialog::invitation::InviteOption;
use rsipstack::sip::uri::{Auth, OtherParam, Param, Scheme};
use rsipstack::sip::{Domain, Header, Uri};

use super::call::CallSpec;
use super::quirks::{Identity, Quirks, Style};
use super::registrar::Binding;

/// Host of a hidden caller (RFC 3323, section 4.1.1.3).
const HIDDEN: &str = "anonymous.invalid";

/// Somebody else, whom a PBX may name beside the caller.
const SOMEBODY: &str = "74950000099";

/// Who stands where.
struct Named {
    from: Uri,
    headers: Vec<Header>,
}

/// The invitation of the call to the line, from the PBX at this address.
pub fn to(
    binding: &Binding,
    spec: &CallSpec,
    pbx: SocketAddr,
    quirks: &Quirks,
    offer: Vec<u8>,
) -> InviteOption {
    let name = spec.caller_name.as_deref().map(|name| {
        let spelt = quirks.display.unwrap_or("{}");
        spelt.replace("{}", name)
    });
    let Named { from, mut headers } = named(spec, name.as_deref(), pbx, quirks);
    headers.extend(dialled(spec, pbx, quirks));
    if let Some(seconds) = quirks.session_s {
        let value = format!("{seconds};refresher=uas");
        headers.push(Header::Supported("timer".into()));
        headers.push(Header::SessionExpires(value.into()));
    }
    if quirks.reliable {
        headers.push(Header::Require("100rel".into()));
    }
    let mut callee = binding.contact.clone();
    if quirks.style.contains(&Style::Ornate) {
        callee.params.push(Param::Ob);
        callee
            .params
            .push(Param::Other(OtherParam::new("line"), None));
    }
    InviteOption {
        // The stack puts the quotes around it, and escapes nothing.
        caller_display_name: name.map(|name| name.replace(['"', '\\'], "")),
        caller: from,
        callee,
        destination: Some(binding.from.clone()),
        offer: Some(offer),
        contact: at(&spec.to_extension, pbx),
        headers: Some(headers),
        support_prack: quirks.reliable,
        ..InviteOption::default()
    }
}

/// Somebody at the PBX.
pub fn at(user: &str, pbx: SocketAddr) -> Uri {
    Uri {
        scheme: Some(Scheme::Sip),
        auth: Some(Auth {
            user: user.to_owned(),
            password: None,
        }),
        host_with_port: pbx.into(),
        ..Uri::default()
    }
}

/// Who calls.
fn named(spec: &CallSpec, name: Option<&str>, pbx: SocketAddr, quirks: &Quirks) -> Named {
    let mut headers = Vec::new();
    let Some(number) = &spec.caller_number else {
        headers.push(Header::Privacy("id".into()));
        let from = Uri {
            host_with_port: Domain::from(HIDDEN).into(),
            ..at("anonymous", pbx)
        };
        return Named { from, headers };
    };
    if quirks.private {
        headers.push(Header::Privacy("id".into()));
    }
    let number = match quirks.shows_dialled {
        true => spec.dialled.clone(),
        false => quirks.dialling.spelt(number),
    };
    let with_name = |uri: &str| match name {
        Some(name) => format!("{} <{uri}>", quoted(name)),
        None => format!("<{uri}>"),
    };
    let own = with_name(&at(&number, pbx).to_string());
    let other = format!("\"Somebody\" <{}>", at(SOMEBODY, pbx));
    let party = |who: &str| {
        let value = format!("{who};party=calling;screen=yes;privacy=off");
        Header::Other("Remote-Party-ID".into(), value)
    };
    match quirks.identity {
        Identity::Asserted | Identity::AssertedOnly => {
            headers.push(Header::PAssertedIdentity(own.into()));
        }
        Identity::RemoteParty => headers.push(party(&own)),
        Identity::From => {}
        Identity::Disputed => {
            headers.push(party(&other));
            headers.push(Header::PAssertedIdentity(own.into()));
        }
        Identity::Telephone => {
            let both = format!("<sip:{pbx}>, {}", with_name(&format!("tel:{number}")));
            headers.push(Header::PAssertedIdentity(both.into()));
        }
    }
    let from = match quirks.identity {
        Identity::Asserted | Identity::From => &number,
        Identity::AssertedOnly | Identity::RemoteParty | Identity::Telephone => "pbx",
        Identity::Disputed => SOMEBODY,
    };
    Named {
        from: at(from, pbx),
        headers,
    }
}

/// Whom the caller had dialled.
fn dialled(spec: &CallSpec, pbx: SocketAddr, quirks: &Quirks) -> Vec<Header> {
    let diverted = at(&spec.dialled, pbx);
    let mut headers = Vec::new();
    if !quirks.no_diversion {
        let value = format!("<{diverted}>;reason=no-answer");
        headers.push(Header::Diversion(value.into()));
    }
    if quirks.history {
        let value = format!(
            "<{diverted}>;index=1, <{}?Reason=SIP%3Bcause%3D408>;index=1.1;rc=1",
            at(&spec.to_extension, pbx)
        );
        headers.push(Header::Other("History-Info".into(), value));
    }
    headers
}

/// A display name in quotes (RFC 3261, section 25.1).
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
