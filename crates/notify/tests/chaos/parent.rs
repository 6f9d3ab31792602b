//! Kills the child, fills its disk, and looks at what has come of it.

use std::collections::{HashMap, HashSet};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use model::message::{Channel, DeliveryState};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sim::web::receiver::Receiver;
use store::{PageRequest, Seen, Store};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::CHILD;
use crate::plan::{MESSAGES, Plan};
use crate::world::World;

const SEED: u64 = 20_261_126;
/// How often the child is killed.
const KILLS: usize = 1000;
/// Its longest life, from the start of the process on.
const LIFE_MS: u64 = 220;
/// After so many kills its disk is full for a while.
const FULL_AFTER: usize = KILLS / 2;
/// How long the disk is full: an outcome that could not be stored is tried again meanwhile.
const FULL_FOR: Duration = Duration::from_secs(3);
/// While the disk is full no file grows beyond this.
const FULL_BYTES: u32 = 64 * 1024;
/// Messages that are to be written around that.
const FILLED: usize = 300;
/// What is left after the last kill takes so long at most.
const REST: Duration = Duration::from_secs(300);

/// Ignores the signal that a file which can't grow is told with: a full disk
/// gives an error, and so does this then. In its own shell, for signals that
/// are ignored stay so in what the shell becomes.
const SHELL: &str = "trap '' XFSZ; exec \"$0\" \"$@\"";

struct Story {
    world: World,
    wanted: Wanted,
    /// Number of the next message: all before it are stored.
    next: Arc<AtomicUsize>,
}

pub async fn run() {
    let began = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::begin(folder.path(), SEED).await;
    let story = Story {
        wanted: Wanted::of(&world.plan),
        world,
        next: Arc::default(),
    };
    let mut random = StdRng::seed_from_u64(SEED);
    for kill in 0..KILLS {
        // What the last life had left is caught up with; no life has nothing to do.
        let until = (kill + 1) * MESSAGES / KILLS;
        if kill == FULL_AFTER {
            story.fill_the_disk(until).await;
        }
        let mut child = story.start(until);
        sleep(Duration::from_millis(random.random_range(1..=LIFE_MS))).await;
        child.kill().await.expect("killed");
    }
    let killed = began.elapsed();
    let stored = story.next.load(Ordering::SeqCst);
    let mut child = story.start(MESSAGES);
    let rest = Instant::now();
    while !story.all_came() {
        if rest.elapsed() > REST {
            child.kill().await.expect("killed");
            panic!("not all came: {}", story.missing().await);
        }
        sleep(Duration::from_millis(200)).await;
    }
    child.kill().await.expect("killed");
    let settled = story.nothing_is_queued().await;
    println!(
        "{MESSAGES} messages, killed {KILLS} times in {:.0} s ({stored} stored by then); \
         after {:.0} s in all every message has come on each way",
        killed.as_secs_f64(),
        began.elapsed().as_secs_f64(),
    );
    story.report(settled);
}

/// The messages that are to come on each way.
#[derive(Default)]
struct Wanted {
    events: HashSet<String>,
    notifications: HashSet<String>,
    letters: usize,
    deliveries: usize,
}

impl Wanted {
    fn of(plan: &Plan) -> Self {
        let mut wanted = Self::default();
        for number in 0..MESSAGES {
            let numbered = plan.message(number);
            let (ways, id) = (numbered.ways, numbered.message.id.to_string());
            if ways.webhook {
                wanted.events.insert(id.clone());
            }
            if ways.push {
                wanted.notifications.insert(id);
            }
            wanted.letters += usize::from(ways.mail);
            // The cabinet's, and one on each way.
            wanted.deliveries += 1 + ways.count();
        }
        wanted
    }
}

