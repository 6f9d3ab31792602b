//! Телефонистка: an answering service in one program.

mod admin;
mod cli;
mod config;
mod demo;
mod descriptors;
mod hooks;
mod logging;
mod mail;
mod open;
mod server;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use config::Config;

/// A configuration that can't be used.
const WRONG_CONFIGURATION: u8 = 2;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Openapi => {
            println!("{}", api::openapi());
            ExitCode::SUCCESS
        }
        Command::CheckConfig { file } => with_config(&file, |_| {
            println!("{}: in order", file.display());
            ExitCode::SUCCESS
        }),
        Command::Serve(file) => with_config(&file.config, |config| {
            logging::start(config.log);
            run(server::serve(config))
        }),
        Command::Migrate(file) => with_config(&file.config, |config| run(admin::migrate(config))),
        Command::Admin(command) => with_config(&command.config().config.clone(), |config| {
            run(admin::run(config, command))
        }),
        Command::Demo(demo) => run(demo::run(demo)),
    }
}

fn with_config(file: &Path, then: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match Config::load(file) {
        Ok(config) => then(config),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(WRONG_CONFIGURATION)
        }
    }
}

fn run<E: std::fmt::Display>(work: impl Future<Output = Result<(), E>>) -> ExitCode {
    // SIP over TLS, mail and the like share one provider of cryptography; a
    // second installation, as in tests, changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    descriptors::allow_all();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the program can't start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
