//! PostgreSQL from Debian's packages: a cluster of our own in a temporary
//! folder, on a socket there, gone with the test run whatever ends it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use store::Store;

/// Starts the cluster, says where it is, and stops and removes it once its
/// input ends: that is when this process has ended, in whatever way.
const KEEPER: &str = r#"
trap '' INT TERM HUP
bin=$1
folder=$(mktemp -d /tmp/store-pg.XXXXXX) || exit 1
data=$folder/data
"$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1 &&
cat >>"$data/postgresql.conf" <<END &&
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 200
fsync = off
END
"$bin/pg_ctl" -D "$data" -w -l "$folder/log" start >/dev/null 2>&1 || cat "$folder/log" >&2
test -S "$folder/.s.PGSQL.5432" && echo "$folder"
while read -r order; do
    "$bin/pg_ctl" -D "$data" -w -m fast -l "$folder/log" "$order" >/dev/null 2>&1
    echo done
done
"$bin/pg_ctl" -D "$data" -w -m immediate stop >/dev/null 2>&1
rm -rf "$folder"
"#;

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    orders: Option<ChildStdin>,
    answers: BufReader<std::process::ChildStdout>,
    keeper: Child,
}

impl Cluster {
    /// Starts one.
    pub fn start() -> Self {
        let bin = binaries();
        let mut command = if effective_user() == "root" {
            // PostgreSQL refuses to run as root.
            let mut command = Command::new("setpriv");
            command.args([
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "sh",
            ]);
            command
        } else {
            Command::new("sh")
        };
        let mut keeper = command
            .args(["-c", KEEPER, "keeper"])
            .arg(&bin)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell starts (apt install util-linux)");
        let orders = keeper.stdin.take();
        let mut answers = BufReader::new(keeper.stdout.take().expect("piped"));
        let mut folder = String::new();
        answers.read_line(&mut folder).expect("the keeper speaks");
        assert!(
            !folder.is_empty(),
            "PostgreSQL does not start; its log stands above"
        );
        Self {
            folder: folder.trim().into(),
            bin,
            orders,
            answers,
            keeper,
        }
    }

    /// `start` or `stop`; back when it is done.
    pub fn order(&mut self, order: &str) {
        use std::io::Write;
        let orders = self.orders.as_mut().expect("open until dropped");
        writeln!(orders, "{order}").expect("the keeper listens");
        let mut answer = String::new();
        self.answers
            .read_line(&mut answer)
            .expect("the keeper answers");
        assert_eq!(answer, "done\n");
    }

    /// A new database of this name, copied from the template.
    pub fn create(&self, name: &str, template: &str) {
        let created = Command::new(self.bin.join("createdb"))
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "postgres", "-T", template, name])
            .status()
            .expect("createdb runs");
        assert!(created.success(), "database {name} can't be created");
    }

    /// Runs SQL in a database, from outside of the store.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let told = Command::new(self.bin.join("psql"))
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "postgres", "-d", database, "-qAtc", sql])
            .output()
            .expect("psql runs");
        assert!(told.status.success(), "{sql}");
        String::from_utf8(told.stdout).expect("text")
    }

    /// Where a store opens the database.
    pub fn url(&self, name: &str) -> String {
        format!(
            "postgres:///{name}?host={}&user=postgres",
            self.folder.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.keeper.wait();
    }
}

/// The cluster of this test run, with a migrated template; made by the first who asks.
pub fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(|| {
        let cluster = Cluster::start();
        cluster.create(TEMPLATE, "template1");
        let url = cluster.url(TEMPLATE);
        // On a thread of its own: whoever asks may be inside of a runtime.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let store = Store::open(&url, crate::world::key())
                    .await
                    .expect("migrated");
                store.close().await.expect("closed");
            });
        })
        .join()
        .expect("the template is migrated");
        cluster
    })
}

pub const TEMPLATE: &str = "migrated";

/// A name that no other test has.
pub fn database_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("story_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .max()
        .unwrap_or_else(|| {
            panic!(
                "the stories on PostgreSQL need its server: \
                 apt install postgresql, or postgresql-15 and newer"
            )
        })
}

fn effective_user() -> String {
    let id = Command::new("id").arg("-un").output().expect("id runs");
    String::from_utf8_lossy(&id.stdout).trim().to_owned()
}

#[test]
fn a_cluster_leaves_nothing_behind() {
    let cluster = Cluster::start();
    let folder = cluster.folder.clone();
    cluster.create("proof", "template1");
    drop(cluster);
    assert!(!folder.exists());
}