impl Story {
    /// A child that writes the messages up to that number, and delivers.
    fn start(&self, until: usize) -> Child {
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new("sh")
            .args(["-c", SHELL])
            .arg(program)
            .arg(CHILD)
            .arg(&self.world.file)
            .arg(self.next.load(Ordering::SeqCst).to_string())
            .arg(until.to_string())
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("a child");
        let said = child.stdout.take().expect("its words");
        let next = Arc::clone(&self.next);
        tokio::spawn(async move {
            let mut said = BufReader::new(said).lines();
            while let Ok(Some(line)) = said.next_line().await {
                let number: usize = line.parse().expect("a number");
                next.fetch_max(number + 1, Ordering::SeqCst);
            }
        });
        child
    }

    /// The same process goes on when there is room again.
    async fn fill_the_disk(&self, until: usize) {
        let mut child = self.start(until + FILLED);
        let pid = child.id().expect("alive");
        let before = self.next.load(Ordering::SeqCst);
        while self.next.load(Ordering::SeqCst) < before + 3 {
            sleep(Duration::from_millis(5)).await;
        }
        limit(pid, &FULL_BYTES.to_string()).await;
        // What was under way by then is stored or not; after that nothing is.
        sleep(Duration::from_millis(200)).await;
        let at_full = self.next.load(Ordering::SeqCst);
        sleep(FULL_FOR).await;
        let still = self.next.load(Ordering::SeqCst);
        assert_eq!(still, at_full, "a full disk takes nothing");
        assert!(child.try_wait().expect("asked").is_none(), "it lives on");
        limit(pid, "unlimited").await;
        let began = Instant::now();
        while self.next.load(Ordering::SeqCst) < still + 3 {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "it does not go on"
            );
            sleep(Duration::from_millis(20)).await;
        }
        println!(
            "the disk was full for {:.1} s; with room again the same process went on after {:.2} s",
            (FULL_FOR + Duration::from_millis(200)).as_secs_f64(),
            began.elapsed().as_secs_f64(),
        );
        child.kill().await.expect("killed");
    }

    fn came(&self) -> (HashSet<String>, HashSet<String>, usize) {
        let mut told = HashSet::new();
        for receiver in &self.world.receivers {
            for took in receiver.took() {
                told.insert(took.data["id"].as_str().unwrap_or_default().to_owned());
            }
        }
        let pushed = self.world.service.pushed().into_iter();
        let pushed = pushed.map(|p| p.note["message"].as_str().unwrap_or_default().to_owned());
        let letters = self.world.letters.lock().expect("no panic").len();
        (told, pushed.collect(), letters)
    }

    fn all_came(&self) -> bool {
        let told: usize = self.world.receivers.iter().map(Receiver::taken).sum();
        let wanted = &self.wanted;
        // Counted first, repeats and all: looking through them takes its time.
        if told < wanted.events.len() || self.world.service.taken() < wanted.notifications.len() {
            return false;
        }
        let (told, pushed, letters) = self.came();
        told == wanted.events && pushed == wanted.notifications && letters == wanted.letters
    }

    /// What has not come, and how it stands in the store.
    async fn missing(&self) -> String {
        let (told, pushed, letters) = self.came();
        let mut text = format!(
            "{} of {MESSAGES} stored; came {} of {} events, {} of {} notifications, \
             {letters} of {} letters",
            self.next.load(Ordering::SeqCst),
            told.len(),
            self.wanted.events.len(),
            pushed.len(),
            self.wanted.notifications.len(),
            self.wanted.letters,
        );
        let missing = self.wanted.events.difference(&told);
        let missing = missing.chain(self.wanted.notifications.difference(&pushed));
        let store = self.world.plan.store().await.expect("opened");
        for number in 0..MESSAGES {
            let message = self.world.plan.message(number).message;
            if missing.clone().any(|id| *id == message.id.to_string()) {
                let messages = store.messages();
                let stored = messages.get(message.company, &Seen::Everything, message.id);
                let stored = stored.await.map(|stored| stored.deliveries);
                text.push_str(&format!("\n{number}: {stored:?}"));
            }
        }
        text
    }

    /// Runs the child until no delivery waits any more; what came may be ahead
    /// of what is stored of it. Gives how many deliveries there are.
    async fn nothing_is_queued(&self) -> usize {
        let deadline = Instant::now() + REST;
        loop {
            let mut child = self.start(MESSAGES);
            sleep(Duration::from_secs(3)).await;
            child.kill().await.expect("killed");
            let store = self.world.plan.store().await.expect("opened");
            let (sent, queued) = deliveries(&store, &self.world.plan).await;
            store.close().await.expect("closed");
            if queued == 0 {
                return sent;
            }
            assert!(Instant::now() < deadline, "{queued} deliveries are stuck");
        }
    }

    fn report(&self, settled: usize) {
        let wanted = &self.wanted;
        let (mut events, mut requests, mut took) = (HashMap::new(), 0, 0);
        for receiver in &self.world.receivers {
            requests += receiver.asked();
            assert_eq!(receiver.forged(), 0, "each request is signed");
            let mut latest = 0;
            for event in receiver.took() {
                took += 1;
                let message = event.data["id"].as_str().unwrap_or_default().to_owned();
                let seq = event.seq.expect("a number");
                let first = events.insert(event.id, message).is_none();
                assert!(!first || seq > latest, "{seq} after {latest}");
                latest = latest.max(seq);
            }
        }
        let told: HashSet<String> = events.values().cloned().collect();
        assert!(told == wanted.events, "each event came");
        assert_eq!(events.len(), told.len(), "one event a message");
        println!(
            "webhooks: {requests} requests, {took} taken, {} of them repeats",
            took - told.len()
        );

        let pushed = self.world.service.pushed();
        assert!(
            self.world.service.refused().is_empty(),
            "each push is proper"
        );
        let mut deliveries = HashMap::new();
        for pushed in &pushed {
            let word = |name: &str| pushed.note[name].as_str().unwrap_or_default().to_owned();
            deliveries.insert(word("delivery"), word("message"));
        }
        let told: HashSet<String> = deliveries.values().cloned().collect();
        assert!(told == wanted.notifications, "each notification came");
        assert_eq!(deliveries.len(), told.len(), "one delivery a message");
        let repeats = pushed.len() - told.len();
        println!("push: {} taken, {repeats} of them repeats", pushed.len());

        let letters = self.world.letters.lock().expect("no panic");
        assert_eq!(letters.len(), wanted.letters, "one letter a message");
        let all: usize = letters.values().sum();
        println!(
            "mail: {all} taken, {} of them repeats",
            all - wanted.letters
        );
        assert_eq!(
            settled, wanted.deliveries,
            "nothing is lost, nothing is made twice"
        );
        println!("deliveries: {settled} settled, none queued, none failed");
    }
}

