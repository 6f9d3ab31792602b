//! What «Главная» asks.

use std::pin::Pin;

use jiff::Timestamp;
use model::call::CallResult;
use store::{CallFilter, MessageFilter, PageRequest, Store};

use crate::data::{History, caller, mixed, word};

const DAY: i64 = 86_400_000;
/// A page of calls, as the web asks for it.
const CALLS: u32 = 30;
/// A page of messages.
const MESSAGES: u32 = 10;
/// Answers that are followed to tell how many a search takes to its end.
const ANSWERS_MAX: usize = 100;

/// What came back.
#[derive(Default)]
pub struct Answer {
    pub rows: u64,
}

type Asked<'a> = Pin<Box<dyn Future<Output = Answer> + 'a>>;

/// Asks, for the run with this number.
type Ask = dyn for<'a> Fn(&'a Store, &'a History, usize) -> Asked<'a>;

/// A query; each run may ask for something else of its kind.
pub struct Query {
    pub name: &'static str,
    pub ask: Box<Ask>,
    /// What is followed through all of its answers.
    pub whole: Option<CallFilter>,
}

fn time(at: i64) -> Option<Timestamp> {
    Some(Timestamp::from_millisecond(at).expect("a time"))
}

fn calls(name: &'static str, filter: impl Fn(&History, usize) -> CallFilter + 'static) -> Query {
    Query {
        name,
        ask: Box::new(move |store, history, run| {
            let filter = filter(history, run);
            Box::pin(async move {
                let page = page(CALLS);
                let page = store.calls().list(history.company, &filter, page).await;
                let rows = page.expect("a page").items.len() as u64;
                Answer { rows }
            })
        }),
        whole: None,
    }
}

/// The same, and how many answers there are until the page is full or the history ends.
fn rare(name: &'static str, filter: CallFilter) -> Query {
    let same = filter.clone();
    Query {
        whole: Some(filter),
        ..calls(name, move |_, _| same.clone())
    }
}

fn messages(
    name: &'static str,
    filter: impl Fn(&History, usize) -> MessageFilter + 'static,
) -> Query {
    Query {
        name,
        ask: Box::new(move |store, history, run| {
            let filter = filter(history, run);
            Box::pin(async move {
                let page = page(MESSAGES);
                let page = store.messages().list(history.company, &filter, page).await;
                let rows = page.expect("a page").items.len() as u64;
                Answer { rows }
            })
        }),
        whole: None,
    }
}

fn figures(name: &'static str, days: i64) -> Query {
    Query {
        name,
        ask: Box::new(move |store, history, _| {
            Box::pin(async move {
                let from = time(history.now - days * DAY).expect("a time");
                let to = time(history.now + 1).expect("a time");
                let calls = store.calls();
                let quarters = calls
                    .figures_by_quarter_hour(history.company, from, to)
                    .await;
                let rows = quarters.expect("figures").len() as u64;
                Answer { rows }
            })
        }),
        whole: None,
    }
}

fn page(limit: u32) -> PageRequest {
    PageRequest { after: None, limit }
}

fn by(search: impl Into<String>) -> CallFilter {
    CallFilter {
        search: Some(search.into()),
        ..CallFilter::default()
    }
}

fn said(search: impl Into<String>) -> MessageFilter {
    MessageFilter {
        search: Some(search.into()),
        ..MessageFilter::default()
    }
}

/// Somewhere in the history.
fn any_call(history: &History, run: usize) -> usize {
    usize::try_from(mixed(run as u64 ^ 0x77) % history.calls as u64).expect("an index")
}

/// How many answers it takes to fill a page, or to reach the end of the history.
pub async fn answers(store: &Store, history: &History, filter: &CallFilter) -> usize {
    let mut request = page(CALLS);
    let mut rows = 0;
    for answer in 1..ANSWERS_MAX {
        let page = store
            .calls()
            .list(history.company, filter, request)
            .await
            .expect("a page");
        rows += page.items.len();
        if page.next.is_none() || rows >= CALLS as usize {
            return answer;
        }
        request.after = page.next;
    }
    ANSWERS_MAX
}

