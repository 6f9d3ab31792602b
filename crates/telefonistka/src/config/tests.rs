//! The example is right and names every key; every mistake gets its line and its mend.

use std::path::Path;
use std::time::Duration;

use super::{Config, ConfigError, SmtpSecurity};

const EXAMPLE: &str = include_str!("../../../../telefonistka.example.toml");

fn parse_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables = variables
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    Config::parse(
        Path::new("telefonistka.toml"),
        text,
        variables,
        Path::new("/srv"),
    )
}

fn parse(text: &str) -> Config {
    parse_with(text, &[]).expect(text)
}

fn mistakes(text: &str) -> String {
    parse_with(text, &[]).expect_err(text).to_string()
}

/// The example with its commented-out settings put in force.
fn example_in_force() -> String {
    let line = |line: &'static str| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => setting,
        _ => line,
    };
    EXAMPLE.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_written_is_right() {
    let config = parse("");
    assert_eq!(config.data_dir, Path::new("/srv/data"));
    assert_eq!(
        config.database.url.reveal(),
        "sqlite:///srv/data/telefonistka.db?mode=rwc"
    );
    assert_eq!(config.secrets.key_file, Path::new("/srv/data/master.key"));
    assert_eq!(config.recordings.folder, Path::new("/srv/data/recordings"));
    assert_eq!(config.http.public_url, "http://localhost:8080");
    assert!(config.smtp.is_none());
    assert!(config.sip.allowed_networks.is_empty());
    assert!(!config.browser.addresses.is_empty());
}

#[test]
fn the_example_is_right_as_it_stands_and_with_every_key_in_force() {
    parse(EXAMPLE);
    let text = example_in_force();
    let config = parse(&text);
    assert_eq!(config.smtp.expect("smtp").security, SmtpSecurity::StartTls);
    assert_eq!(config.bounces.expect("bounces").port, 993);
    assert!(config.http.metrics_listen.is_some());
}

#[test]
fn the_example_tells_the_defaults() {
    let defaults = parse("");
    // Those without a default of their own are only examples.
    let own = [
        "metrics_listen",
        "external_address",
        "addresses",
        "threads",
        "url",
        "public_url",
    ];
    let mut text = String::new();
    for line in example_in_force().lines() {
        if line.starts_with("[smtp]") {
            break;
        }
        let key = line.split(" =").next().unwrap_or_default();
        if !own.contains(&key) && key != "allowed_networks" && !line.starts_with('#') {
            text.push_str(line);
            text.push('\n');
        }
    }
    let mut told = parse(&text);
    told.http.public_url.clone_from(&defaults.http.public_url);
    let calls = example_in_force();
    let calls = &calls[calls.find("[calls]").expect("[calls]")..];
    assert_eq!(
        format!("{:?}", parse(calls).calls),
        format!("{:?}", defaults.calls)
    );
    assert_eq!(
        format!("{:?}", parse(calls).stop),
        format!("{:?}", defaults.stop)
    );
    assert_eq!(format!("{told:?}"), format!("{defaults:?}"));
}

#[test]
fn the_example_names_every_key() {
    let example = example_in_force();
    let mut section = String::new();
    let mut named = Vec::new();
    for line in example.lines() {
        if let Some(heading) = line.strip_prefix('[') {
            section = heading.trim_end_matches(']').to_owned();
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            named.push((section.clone(), key.to_owned()));
        }
    }
    let mut reader = super::Reader::new(super::Source::default());
    Config::take(&mut reader, Path::new("/srv"));
    for at in reader.known() {
        assert!(named.contains(at), "{at:?} is not in the example");
    }
}

#[test]
fn the_environment_overrides_the_file() {
    let text = "[http]\nlisten = \"127.0.0.1:1\"\n";
    let config = parse_with(
        text,
        &[
            ("TELEFONISTKA__HTTP__LISTEN", "127.0.0.1:9000"),
            ("TELEFONISTKA__CALLS__OFFER_SECONDS", "7"),
            (
                "TELEFONISTKA__SIP__ALLOWED_NETWORKS",
                "127.0.0.0/8, 10.0.0.0/8",
            ),
            ("TELEFONISTKA__DATA_DIR", "/var/lib/other"),
            ("PATH", "/bin"),
        ],
    )
    .expect("right");
    assert_eq!(config.http.listen.port(), 9000);
    assert_eq!(config.calls.offer, Duration::from_secs(7));
    assert_eq!(config.sip.allowed_networks.len(), 2);
    assert_eq!(config.data_dir, Path::new("/var/lib/other"));
}

#[test]
fn a_wrong_variable_is_named() {
    let error = parse_with("", &[("TELEFONISTKA__HTTP__LISTEN", "8080")]).expect_err("wrong");
    assert_eq!(
        error.to_string(),
        "environment: TELEFONISTKA__HTTP__LISTEN: [http] listen = \"8080\": \
         an address with a port is expected, such as \"127.0.0.1:8080\""
    );
    let error = parse_with("", &[("TELEFONISTKA__HTTP__LISTN", "x")]).expect_err("unknown");
    assert!(
        error.to_string().ends_with("did you mean listen?"),
        "{error}"
    );
}