/// How many deliveries got through, and how many wait.
async fn deliveries(store: &Store, plan: &Plan) -> (usize, usize) {
    let (mut sent, mut queued) = (0, 0);
    for firm in &plan.firms {
        let mut after = None;
        loop {
            let page = PageRequest { after, limit: 200 };
            let messages = store.messages();
            let page = messages.list(firm.company, &Default::default(), page).await;
            let page = page.expect("a page");
            for stored in page
                .items
                .into_iter()
                .flat_map(|message| message.deliveries)
            {
                let delivery = stored.delivery;
                match (delivery.channel, delivery.state) {
                    (_, DeliveryState::Sent) | (Channel::Cabinet, DeliveryState::Delivered) => {
                        sent += 1;
                    }
                    (_, DeliveryState::Queued) => queued += 1,
                    (way, state) => panic!("{way:?} {state:?}: {:?}", delivery.error),
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    (sent, queued)
}

/// How large a file the process may make; the hard limit stays.
async fn limit(pid: u32, bytes: &str) {
    let set = Command::new("prlimit")
        .args([
            "--pid",
            &pid.to_string(),
            &format!("--fsize={bytes}:unlimited"),
        ])
        .status()
        .await
        .expect("prlimit of util-linux");
    assert!(set.success(), "the limit is set");
}
