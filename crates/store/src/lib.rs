//! Repositories scoped by company, migrations, recordings
