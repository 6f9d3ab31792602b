//! Lists and their pages.

use serde::{Deserialize, Serialize};
use store::{Page, PageRequest, StoreError};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Flaw, Problem};

/// Items of a page, where none is asked for otherwise.
const LIMIT: u32 = 50;
/// Most items of a page.
const LIMIT_MAX: u32 = 200;
/// Most items of a list as a whole: a busy company's year, and still a few seconds of reading.
const WHOLE_MAX: usize = 20_000;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Value of `after` for the next page; none on the last one.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A page of the store, its items put as they travel.
    pub fn of<S>(page: Page<S>, put: impl FnMut(S) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(put).collect(),
            next: page.next.map(|cursor| cursor.to_string()),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Value of `next` on the page before.
    pub after: Option<String>,
    /// Items at most, 1 to 200.
    pub limit: Option<u32>,
}

impl PageQuery {
    /// As the store takes it.
    pub fn request(&self) -> Result<PageRequest, Problem> {
        page_request(self.after.as_deref(), self.limit)
    }
}

/// Reads the two fields of a query that ask for a page.
pub fn page_request(after: Option<&str>, limit: Option<u32>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::field(
            "limit",
            Flaw::OutOfRange {
                min: 1,
                max: LIMIT_MAX,
            },
        ));
    }
    let after = match after {
        Some(text) if !text.is_empty() => Some(
            text.parse()
                .map_err(|_| Problem::field("after", Flaw::BadCursor))?,
        ),
        _ => None,
    };
    Ok(PageRequest { after, limit })
}

/// A list from its first page to its last, or to as many items as a file may have.
pub async fn whole<T, R>(mut read: impl FnMut(PageRequest) -> R) -> Result<Vec<T>, StoreError>
where
    R: Future<Output = Result<Page<T>, StoreError>>,
{
    let limit = LIMIT_MAX;
    let (mut whole, mut after) = (Vec::new(), None);
    loop {
        let page = read(PageRequest { after, limit }).await?;
        whole.extend(page.items);
        after = page.next;
        if after.is_none() || whole.len() >= WHOLE_MAX {
            whole.truncate(WHOLE_MAX);
            return Ok(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use store::{Cursor, Page, PageRequest};

    use super::{WHOLE_MAX, whole};

    fn cursor(page: usize) -> Cursor {
        let text = format!("{page}.{}", uuid::Uuid::nil().simple());
        text.parse().expect("a cursor")
    }

    /// What is read of a list whose pages have so many items, each numbered by its page.
    async fn read(pages: &[usize]) -> Vec<usize> {
        let read = async |PageRequest { after, .. }: PageRequest| {
            let at = (0..pages.len()).find(|at| after == Some(cursor(*at)));
            let at = at.unwrap_or_default();
            let next = at + 1;
            Ok(Page {
                items: vec![at; pages[at]],
                next: (next < pages.len()).then(|| cursor(next)),
            })
        };
        whole(read).await.expect("a list")
    }

    #[tokio::test]
    async fn a_page_with_nothing_on_it_does_not_end_a_list() {
        assert_eq!(read(&[2, 0, 0, 1]).await, [0, 0, 3]);
        assert!(read(&[0]).await.is_empty());
    }

    #[tokio::test]
    async fn a_list_without_end_is_read_as_far_as_a_file_goes() {
        let whole = read(&[199; 200]).await;
        assert_eq!(whole.len(), WHOLE_MAX);
        assert_eq!(whole.last(), Some(&100));
    }
}
