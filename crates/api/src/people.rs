//! People who get a first password from somebody else: of the platform's
//! pages and of the command line alike.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use model::company::Company;
use model::id::{CompanyId, UserId};
use model::language::Language;
use model::secret::Secret;
use model::user::{Role, User};
use store::{NewUser, Store, StoreError};
use tokio::time::timeout;
use uuid::Uuid;

/// How long recordings of a new company are kept, in days.
const RETENTION_DAYS: u32 = 180;

/// How long whoever creates somebody waits for the mail server.
const LETTER_WITHIN: Duration = Duration::from_secs(20);

/// Sends letters with first passwords.
pub trait Letters: fmt::Debug + Send + Sync {
    /// Sends the letter in one attempt: the password is stored nowhere to try
    /// again later. The error is a sentence without addresses.
    fn first_password<'a>(&'a self, letter: &'a FirstPassword)
    -> BoxFuture<'a, Result<(), String>>;
}

/// What the letter with a first password says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstPassword {
    /// Name of the company, where its administrator is written to.
    pub company: Option<String>,
    /// «ФИО».
    pub name: String,
    /// The login: the address that the letter goes to.
    pub login: String,
    /// The password, good for the first sign-in.
    pub password: Secret,
    /// Language of the letter.
    pub language: Language,
}

/// A company to be created, with its administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCompany {
    /// Name, as operators say it.
    pub name: String,
    /// The administrator's address: the login.
    pub admin_email: String,
    /// The administrator's name.
    pub admin_name: String,
    /// Language of the company and of its administrator.
    pub language: Language,
}

/// Somebody of the platform to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// Address: the login.
    pub email: String,
    /// «ФИО».
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Language of the interface.
    pub language: Language,
}

/// A first password that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// To whom.
    pub user: UserId,
    /// Login.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// What became of the letter; none where no mail is set up.
    pub letter: Option<Result<(), String>>,
}

impl Given {
    /// Whether the letter went out.
    pub fn letter_went(&self) -> bool {
        matches!(self.letter, Some(Ok(())))
    }
}

/// Creates a company with its administrator, both or none, and writes to the latter.
pub async fn create_company(
    store: &Store,
    letters: Option<&dyn Letters>,
    new: NewCompany,
) -> Result<(CompanyId, Given), StoreError> {
    let company = Company {
        id: CompanyId(Uuid::now_v7()),
        name: new.name,
        legal_name: String::new(),
        about: String::new(),
        address: String::new(),
        site: String::new(),
        phone: String::new(),
        email: String::new(),
        not_to_say: String::new(),
        texts: Vec::new(),
        language: new.language,
        retention_days: RETENTION_DAYS,
    };
    let password = one_time_password();
    let admin = NewUser {
        company: Some(company.id),
        login: new.admin_email,
        name: new.admin_name,
        roles: vec![Role::CompanyAdmin],
        password: password.clone(),
        must_change_password: true,
        language: new.language,
    };
    let user = store
        .companies()
        .create_with_admin(&company, &admin)
        .await?;
    let given = give(letters, Some(company.name), user, password).await;
    Ok((company.id, given))
}

/// Creates somebody of the platform, and writes to them.
pub async fn create_person(
    store: &Store,
    letters: Option<&dyn Letters>,
    new: NewPerson,
) -> Result<Given, StoreError> {
    let password = one_time_password();
    let user = NewUser {
        company: None,
        login: new.email,
        name: new.name,
        roles: new.roles,
        password: password.clone(),
        must_change_password: true,
        language: new.language,
    };
    let user = store.users().create(&user).await?;
    Ok(give(letters, None, user, password).await)
}

/// Gives somebody a new password, ends their sessions, and writes to them.
pub async fn give_new_password(
    store: &Store,
    letters: Option<&dyn Letters>,
    user: UserId,
) -> Result<Given, StoreError> {
    let user = store.users().get(user).await?;
    let company = match user.company {
        Some(company) => Some(store.companies().get(company).await?.value.name),
        None => None,
    };
    let password = one_time_password();
    store
        .users()
        .set_password(user.id, &password, true, None)
        .await?;
    Ok(give(letters, company, user, password).await)
}

async fn give(
    letters: Option<&dyn Letters>,
    company: Option<String>,
    user: User,
    password: Secret,
) -> Given {
    let letter = FirstPassword {
        company,
        name: user.name,
        login: user.login,
        password,
        language: user.language,
    };
    let sent = match letters {
        None => None,
        Some(letters) => {
            let sent = timeout(LETTER_WITHIN, letters.first_password(&letter)).await;
            Some(sent.unwrap_or_else(|_| Err("the mail server is too slow".to_owned())))
        }
    };
    if let Some(Err(error)) = &sent {
        tracing::warn!(user = %user.id, error, "a letter with a first password did not go out");
    }
    Given {
        user: user.id,
        login: letter.login,
        password: letter.password,
        letter: sent,
    }
}

/// 122 random bits, to be read off a screen once.
fn one_time_password() -> Secret {
    Secret::new(Uuid::new_v4().simple().to_string())
}
