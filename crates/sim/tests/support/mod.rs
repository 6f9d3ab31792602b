//! A line of another make: registers at the PBX, and gives each call to the test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rsipstack::EndpointBuilder;
use rsipstack::dialog::authenticate::Credential;
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver};
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::dialog::registration::Registration;
use rsipstack::sip::{Header, Method, Request, Response, Uri};
use rsipstack::transaction::Endpoint;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{TcpListenerConnection, TransportLayer};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Far longer than anything here takes.
pub const SOON: Duration = Duration::from_secs(20);

/// The line's contact.
pub const CONTACT: &str = "0123456789abcdef";

/// A call at the line.
pub struct Incoming {
    pub request: Request,
    pub dialog: InviteDialog,
    pub states: DialogStateReceiver,
}

impl Incoming {
    /// Waits for a state of the call.
    pub async fn until(&mut self, wanted: impl Fn(&DialogState) -> bool) -> DialogState {
        let found = async {
            loop {
                let state = self.states.recv().await.expect("the call goes on");
                if wanted(&state) {
                    return state;
                }
            }
        };
        timeout(SOON, found).await.expect("in time")
    }

    /// Answers with the socket's address, and sends every packet back.
    pub async fn answer_with_echo(&mut self) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
        let address = socket.local_addr().expect("an address");
        tokio::spawn(async move {
            let mut packet = [0; 2000];
            while let Ok((length, from)) = socket.recv_from(&mut packet).await {
                let _ = socket.send_to(&packet[..length], from).await;
            }
        });
        let headers = vec![Header::ContentType("application/sdp".into())];
        (self
            .dialog
            .accept(Some(headers), Some(sdp(address, "sendrecv"))))
        .expect("accepted");
        self.until(|state| matches!(state, DialogState::Confirmed(..)))
            .await;
        address
    }
}

/// A description with A-law and telephone events at 96.
pub fn sdp(address: SocketAddr, direction: &str) -> Vec<u8> {
    format!(
        "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 8 96\r\na=rtpmap:8 PCMA/8000\r\n\
         a=rtpmap:96 telephone-event/8000\r\na={direction}\r\n",
        ip = address.ip(),
        port = address.port()
    )
    .into_bytes()
}

/// The line.
pub struct Line {
    pub calls: mpsc::UnboundedReceiver<Incoming>,
    endpoint: Arc<Endpoint>,
    contact: Uri,
}

impl Line {
    /// Starts it; nothing is registered yet.
    pub async fn start() -> Self {
        let stop = CancellationToken::new();
        let transports = TransportLayer::new(stop.clone());
        let any = "127.0.0.1:0".parse().expect("an address");
        let udp = UdpConnection::create_connection(any, None, Some(stop.clone()));
        let udp = udp.await.expect("bound");
        let address = udp.get_addr().get_socketaddr().expect("an address");
        transports.add_transport(udp.into());
        let tcp = TcpListenerConnection::new(address, None)
            .await
            .expect("made");
        transports.add_transport(tcp.into());
        let endpoint = EndpointBuilder::new()
            .with_cancel_token(stop)
            .with_transport_layer(transports)
            .build();
        let mut incoming = endpoint.incoming_transactions().expect("once");
        let endpoint = Arc::new(endpoint);
        let serving = endpoint.clone();
        tokio::spawn(async move { serving.serve().await });
        let contact: Uri = (format!("sip:{CONTACT}@{address}").as_str())
            .try_into()
            .expect("a contact");
        let dialogs = Arc::new(DialogLayer::new(endpoint.inner.clone()));
        let (give, calls) = mpsc::unbounded_channel();
        let local = contact.clone();
        tokio::spawn(async move {
            while let Some(mut transaction) = incoming.recv().await {
                if let Some(mut dialog) = dialogs.match_dialog(&transaction) {
                    tokio::spawn(async move { dialog.handle(&mut transaction).await });
                } else if transaction.original.method == Method::Invite {
                    let (sender, states) = dialogs.new_dialog_state_channel();
                    let mut dialog = dialogs
                        .get_or_create_server_invite(
                            &transaction,
                            sender,
                            None,
                            Some(local.clone()),
                        )
                        .expect("a dialog");
                    let incoming = Incoming {
                        request: transaction.original.clone(),
                        dialog: dialog.clone(),
                        states,
                    };
                    tokio::spawn(async move { dialog.handle(&mut transaction).await });
                    give.send(incoming).expect("the test listens");
                }
            }
        });
        Self {
            calls,
            endpoint,
            contact,
        }
    }

    /// Registers once.
    pub async fn register(&self, at: &str, user: &str, password: &str, expires: u32) -> Response {
        let credential = Credential {
            username: user.to_owned(),
            password: password.to_owned(),
            realm: None,
            auth_username: None,
        };
        let mut registration = Registration::new(self.endpoint.inner.clone(), Some(credential));
        registration.contact = Some(self.contact.clone().into());
        let server: Uri = at.try_into().expect("a server");
        let done = registration.register(server, Some(expires));
        timeout(SOON, done)
            .await
            .expect("in time")
            .expect("an answer")
    }

    /// The next call.
    pub async fn next(&mut self) -> Incoming {
        let call = timeout(SOON, self.calls.recv()).await;
        call.expect("in time").expect("a call")
    }
}
