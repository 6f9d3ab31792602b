//! Administration from the command line.

use std::time::Duration;

use model::company::Company;
use model::id::{CompanyId, UserId};
use model::language::Language;
use model::secret::Secret;
use model::user::Role;
use notify::Welcome;
use store::{Conflict, NewUser, Store, StoreError};

use crate::cli::Admin;
use crate::config::Config;
use crate::mail;
use crate::open::{self, OpenError};

/// How long recordings of a new company are kept, in days.
const RETENTION_DAYS: u32 = 180;

/// How long whoever creates a company waits for the mail server.
const LETTER_WITHIN: Duration = Duration::from_secs(20);

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database and what belongs to it.
    #[error(transparent)]
    Open(#[from] OpenError),
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
    let password = one_time_password();
    let (login, place) = match command {
        Admin::CreateCompany {
            name,
            admin_email,
            admin_name,
            ..
        } => {
            let admin = admin_name.unwrap_or_else(|| admin_email.clone());
            create_company(&store, &name, &admin_email, &admin, password.clone()).await?;
            welcome(&config, &name, &admin, &admin_email, &password).await;
            (admin_email, "cabinet")
        }
        Admin::CreateOperator { email, name, .. } => {
            create_user(
                &store,
                None,
                &email,
                &name,
                Role::Operator,
                password.clone(),
            )
            .await?;
            (email, "desk")
        }
    };
    println!("address:  {}/{place}", config.http.public_url);
    println!("login:    {login}");
    println!(
        "password: {} (asked anew at the first sign-in)",
        password.reveal()
    );
    Ok(())
}

/// Writes to the new administrator, where mail is set up; the password stands on the screen anyway.
async fn welcome(config: &Config, company: &str, name: &str, login: &str, password: &Secret) {
    let letter = Welcome {
        company,
        name,
        login,
        password,
        language: Language::Ru,
    };
    let sent = match mail::mailer(config) {
        Ok(None) => return,
        Ok(Some(mailer)) => {
            match tokio::time::timeout(LETTER_WITHIN, mailer.welcome(&letter)).await {
                Ok(sent) => sent.map_err(|error| error.to_string()),
                Err(_) => Err("the mail server is too slow".to_owned()),
            }
        }
        Err(error) => Err(error.to_string()),
    };
    match sent {
        Ok(()) => println!("a letter with the following went to {login}"),
        Err(error) => {
            eprintln!("no letter went to {login} ({error}): pass the following on yourself")
        }
    }
}

async fn create_company(
    store: &Store,
    name: &str,
    admin_email: &str,
    admin_name: &str,
    password: Secret,
) -> Result<CompanyId, AdminError> {
    // The login is looked at first: a company without an administrator helps nobody.
    if store.users().by_login(admin_email).await.is_ok() {
        return Err(AdminError::LoginTaken(admin_email.to_owned()));
    }
    let company = Company {
        id: CompanyId(uuid::Uuid::now_v7()),
        name: name.to_owned(),
        legal_name: String::new(),
        about: String::new(),
        address: String::new(),
        site: String::new(),
        phone: String::new(),
        email: String::new(),
        not_to_say: String::new(),
        language: Language::Ru,
        retention_days: RETENTION_DAYS,
    };
    store
        .companies()
        .create(&company)
        .await
        .map_err(AdminError::Store)?;
    let id = Some(company.id);
    create_user(
        store,
        id,
        admin_email,
        admin_name,
        Role::CompanyAdmin,
        password,
    )
    .await?;
    Ok(company.id)
}

async fn create_user(
    store: &Store,
    company: Option<CompanyId>,
    login: &str,
    name: &str,
    role: Role,
    password: Secret,
) -> Result<UserId, AdminError> {
    let user = NewUser {
        company,
        login: login.to_owned(),
        name: name.to_owned(),
        roles: vec![role],
        password,
        must_change_password: true,
        language: Language::Ru,
    };
    match store.users().create(&user).await {
        Ok(user) => Ok(user.id),
        Err(StoreError::Conflict {
            what: Conflict::LoginTaken,
        }) => Err(AdminError::LoginTaken(login.to_owned())),
        Err(error) => Err(AdminError::Store(error)),
    }
}

/// 122 random bits, to be read off a screen once.
fn one_time_password() -> Secret {
    Secret::new(uuid::Uuid::new_v4().simple().to_string())
}
