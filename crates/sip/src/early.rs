//! A placed call before its answer: the early dialogs that its PBX opens, one
//! for each telephone that it lets ring (RFC 3261, section 12.1), the sound
//! that they already have, and what they want confirmed (RFC 3262, section 4).

use model::audio::AudioStream;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::{Header, Headers, Method, Request, Response, StatusCode};
use rsipstack::transaction::endpoint::EndpointInnerRef;

use crate::dialog::Dialog;
use crate::digest::Challenge;
use crate::headers;
use crate::line::Line;
use crate::reliable::Confirming;
use crate::sdp::{Local, SdpError};
use crate::wire;

/// Most early dialogs of one invitation.
const DIALOGS_MAX: usize = 8;

/// One early dialog.
struct Early {
    /// Their tag.
    tag: String,
    dialog: Dialog,
    confirming: Confirming,
    /// Their stream as last described.
    audio: Option<AudioStream>,
    /// Our offer has its answer: another may follow (RFC 3311, section 5.1).
    agreed: bool,
}

/// What a provisional response brings.
#[derive(Default)]
pub(crate) struct News {
    /// What confirms it.
    pub(crate) prack: Option<Request>,
    /// Where sound comes from before the answer, told anew.
    pub(crate) audio: Option<AudioStream>,
}

/// A placed call before its answer.
pub(crate) struct Progress {
    pub(crate) sdp: Local,
    /// Answers to the PBX's challenges, and how many requests each has served.
    pub(crate) logins: Vec<(Challenge, u32)>,
    /// Our stream, as it is offered.
    local: AudioStream,
    early: Vec<Early>,
    /// What was told last.
    told: Option<AudioStream>,
}

impl Progress {
    pub(crate) fn new(sdp: Local, local: AudioStream) -> Self {
        Self {
            sdp,
            logins: Vec::new(),
            local,
            early: Vec::new(),
            told: None,
        }
    }

    /// Describes our side for another invitation: what the one before opened is over.
    pub(crate) fn offer(&mut self) -> String {
        self.early.clear();
        self.sdp.offer(&self.local)
    }

    /// Offers otherwise what the PBX does not take so; false where there is no other way.
    pub(crate) fn relent(&mut self) -> bool {
        // Encryption is given up last: it may not be what was wrong.
        self.sdp.widen(&self.local) || self.sdp.lay_open()
    }

    /// Takes a provisional response; `open` makes the dialog that it belongs
    /// to. One that comes again, or before its turn, brings nothing.
    pub(crate) fn take(
        &mut self,
        response: &Response,
        (stack, line): (&EndpointInnerRef, &Line),
        open: impl FnOnce() -> Option<Dialog>,
    ) -> News {
        let Some(at) = self.place(response, open) else {
            return News::default();
        };
        let rseq = reliable(&response.headers);
        let early = &mut self.early[at];
        if rseq.is_some_and(|rseq| !early.confirming.is_next(rseq)) {
            return News::default();
        }
        let theirs = (self.sdp.read(&response.body))
            .and_then(|answer| self.sdp.agreed(&answer, &self.local))
            .ok();
        let early = &mut self.early[at];
        if let Some(audio) = &theirs {
            early.audio = Some(audio.clone());
            early.agreed |= rseq.is_some();
        }
        News {
            prack: rseq.and_then(|rseq| self.prack(at, rseq, response, (stack, line))),
            audio: theirs.and_then(|audio| self.tell(audio)),
        }
    }

    /// Which early dialog a response belongs to.
    fn place(
        &mut self,
        response: &Response,
        open: impl FnOnce() -> Option<Dialog>,
    ) -> Option<usize> {
        let tag = tag_of(&response.headers, "to");
        if let Some(at) = self.early.iter().position(|early| early.tag == tag) {
            return Some(at);
        }
        if self.early.len() >= DIALOGS_MAX {
            return None;
        }
        self.early.push(Early {
            tag,
            dialog: open()?,
            confirming: Confirming::default(),
            audio: None,
            agreed: false,
        });
        Some(self.early.len() - 1)
    }

    fn prack(
        &mut self,
        at: usize,
        rseq: u32,
        response: &Response,
        (stack, line): (&EndpointInnerRef, &Line),
    ) -> Option<Request> {
        let seq = wire::number(&response.headers, "cseq")?;
        let dialog = &mut self.early[at].dialog;
        let mut prack = dialog.request(stack, Method::PRack)?;
        let rack = format!("{rseq} {seq} INVITE");
        prack.headers.push(Header::RAck(untyped::RAck::new(rack)));
        for (_, count) in &mut self.logins {
            *count += 1;
        }
        wire::log_in(&mut prack, &line.account, &self.logins);
        Some(prack)
    }

    fn tell(&mut self, audio: AudioStream) -> Option<AudioStream> {
        let known = self.told.as_ref() == Some(&audio);
        (!known).then(|| self.told.insert(audio).clone())
    }

    /// Answers an offer that they make in an early dialog: our description
    /// with the headers it goes with, and their stream.
    pub(crate) fn offered(
        &mut self,
        request: &Request,
    ) -> Result<(String, Vec<Header>, AudioStream), StatusCode> {
        let tag = tag_of(&request.headers, "from");
        let early = self.early.iter_mut().find(|early| early.tag == tag);
        // Our offer has no answer yet (RFC 3311, section 5.2).
        let early = early.filter(|early| early.agreed);
        let early = early.ok_or(StatusCode::RequestPending)?;
        if !early.dialog.in_order(request) {
            return Err(StatusCode::ServerInternalError);
        }
        let offer = self.sdp.read(&request.body).map_err(refusal)?;
        let ours = self.sdp.answer(&offer, &self.local).map_err(refusal)?;
        let theirs = self.sdp.agreed(&offer, &self.local).map_err(refusal)?;
        early.dialog.retarget(&request.headers);
        early.audio = Some(theirs.clone());
        let headers = vec![headers::contact(&early.dialog), headers::description_type()];
        self.told = Some(theirs.clone());
        Ok((ours, headers, theirs))
    }

    /// Takes the answer: numbers go on as they stood in its early dialog. Their
    /// stream is as they describe it now; where they don't, as they did before.
    pub(crate) fn answered(
        &self,
        answer: &Response,
        dialog: &mut Dialog,
    ) -> Result<AudioStream, SdpError> {
        let tag = tag_of(&answer.headers, "to");
        let early = self.early.iter().find(|early| early.tag == tag);
        if let Some(early) = early {
            dialog.seq = dialog.seq.max(early.dialog.seq);
            dialog.remote_seq = early.dialog.remote_seq;
        }
        match answer.body.as_slice() {
            [] => early
                .and_then(|early| early.audio.clone())
                .ok_or(SdpError::NothingInCommon),
            body => (self.sdp.read(body)).and_then(|answer| self.sdp.agreed(&answer, &self.local)),
        }
    }
}

fn refusal(error: SdpError) -> StatusCode {
    match error {
        SdpError::Malformed => StatusCode::BadRequest,
        SdpError::NothingInCommon => StatusCode::NotAcceptableHere,
    }
}

fn tag_of(headers: &Headers, name: &str) -> String {
    let value = wire::values(headers, name).next().unwrap_or_default();
    wire::tag(value).unwrap_or_default().to_owned()
}

/// The RSeq of a response that has to be confirmed.
fn reliable(headers: &Headers) -> Option<u32> {
    let rseq = wire::number(headers, "rseq");
    rseq.filter(|_| headers::lists(headers, "require", "100rel"))
}
