//! How many files and sockets the program may have open.

/// Raises the limit to what the system allows at the most: each call takes a
/// socket, each browser and each stream another, and shells allow 1,024.
pub(crate) fn allow_all() {
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files can't be raised");
    }
}

#[cfg(test)]
mod tests {
    use rlimit::Resource;

    #[test]
    fn as_many_files_may_be_open_as_the_system_allows() {
        let (_, most) = Resource::NOFILE.get().expect("a limit");
        Resource::NOFILE.set(most.min(512), most).expect("set");
        super::allow_all();
        assert_eq!(Resource::NOFILE.get().expect("a limit"), (most, most));
    }
}
