//! Administration from the command line.

use api::people::{Given, Letters, NewCompany, NewPerson, create_company, create_person};
use model::language::Language;
use model::user::Role;
use store::{Conflict, StoreError};

use crate::cli::Admin;
use crate::config::Config;
use crate::mail::{self, Post};
use crate::open::{self, OpenError};

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database and what belongs to it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The mail server's settings.
    #[error("letters can't leave: {0}; check [smtp]")]
    Mail(#[from] notify::MailError),
    /// The login is taken.
    #[error("{0} can sign in already: choose another address")]
    LoginTaken(String),
    /// The database refused.
    #[error("nothing was created: {0}")]
    Store(StoreError),
}

/// Brings the database to this version's form.
pub async fn migrate(config: Config) -> Result<(), AdminError> {
    open::store(&config).await?;
    println!("the database is up to date");
    Ok(())
}

/// Carries out an administrator's command.
pub async fn run(config: Config, command: Admin) -> Result<(), AdminError> {
    let store = open::store(&config).await?;
    let post = mail::mailer(&config)?.map(Post);
    let letters = post.as_ref().map(|post| post as &dyn Letters);
    let (email, place, created) = match command {
        Admin::Company {
            name,
            admin_email,
            admin_name,
            ..
        } => {
            let company = NewCompany {
                name,
                admin_name: admin_name.unwrap_or_else(|| admin_email.clone()),
                admin_email: admin_email.clone(),
                language: Language::Ru,
            };
            let created = create_company(&store, letters, company).await;
            (admin_email, "cabinet", created.map(|(_, given)| given))
        }
        Admin::Operator { email, name, .. } => {
            let operator = person(&email, name, Role::Operator);
            let created = create_person(&store, letters, operator).await;
            (email, "desk", created)
        }
        Admin::Platform { email, name, .. } => {
            let name = name.unwrap_or_else(|| email.clone());
            let admin = person(&email, name, Role::PlatformAdmin);
            let created = create_person(&store, letters, admin).await;
            (email, "platform", created)
        }
    };
    let given = created.map_err(|error| match error {
        StoreError::Conflict {
            what: Conflict::LoginTaken,
        } => AdminError::LoginTaken(email),
        error => AdminError::Store(error),
    })?;
    tell(&given, &format!("{}/{place}", config.http.public_url));
    Ok(())
}

fn person(email: &str, name: String, role: Role) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name,
        roles: vec![role],
        language: Language::Ru,
    }
}

/// The password stands on the screen whether a letter went out or not.
fn tell(given: &Given, address: &str) {
    let login = &given.login;
    match &given.letter {
        None => {}
        Some(Ok(())) => println!("a letter with the following went to {login}"),
        Some(Err(error)) => {
            eprintln!("no letter went to {login} ({error}): pass the following on yourself")
        }
    }
    println!("address:  {address}");
    println!("login:    {login}");
    println!(
        "password: {} (asked anew at the first sign-in)",
        given.password.reveal()
    );
}
