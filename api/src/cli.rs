//! The command line.

use crate::commands::{self, CommandError};
use crate::config::{self, Config, SecretText};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// A self-hosted organisational directory.
#[derive(Debug, Parser)]
#[command(name = "roster", version)]
pub struct Cli {
    #[command(flatten)]
    config: Config,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the directory (the default)
    Serve,
    /// Brings the database to the current schema
    Migrate,
    /// Checks the settings and names every mistake
    CheckConfig,
    /// Prints the OpenAPI document
    Openapi(OpenapiArgs),
    /// Imports people from a CSV file through a running service
    Import(ImportArgs),
    /// Manages domains in the database
    Domain {
        #[command(subcommand)]
        command: DomainCommand,
    },
    /// Manages organisations in the database
    Organisation {
        #[command(subcommand)]
        command: OrganisationCommand,
    },
    /// Manages users in the database
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
}

/// Arguments of `roster openapi`.
#[derive(Args, Clone, Debug)]
pub struct OpenapiArgs {
    /// Instead compares it with the checked-in document
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `roster import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// The file, in the 15- or 16-column layout
    pub file: PathBuf,
    /// Address of the service
    #[arg(long, env = "ROSTER_URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// Id of the API client; required
    #[arg(long, env = "ROSTER_CLIENT_ID")]
    pub client_id: Option<String>,
    /// Secret of the API client; required
    #[arg(long, env = "ROSTER_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<SecretText>,
    /// Country of use of the people, e.g. NL
    #[arg(long)]
    pub usage_location: Option<String>,
    /// Does not let the people sign in yet
    #[arg(long)]
    pub disabled: bool,
    /// File for the result with the one-time passwords; for people.csv people.result.csv, or
    /// people.result-2.csv and so on where that is there already
    #[arg(long)]
    pub result: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum DomainCommand {
    /// Adds a domain
    Add(DomainAddArgs),
}

/// Arguments of `roster domain add`.
#[derive(Args, Clone, Debug)]
pub struct DomainAddArgs {
    /// Name of the domain
    pub name: String,
    /// Counts it as verified without a DNS record
    #[arg(long)]
    pub verified: bool,
    /// A verified domain of the organisation; ROSTER_INITIAL_DOMAIN by default
    #[arg(long)]
    pub organisation: Option<String>,
}

#[derive(Debug, Subcommand)]
enum OrganisationCommand {
    /// Founds a further organisation and prints its credentials once
    Add(OrganisationAddArgs),
    /// Changes what only an operator knows of an organisation
    Set(OrganisationSetArgs),
}

/// Arguments of `roster organisation set`.
#[derive(Args, Clone, Debug)]
pub struct OrganisationSetArgs {
    /// A verified domain of the organisation; ROSTER_INITIAL_DOMAIN by default
    #[arg(long)]
    pub organisation: Option<String>,
    /// From whom the subscriptions were bought; only with `direct` there are billing administrators
    #[arg(long, value_enum)]
    pub purchase_channel: PurchaseChannel,
    /// Name and address of the seller, told to those who ask for the billing role
    #[arg(long)]
    pub seller: Option<String>,
}

/// From whom the subscriptions of an organisation were bought.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PurchaseChannel {
    /// Without an intermediary
    Direct,
    /// From a seller, who does the billing
    Reseller,
    /// There is no subscription
    None,
}

/// Arguments of `roster organisation add`.
#[derive(Args, Clone, Debug)]
pub struct OrganisationAddArgs {
    /// Name for people
    pub name: String,
    /// Its initial domain
    #[arg(long)]
    pub initial_domain: String,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Gives a user a one-time password and prints it once, e.g. where no administrator can sign in
    ResetPassword(ResetPasswordArgs),
}

/// Arguments of `roster user reset-password`.
#[derive(Args, Clone, Debug)]
pub struct ResetPasswordArgs {
    /// User principal name of the user
    pub name: String,
}

/// Runs what the command line asks for.
pub fn run(cli: Cli) -> ExitCode {
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// The warning about variables that no setting and no argument reads.
fn strangers() -> Option<String> {
    let given = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    config::strangers(given, &variables(&Cli::command()))
}

/// The variables that a command and those below it read.
fn variables(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().filter_map(|argument| argument.get_env()?.to_str());
    let below = command.get_subcommands().flat_map(variables);
    own.map(str::to_owned).chain(below).collect()
}

fn dispatch(cli: Cli) -> Result<(), CommandError> {
    let config = &cli.config;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve::run(config, strangers()),
        Command::Migrate => commands::migrate::run(config),
        Command::CheckConfig => commands::check_config::run(config, strangers()),
        Command::Openapi(args) => commands::openapi::run(&args),
        Command::Import(args) => commands::import::run(&args),
        Command::Domain { command: DomainCommand::Add(args) } => {
            commands::domain::add(config, &args)
        }
        Command::Organisation { command: OrganisationCommand::Add(args) } => {
            commands::organisation::add(config, &args)
        }
        Command::Organisation { command: OrganisationCommand::Set(args) } => {
            commands::organisation::set(config, &args)
        }
        Command::User { command: UserCommand::ResetPassword(args) } => {
            commands::user::reset_password(config, &args)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Cli {
        Cli::try_parse_from(line.split(' ')).unwrap()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_are_flags_of_every_command_and_serve_is_the_default() {
        let before = parsed("roster --listen 127.0.0.1:1 migrate");
        let after = parsed("roster migrate --listen 127.0.0.1:1");
        assert_eq!(before.config.listen, after.config.listen);
        assert!(parsed("roster --workers 2").command.is_none());
    }

    #[test]
    fn values_of_secret_settings_are_not_shown_in_the_help() {
        for argument in Cli::command().get_arguments() {
            let name = argument.get_id().as_str();
            let is_secret = ["secret", "key", "url"].iter().any(|part| name.ends_with(part));
            let is_public = ["tls_key", "public_url"].contains(&name);
            assert_eq!(argument.is_hide_env_values_set(), is_secret && !is_public, "{name}");
        }
    }

    #[test]
    fn the_variables_of_all_commands_are_known() {
        let known = variables(&Cli::command());
        for name in ["DATABASE_URL", "ROSTER_LISTEN", "ROSTER_URL", "ROSTER_CLIENT_SECRET"] {
            assert!(known.contains(&name.to_owned()), "{name}: {known:?}");
        }
    }

    #[test]
    fn every_setting_stands_in_the_table_of_the_readme() {
        let table = include_str!("../../README.md");
        let command = Cli::command();
        let settings = command.get_arguments().filter_map(|argument| argument.get_env()?.to_str());
        for name in settings {
            assert!(table.contains(&format!("\n| `{name}` | ")), "{name} is not in the README");
        }
    }
}
