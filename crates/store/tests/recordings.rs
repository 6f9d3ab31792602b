//! Recordings in a folder.

#![allow(missing_docs, reason = "tests speak for themselves")]

use std::path::Path;

use jiff::Timestamp;
use model::id::{CallId, CompanyId};
use store::{Recordings, RecordingsError};
use uuid::Uuid;

fn ids() -> (CompanyId, CallId, Timestamp) {
    let arrived = "2026-11-30T23:59:59Z".parse().expect("a time");
    (CompanyId(Uuid::now_v7()), CallId(Uuid::now_v7()), arrived)
}

/// Packed files, as they wait in a temporary folder.
fn packed(folder: &Path) -> (std::path::PathBuf, std::path::PathBuf) {
    let (ogg, peaks) = (folder.join("1.ogg"), folder.join("1.json"));
    std::fs::write(&ogg, b"OggS 0123456789").expect("written");
    std::fs::write(&peaks, b"{}").expect("written");
    (ogg, peaks)
}

#[tokio::test]
async fn a_packed_recording_is_read_in_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let recordings = Recordings::open(&folder.path().join("recordings")).expect("opened");
    let (company, call, arrived) = ids();
    let missing = recordings.head(company, call, arrived).await;
    assert!(matches!(missing, Err(RecordingsError::NotFound)));

    let (ogg, peaks) = packed(folder.path());
    recordings
        .put(company, call, arrived, &ogg, &peaks)
        .await
        .expect("put");
    assert!(!ogg.exists() && !peaks.exists(), "taken over");
    let path = recordings.ogg_path(company, call, arrived);
    assert!(
        path.ends_with(format!("recordings/{company}/2026/11/{call}.ogg")),
        "{path:?}"
    );
    assert!(path.is_file());
    let size = recordings
        .head(company, call, arrived)
        .await
        .expect("head")
        .size;
    assert_eq!(size, 15);
    let part = recordings
        .read(company, call, arrived, 5..8)
        .await
        .expect("read");
    assert_eq!(&part[..], b"012");
    let whole = recordings
        .read(company, call, arrived, 0..size)
        .await
        .expect("read");
    assert_eq!(&whole[..], b"OggS 0123456789");
    let beyond = (5, 16);
    let empty = (5, 5);
    for (from, to) in [beyond, empty] {
        let refused = recordings.read(company, call, arrived, from..to).await;
        assert!(
            matches!(refused, Err(RecordingsError::Range)),
            "{from}..{to}"
        );
    }
    let peaks = recordings
        .peaks(company, call, arrived)
        .await
        .expect("peaks");
    assert_eq!(&peaks[..], b"{}");

    let (stranger, _, _) = ids();
    let scoped = recordings.peaks(stranger, call, arrived).await;
    assert!(matches!(scoped, Err(RecordingsError::NotFound)));
}

#[tokio::test]
async fn packing_again_replaces_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let recordings = Recordings::open(folder.path()).expect("opened");
    let (company, call, arrived) = ids();
    for _ in 0..2 {
        let (ogg, peaks) = packed(folder.path());
        recordings
            .put(company, call, arrived, &ogg, &peaks)
            .await
            .expect("put");
    }
    assert_eq!(
        recordings
            .head(company, call, arrived)
            .await
            .expect("head")
            .size,
        15
    );
}

#[tokio::test]
async fn raw_files_that_were_left_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let recordings = Recordings::open(folder.path()).expect("opened");
    assert!(recordings.left_over().expect("listed").is_empty());
    let (_, call, _) = ids();
    let raw = recordings.live_path(call);
    std::fs::write(&raw, b"RIFF").expect("written");
    std::fs::write(folder.path().join("live").join("notes.txt"), b"").expect("written");
    std::fs::write(folder.path().join("live").join("odd.wav"), b"").expect("written");
    assert_eq!(
        recordings.left_over().expect("listed"),
        [(call, raw.clone())]
    );
    recordings.remove_live(call).await.expect("removed");
    recordings
        .remove_live(call)
        .await
        .expect("again is no error");
    assert!(!raw.exists());
}
