//! The mail server, as configured.

use api::people::{FirstPassword, Letters};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use notify::{MailError, MailSettings, MailboxSettings, Mailer, Returns, Security, Welcome};

use crate::config::{Config, SmtpSecurity};

/// The way that letters leave by; none where no mail server is configured.
pub fn mailer(config: &Config) -> Result<Option<Mailer>, MailError> {
    let Some(smtp) = &config.smtp else {
        return Ok(None);
    };
    let settings = MailSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        security: security(smtp.security),
        login: smtp.login.clone(),
        from: smtp.from.clone(),
        public_url: config.http.public_url.clone(),
    };
    let mailer = Mailer::new(&settings)?;
    let Some(bounces) = &config.bounces else {
        return Ok(Some(mailer));
    };
    let returns = Returns::new(&bounces.address, bounces.own_addresses)?;
    Ok(Some(mailer.returning(returns)))
}

/// The mailbox that reports on letters come to; none where none is configured.
pub fn mailbox(config: &Config) -> Option<MailboxSettings> {
    config.bounces.as_ref().map(|bounces| MailboxSettings {
        host: bounces.host.clone(),
        port: bounces.port,
        security: security(bounces.security),
        user: bounces.user.clone(),
        password: bounces.password.clone(),
        folder: bounces.folder.clone(),
    })
}

fn security(configured: SmtpSecurity) -> Security {
    match configured {
        SmtpSecurity::StartTls => Security::StartTls,
        SmtpSecurity::Tls => Security::Tls,
        SmtpSecurity::None => Security::None,
    }
}

/// Letters with first passwords, sent at once.
pub struct Post(pub Mailer);

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}

impl Letters for Post {
    fn first_password<'a>(
        &'a self,
        letter: &'a FirstPassword,
    ) -> BoxFuture<'a, Result<(), String>> {
        async move {
            let welcome = Welcome {
                company: letter.company.as_deref(),
                name: &letter.name,
                login: &letter.login,
                password: &letter.password,
                language: letter.language,
            };
            let sent = self.0.welcome(&welcome).await;
            sent.map_err(|error| error.to_string())
        }
        .boxed()
    }
}
