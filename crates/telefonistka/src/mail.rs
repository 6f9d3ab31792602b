//! The mail server, as configured.

use notify::{MailError, MailSettings, Mailer, Security};

use crate::config::{Config, SmtpSecurity};

/// The way that letters leave by; none where no mail server is configured.
pub fn mailer(config: &Config) -> Result<Option<Mailer>, MailError> {
    let Some(smtp) = &config.smtp else {
        return Ok(None);
    };
    let settings = MailSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.security {
            SmtpSecurity::StartTls => Security::StartTls,
            SmtpSecurity::Tls => Security::Tls,
            SmtpSecurity::None => Security::None,
        },
        login: smtp.login.clone(),
        from: smtp.from.clone(),
        public_url: config.http.public_url.clone(),
    };
    Mailer::new(&settings).map(Some)
}
