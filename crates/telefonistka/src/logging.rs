//! What is logged, to standard error.

use std::io::IsTerminal;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Log, LogFormat, LogLevel};

/// Libraries whose lower levels log what somebody asked for, or drown everything else.
const BUSY: [&str; 11] = [
    "hickory_proto",
    "hickory_resolver",
    "hickory_net",
    "hyper",
    "hyper_util",
    "h2",
    "rustls",
    "sqlx",
    "sea_orm",
    "sea_orm_migration",
    "str0m",
];

/// Logs from now on as configured. The first call counts.
pub fn start(log: Log) {
    let registry = tracing_subscriber::registry().with(filter(log.level));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // Fails only where something logs already, as in tests.
    let _ = match log.format {
        LogFormat::Text => registry
            .with(lines.with_ansi(std::io::stderr().is_terminal()))
            .try_init(),
        LogFormat::Json => registry
            .with(lines.json().flatten_event(true).with_ansi(false))
            .try_init(),
    };
}

fn filter(level: LogLevel) -> Targets {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let at_most = |most: LevelFilter| level.min(most);
    Targets::new()
        .with_default(level)
        .with_target(sip::TALKATIVE, at_most(LevelFilter::ERROR))
        .with_targets(BUSY.map(|target| (target, at_most(LevelFilter::WARN))))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::filter;
    use crate::config::LogLevel;

    #[test]
    fn libraries_that_log_whole_messages_are_kept_quiet() {
        let debug = filter(LogLevel::Debug);
        assert!(debug.would_enable("switchboard::call", &Level::DEBUG));
        assert!(!debug.would_enable("rsipstack::transport", &Level::WARN));
        assert!(debug.would_enable("rsipstack::transport", &Level::ERROR));
        for target in ["hickory_resolver", "sqlx::query"] {
            assert!(!debug.would_enable(target, &Level::INFO), "{target}");
            assert!(debug.would_enable(target, &Level::WARN), "{target}");
        }
        let error = filter(LogLevel::Error);
        assert!(!error.would_enable("sqlx::query", &Level::WARN));
    }
}
