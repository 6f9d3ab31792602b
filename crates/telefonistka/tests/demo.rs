//! The demo with each PBX there is: one call by itself, from a caller's voice to the letter.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use sim::pbx::ZOO;

/// Demos that run side by side: most of each is waiting for sound.
const SIDE_BY_SIDE: usize = 12;

fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_telefonistka"))
        .arg("demo")
        .args(arguments)
        .output()
        .expect("the demo")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Two seconds of a voice, for a short call.
fn short(folder: &Path, name: &str, voice: &[i16]) -> String {
    let path = folder.join(name);
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: sim::audio::RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(&path, spec).expect("a WAV");
    for sample in &voice[..16_000] {
        writer.write_sample(*sample).expect("a sample");
    }
    writer.finalize().expect("a WAV");
    path.to_str().expect("a path").to_owned()
}

#[test]
fn the_pbxs_there_are_are_listed_a_name_a_line() {
    let output = demo(&["--list-pbx"]);
    assert!(output.status.success());
    let names: Vec<_> = ZOO.iter().map(|animal| animal.name).collect();
    assert!(names.len() >= 15);
    assert_eq!(text(&output.stdout), format!("{}\n", names.join("\n")));
}

#[test]
fn an_unknown_pbx_starts_nothing() {
    let output = demo(&["--pbx", "platypus", "--once"]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("lost-ack"));
}

#[test]
fn a_call_comes_through_from_every_pbx() {
    let folder = tempfile::tempdir().expect("a folder");
    let caller = sim::customer::CALLERS[0].voice().expect("a voice");
    let operator = sim::customer::operator_voice().expect("a voice");
    let caller = short(folder.path(), "caller.wav", &caller);
    let operator = short(folder.path(), "operator.wav", &operator);
    let names = Mutex::new(ZOO.iter().map(|animal| animal.name));
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let Some(name) = names.lock().expect("names").next() else {
                        return;
                    };
                    let data = folder.path().join(name);
                    let output = demo(&[
                        "--pbx",
                        name,
                        "--once",
                        "--data-dir",
                        data.to_str().expect("a path"),
                        "--caller-wav",
                        &caller,
                        "--operator-wav",
                        &operator,
                    ]);
                    let told = text(&output.stdout).contains("\"ending\":");
                    if !output.status.success() || !told {
                        let mut failed = failed.lock().expect("failures");
                        failed.push(format!("{name}: {}", text(&output.stderr)));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("failures");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