/// All that is measured.
pub fn all(history: &History) -> Vec<Query> {
    let all = CallFilter::default;
    let of_line = |line: usize| CallFilter {
        line: Some(history.lines[line]),
        ..all()
    };
    let with = |result| CallFilter {
        result: Some(result),
        ..all()
    };
    let last = history.lines.len() - 1;
    vec![
        calls("calls: the newest", move |_, _| all()),
        calls("calls: anywhere in the history", |h, run| CallFilter {
            to: time(h.arrived(any_call(h, run))),
            ..CallFilter::default()
        }),
        calls("calls: a day", |h, run| {
            let at = h.arrived(any_call(h, run));
            CallFilter {
                from: time(at),
                to: time(at + DAY),
                ..CallFilter::default()
            }
        }),
        rare("calls: a line with most", of_line(0)),
        rare("calls: a line with twenty, long ago", of_line(last)),
        rare("calls: lost", with(CallResult::Lost)),
        rare("calls: spam, one in a thousand", with(CallResult::Spam)),
        rare(
            "calls: a result that none has",
            with(CallResult::Transferred),
        ),
        rare(
            "calls: spam on the line with twenty",
            CallFilter {
                result: Some(CallResult::Spam),
                ..of_line(last)
            },
        ),
        rare(
            "calls: not called back",
            CallFilter {
                not_called_back: true,
                ..all()
            },
        ),
        rare(
            "calls: not called back, on the line with twenty",
            CallFilter {
                not_called_back: true,
                ..of_line(last)
            },
        ),
        rare(
            "calls: outgoing",
            CallFilter {
                outgoing: Some(true),
                ..all()
            },
        ),
        rare(
            "calls: outgoing, on the line with twenty",
            CallFilter {
                outgoing: Some(true),
                ..of_line(last)
            },
        ),
        rare(
            "calls: that came in",
            CallFilter {
                outgoing: Some(false),
                ..all()
            },
        ),
        calls("search: a caller's whole number", |h, run| {
            by(format!("+{}", caller(any_call(h, run))))
        }),
        calls("search: the same with 8", |h, run| {
            by(format!("8{}", &caller(any_call(h, run))[1..]))
        }),
        calls("search: its last four digits", |h, run| {
            by(&caller(any_call(h, run))[7..])
        }),
        calls("search: two digits", |_, run| {
            by(format!("{}", 10 + run % 90))
        }),
        calls("search: a number that never called", |_, run| {
            by(format!("+7999{:07}", mixed(run as u64) % 10_000_000))
        }),
        calls("search: a name or word, frequent or not", |_, run| {
            by(word(mixed(run as u64) % 4000))
        }),
        calls("search: its first three letters", |_, run| {
            by(word(mixed(run as u64) % 4000)
                .chars()
                .take(3)
                .collect::<String>())
        }),
        rare("search: a word of every message", by("перезвонить")),
        rare("search: a word of twenty messages", by("орхидея")),
        rare("search: a word of none", by("кактус")),
        rare("search: a word frequent two years ago", by("карниз")),
        rare(
            "search: two words that rarely meet",
            by(format!("{} {}", word(2001), word(2002))),
        ),
        rare(
            "search: a frequent and a rare word",
            by("перезвонить орхидея"),
        ),
        rare(
            "search: a frequent word, on the line with twenty",
            CallFilter {
                search: Some("перезвонить".into()),
                ..of_line(last)
            },
        ),
        rare(
            "search: a rare word, on a line with few",
            CallFilter {
                search: Some("орхидея".into()),
                ..of_line(3)
            },
        ),
        rare(
            "search: a frequent word, in spam (there is none)",
            CallFilter {
                search: Some("перезвонить".into()),
                ..with(CallResult::Spam)
            },
        ),
        rare(
            "search: a frequent word, in lost (there is none)",
            CallFilter {
                search: Some("перезвонить".into()),
                ..with(CallResult::Lost)
            },
        ),
        messages("messages: the newest", |_, _| MessageFilter::default()),
        messages("messages: anywhere in the history", |h, run| {
            MessageFilter {
                to: time(h.arrived(any_call(h, run))),
                ..MessageFilter::default()
            }
        }),
        messages("messages: a word of every one", |_, _| said("перезвонить")),
        messages("messages: a word of twenty", |_, _| said("орхидея")),
        messages("messages: a word of none", |_, _| said("кактус")),
        messages("messages: a word frequent two years ago", |_, _| {
            said("карниз")
        }),
        messages("messages: a caller's number", |h, run| {
            said(caller(any_call(h, run)))
        }),
        figures("figures: a day", 1),
        figures("figures: a week", 7),
        figures("figures: 30 days", 30),
        Query {
            name: "desk: lost callers to call back",
            ask: Box::new(|store, history, _| {
                Box::pin(async move {
                    let now = time(history.now).expect("a time");
                    let lost = store.calls().lost_to_call_back(now).await;
                    let rows = lost.expect("callers").len() as u64;
                    Answer { rows }
                })
            }),
            whole: None,
        },
        Query {
            name: "figures: how many to call back",
            ask: Box::new(|store, history, _| {
                Box::pin(async move {
                    let count = store.calls().count_to_call_back(history.company).await;
                    Answer {
                        rows: count.expect("a count"),
                    }
                })
            }),
            whole: None,
        },
    ]
}
