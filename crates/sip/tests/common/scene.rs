//! Our endpoint with one line, and those who talk to it by hand.

use std::net::SocketAddr;

use model::audio::AudioStream;
use model::id::{LegId, LineId};
use model::pbx::Transport;
use sip::{Event, LegEnd};

use super::telephone::{Message, Telephone, description};
use super::{PATIENCE, Service, account, contact, line, stream};

/// An endpoint with one line, its PBX, and a telephone that knows the line's contact.
pub struct Scene {
    pub service: Service,
    pub line: LineId,
    pub telephone: Telephone,
    /// The line's PBX, which says nothing by itself.
    pub exchange: Telephone,
}

impl Scene {
    pub async fn set() -> Self {
        let service = Service::start().await;
        let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
        let exchange = Telephone::new([127, 0, 0, 1], nobody, "200", "<sip:200@pbx>").await;
        let (line, token) = (line(), contact());
        let pbx = account("200", exchange.address(), Transport::Udp);
        service.endpoint.connect(line, token.clone(), pbx);
        let telephone = Telephone::new(
            [127, 0, 0, 1],
            service.endpoint.address(),
            &token,
            "\"Анна <1>\" <sip:89261234567@pbx>",
        )
        .await;
        Self {
            service,
            line,
            telephone,
            exchange,
        }
    }

    pub async fn arrives(&mut self) -> LegId {
        match self.service.call_event().await {
            Event::Incoming { leg, line, .. } => {
                assert_eq!(line, self.line);
                leg
            }
            other => panic!("no call but {other:?}"),
        }
    }

    /// A call that is answered and confirmed.
    pub async fn talking() -> (Self, LegId) {
        let (scene, leg, _) = Self::talking_with("").await;
        (scene, leg)
    }

    /// The same, its invitation having these headers; and how it was answered.
    pub async fn talking_with(headers: &str) -> (Self, LegId, Message) {
        let mut scene = Self::set().await;
        let offer = description("sendrecv");
        scene.telephone.send("INVITE", headers, &offer).await;
        let leg = scene.arrives().await;
        scene.service.endpoint.answer(leg, stream());
        let answer = scene.telephone.response("INVITE").await;
        assert_eq!(answer.code(), Some(200));
        scene.telephone.ack(&answer, "").await;
        let event = scene.service.call_event().await;
        assert!(
            matches!(event, Event::Answered { leg: l, .. } if l == leg),
            "{event:?}"
        );
        (scene, leg, answer)
    }

    /// A call that is placed through the line, whose PBX has got it.
    pub async fn placed() -> (Self, LegId, Message) {
        let mut scene = Self::set().await;
        scene.exchange.request_of("REGISTER").await;
        let leg = scene.service.endpoint.place(scene.line, "600", stream());
        let invite = scene.exchange.called().await;
        (scene, leg, invite)
    }

    /// The next change of the call.
    pub async fn changes(&mut self) -> AudioStream {
        match self.service.call_event().await {
            Event::Changed { audio, .. } => audio,
            other => panic!("no change but {other:?}"),
        }
    }

    pub async fn ends(&mut self, leg: LegId, cause: LegEnd) {
        assert_eq!(self.service.call_event().await, Event::Ended { leg, cause });
    }

    pub async fn nothing_is_left(&self) {
        // The dialog is left a moment after its end is told, when the BYE is answered.
        let gone = async {
            while self.service.endpoint.legs() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, gone)
            .await
            .expect("no leg is left");
    }
}