#[test]
fn a_wrong_value_gets_its_line_and_its_mend() {
    assert_eq!(
        mistakes("\n\n[http]\nlisten = \"8080\"\n"),
        "telefonistka.toml:4: [http] listen = \"8080\": \
         an address with a port is expected, such as \"127.0.0.1:8080\""
    );
    assert_eq!(
        mistakes("[rtp]\nports = \"30000-20000\""),
        "telefonistka.toml:2: [rtp] ports = \"30000-20000\": \
         a range of ports from 1024 up is expected, such as \"20000-29999\""
    );
    for (text, mend) in [
        ("data_dir = 5", "a path in quotes"),
        (
            "[http]\npublic_url = \"example.com\"",
            "an address without a path",
        ),
        (
            "[http]\npublic_url = \"https://example.com/desk\"",
            "an address without a path",
        ),
        ("[database]\nurl = \"mysql://x\"", "a database's address"),
        (
            "[sip]\nallowed_networks = [\"10.0.0.0/99\"]",
            "a list of networks",
        ),
        (
            "[sip]\nexternal_address = \"pbx.example.com\"",
            "an IP address",
        ),
        ("[browser]\nthreads = 0", "a whole number from 1 to 64"),
        (
            "[browser]\naddresses = \"127.0.0.1\"",
            "a list of IP addresses",
        ),
        (
            "[calls]\noffer_seconds = \"20\"",
            "a whole number from 3 to 120",
        ),
        (
            "[calls]\noffer_seconds = 2000000",
            "a whole number from 3 to 120",
        ),
        (
            "[log]\nlevel = \"trace\"",
            "one of \"error\", \"warn\", \"info\", \"debug\"",
        ),
        (
            "[smtp]\nhost = \"h\"\nfrom = \"nobody\"",
            "an e-mail address",
        ),
    ] {
        let said = mistakes(text);
        assert!(said.contains(mend), "{text}: {said}");
    }
}

#[test]
fn an_unknown_key_gets_the_nearest_one() {
    assert_eq!(
        mistakes("[http]\nlisen = \"127.0.0.1:1\""),
        "telefonistka.toml:2: [http] lisen: there is no such key; did you mean listen?"
    );
    assert_eq!(
        mistakes("datadir = \"x\""),
        "telefonistka.toml:1: datadir: there is no such key; did you mean data_dir?"
    );
    assert_eq!(
        mistakes("[smpt]\nhost = \"x\""),
        "telefonistka.toml:1: [smpt]: there is no such section; did you mean [smtp]?"
    );
    assert_eq!(
        mistakes("[http]\ndrain_seconds = 5"),
        "telefonistka.toml:2: [http] drain_seconds: it belongs under [stop]"
    );
}

#[test]
fn what_is_not_toml_gets_its_line() {
    let said = mistakes("[http]\nlisten = 127.0.0.1:8080\n");
    assert!(
        said.starts_with("telefonistka.toml:2: this is not TOML: "),
        "{said}"
    );
}

#[test]
fn all_mistakes_come_at_once_in_the_files_order() {
    let said = mistakes("[log]\nlevel = \"x\"\n[calls]\noffer_seconds = 0\n[http]\nfoo = 1\n");
    let lines: Vec<_> = said.lines().map(|line| line.split(": ").next()).collect();
    let expected = [
        "telefonistka.toml:2",
        "telefonistka.toml:4",
        "telefonistka.toml:6",
    ];
    assert_eq!(lines, expected.map(Some), "{said}");
}

#[test]
fn letters_need_a_server_and_a_sender() {
    let said = mistakes("[smtp]\nport = 25\n");
    assert!(
        said.contains("telefonistka.toml:1: [smtp] host: is missing"),
        "{said}"
    );
    assert!(
        said.contains("telefonistka.toml:1: [smtp] from: is missing"),
        "{said}"
    );
    let said = mistakes("[smtp]\nhost = \"h\"\nfrom = \"a@b\"\nuser = \"u\"\n");
    assert!(
        said.contains("[smtp] user: a password is expected"),
        "{said}"
    );
}

#[test]
fn reports_need_a_mailbox_and_letters() {
    let said = mistakes("[smtp]\nhost = \"h\"\nfrom = \"a@b\"\n[bounces]\nport = 993\n");
    for key in ["host", "user", "password", "address"] {
        let missing = format!("telefonistka.toml:4: [bounces] {key}: is missing");
        assert!(said.contains(&missing), "{said}");
    }
    let mailbox =
        "[bounces]\nhost = \"h\"\nuser = \"u\"\npassword = \"hunter2\"\naddress = \"a@b\"\n";
    let said = mistakes(mailbox);
    assert_eq!(
        said,
        "telefonistka.toml:2: [bounces] host: without [smtp] there are no letters to report on"
    );
    let letters = "[smtp]\nhost = \"h\"\nfrom = \"a@b\"\n";
    let config = parse(&format!("{letters}{mailbox}security = \"starttls\"\n"));
    assert_eq!(config.bounces.as_ref().expect("bounces").port, 143);
    assert!(!format!("{config:?}").contains("hunter2"));
    let said = mistakes(
        &format!("{letters}{mailbox}").replace("address = \"a@b\"", "address = \"B <a@b>\""),
    );
    assert!(
        said.contains("telefonistka.toml:8: [bounces] address = \"B <a@b>\": an e-mail address"),
        "{said}"
    );
}

#[test]
fn a_secret_is_not_shown() {
    let said = mistakes(
        "[database]\nurl = \"mysql://root:hunter2@h/d\"\n[smtp]\npassword = [\"hunter2\"]",
    );
    assert!(!said.contains("hunter2"), "{said}");
    let config =
        parse("[smtp]\nhost = \"h\"\nfrom = \"a@b\"\nuser = \"u\"\npassword = \"hunter2\"\n");
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::load(Path::new("/nowhere/telefonistka.toml")).expect_err("missing");
    assert!(
        error
            .to_string()
            .starts_with("/nowhere/telefonistka.toml: can't be read: "),
        "{error}"
    );
}
