//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// An answering service in one program: a company's missed calls become messages.
#[derive(Debug, Parser)]
#[command(name = "telefonistka", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM or Ctrl-C; then let running calls end
    Serve(ConfigFile),
    /// Say what is wrong with a configuration: line and mend
    CheckConfig {
        /// The configuration
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// A whole company with its PBX to try, inside this program
    Demo(Demo),
    /// Print the HTTP interface's description (OpenAPI, JSON)
    Openapi,
    /// Companies, operators and the platform's administrators
    #[command(subcommand)]
    Admin(Admin),
    /// Bring the database to this version's form
    Migrate(ConfigFile),
}

/// The configuration to use.
#[derive(Debug, Args)]
pub struct ConfigFile {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// `telefonistka demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Keep everything here; otherwise in a temporary folder that goes with the program
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Port of the web pages
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub port: u16,
    /// The PBX that calls come from, by its name in --list-pbx
    #[arg(long, value_name = "NAME", default_value = "plain", value_parser = pbx)]
    pub pbx: &'static sim::pbx::Animal,
    /// Print the names of the PBXs there are, one a line
    #[arg(long)]
    pub list_pbx: bool,
    /// Make one call with a robot operator, print what happened, leave
    #[arg(long)]
    pub once: bool,
    /// What the caller of that one call says (WAV)
    #[arg(long, value_name = "FILE", requires = "once")]
    pub caller_wav: Option<PathBuf>,
    /// What the robot operator says (WAV)
    #[arg(long, value_name = "FILE", requires = "once")]
    pub operator_wav: Option<PathBuf>,
}

/// `telefonistka admin`
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Create a company with its administrator; prints the password for the first sign-in
    #[command(name = "create-company")]
    Company {
        #[command(flatten)]
        config: ConfigFile,
        /// Name, as operators say it
        #[arg(long)]
        name: String,
        /// E-mail address of its administrator: the login
        #[arg(long, value_name = "EMAIL")]
        admin_email: String,
        /// Name of its administrator
        #[arg(long, value_name = "NAME")]
        admin_name: Option<String>,
    },
    /// Create an operator; prints the password for the first sign-in
    #[command(name = "create-operator")]
    Operator {
        #[command(flatten)]
        config: ConfigFile,
        /// E-mail address: the login
        #[arg(long)]
        email: String,
        /// Name, as the operator says it to callers
        #[arg(long)]
        name: String,
    },
    /// Create an administrator of the platform; prints the password for the first sign-in
    #[command(name = "create-platform-admin")]
    Platform {
        #[command(flatten)]
        config: ConfigFile,
        /// E-mail address: the login
        #[arg(long)]
        email: String,
        /// Name
        #[arg(long)]
        name: Option<String>,
    },
}

fn pbx(name: &str) -> Result<&'static sim::pbx::Animal, String> {
    sim::pbx::Animal::named(name).ok_or_else(|| {
        let names: Vec<_> = sim::pbx::ZOO.iter().map(|animal| animal.name).collect();
        format!("there is no such PBX; there are {}", names.join(", "))
    })
}

impl Admin {
    /// The configuration to use.
    pub fn config(&self) -> &ConfigFile {
        match self {
            Self::Company { config, .. }
            | Self::Operator { config, .. }
            | Self::Platform { config, .. } => config,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Cli, Command};

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_unknown_pbx_is_answered_with_those_there_are() {
        let parse = |name| Cli::try_parse_from(["telefonistka", "demo", "--pbx", name]);
        let cli = parse("lost-ack").expect("right");
        assert!(matches!(cli.command, Command::Demo(demo) if demo.pbx.name == "lost-ack"));
        let error = parse("platypus").expect_err("unknown").to_string();
        for animal in sim::pbx::ZOO {
            assert!(error.contains(animal.name), "{error}");
        }
    }

    #[test]
    fn wavs_are_for_the_one_call() {
        let parse = |args: &[&str]| Cli::try_parse_from([&["telefonistka"], args].concat());
        assert!(parse(&["demo", "--caller-wav", "a.wav"]).is_err());
        let cli = parse(&["demo", "--once", "--caller-wav", "a.wav"]).expect("right");
        assert!(matches!(cli.command, Command::Demo(demo) if demo.once));
        assert!(parse(&["serve"]).is_err());
    }
}
