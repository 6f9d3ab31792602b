//! Callers whom companies know.

use model::caller::{KnownCaller, Mark};
use store::{
    CallerDraft, CallerFilter, ChangeKind, Conflict, Cursor, PageRequest, Store, StoreError,
};

use crate::world::{World, at};

stories! {
    a_caller_is_known_by_the_number
    callers_are_read_in_pages_and_searched
    spam_is_remembered_and_taken_back
    callers_are_the_companys_own
}

fn draft(number: &str, name: &str, mark: Mark) -> CallerDraft {
    CallerDraft {
        number: number.into(),
        name: name.into(),
        note: String::new(),
        mark,
    }
}

async fn names(store: &Store, world: &World, filter: CallerFilter) -> Vec<String> {
    let callers = store.callers();
    let page = PageRequest::default();
    let page = callers.list(world.company, &filter, page).await;
    let page = page.expect("a page");
    page.items.into_iter().map(|caller| caller.name).collect()
}

async fn a_caller_is_known_by_the_number(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let callers = store.callers();
    let mut changes = store.changes();
    let ivan = draft("8 (926) 123-45-67", "Иван", Mark::Vip);
    let made = callers
        .create(world.company, &ivan, at(0))
        .await
        .expect("made");
    assert_eq!(made.number, "+79261234567");
    assert_eq!(
        changes.recv().await.expect("told").kind,
        ChangeKind::Callers
    );
    let known = callers.by_number(world.company, "79261234567").await;
    assert_eq!(known.expect("read"), Some(made.clone()));
    let again = draft("+7 926 123 45 67", "Пётр", Mark::Usual);
    assert_fails!(
        callers.create(world.company, &again, at(1)).await,
        StoreError::Conflict {
            what: Conflict::CallerKnown
        }
    );
    let changed = CallerDraft {
        note: "Партнёр".into(),
        ..draft("+79990000000", "Иван Петров", Mark::Usual)
    };
    let changed = callers
        .update(world.company, made.id, &changed, at(2))
        .await;
    let expected = KnownCaller {
        name: "Иван Петров".into(),
        note: "Партнёр".into(),
        mark: Mark::Usual,
        ..made.clone()
    };
    assert_eq!(changed.expect("changed"), expected, "the number stays");
    let put = callers
        .put(world.company, &again, at(3))
        .await
        .expect("put");
    assert_eq!((put.id, put.name.as_str()), (made.id, "Пётр"));
    callers.delete(world.company, made.id).await.expect("gone");
    assert_fails!(
        callers.delete(world.company, made.id).await,
        StoreError::NotFound
    );
}

async fn callers_are_read_in_pages_and_searched(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let callers = store.callers();
    for n in 0..7_i64 {
        let mark = [Mark::Usual, Mark::Vip, Mark::Blocked][usize::try_from(n % 3).expect("small")];
        let draft = draft(&format!("+7926123450{n}"), &format!("Звонящий {n}"), mark);
        callers
            .create(world.company, &draft, at(n))
            .await
            .expect("made");
    }
    let (mut after, mut read) = (None::<Cursor>, Vec::new());
    loop {
        let request = PageRequest { after, limit: 3 };
        let all = CallerFilter::default();
        let page = callers.list(world.company, &all, request).await;
        let page = page.expect("a page");
        read.extend(page.items.into_iter().map(|caller| caller.name));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let all: Vec<String> = (0..7).rev().map(|n| format!("Звонящий {n}")).collect();
    assert_eq!(read, all, "those changed last first");
    let blocked = CallerFilter {
        mark: Some(Mark::Blocked),
        search: None,
    };
    assert_eq!(
        names(&store, &world, blocked).await,
        ["Звонящий 5", "Звонящий 2"]
    );
    for (search, found) in [
        ("звон 34503", vec!["Звонящий 3"]),
        ("4504", vec!["Звонящий 4"]),
        ("8 926 123-45-06", vec!["Звонящий 6"]),
        ("Мария", vec![]),
        ("!", vec![]),
    ] {
        let filter = CallerFilter {
            mark: None,
            search: Some(search.into()),
        };
        assert_eq!(names(&store, &world, filter).await, found, "{search}");
    }
}

async fn spam_is_remembered_and_taken_back(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let callers = store.callers();
    let ivan = draft("+79261234567", "Иван", Mark::Vip);
    let ivan = callers
        .create(world.company, &ivan, at(0))
        .await
        .expect("made");
    let blocked = callers.block(world.company, "89261234567", at(1)).await;
    let blocked = blocked.expect("blocked");
    assert_eq!((blocked.id, blocked.mark), (ivan.id, Mark::Blocked));
    assert_eq!(blocked.name, "Иван", "what is known stays");
    let unknown = callers.block(world.company, "+79260000000", at(2)).await;
    let unknown = unknown.expect("blocked");
    let marked = callers.marked(world.company).await.expect("read");
    assert_eq!(
        marked,
        [
            ("+79260000000".to_owned(), Mark::Blocked),
            ("+79261234567".to_owned(), Mark::Blocked)
        ]
    );
    callers
        .delete(world.company, unknown.id)
        .await
        .expect("taken out");
    assert_eq!(callers.marked(world.company).await.expect("read").len(), 1);
}

async fn callers_are_the_companys_own(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let other = World::new(&store, "Астра").await;
    let callers = store.callers();
    let draft = draft("+79261234567", "Иван", Mark::Vip);
    let made = callers
        .create(world.company, &draft, at(0))
        .await
        .expect("made");
    assert_eq!(
        callers
            .by_number(other.company, "+79261234567")
            .await
            .expect("read"),
        None
    );
    assert!(
        callers
            .marked(other.company)
            .await
            .expect("read")
            .is_empty()
    );
    assert!(
        names(&store, &other, CallerFilter::default())
            .await
            .is_empty()
    );
    assert_fails!(
        callers.update(other.company, made.id, &draft, at(1)).await,
        StoreError::NotFound
    );
    assert_fails!(
        callers.delete(other.company, made.id).await,
        StoreError::NotFound
    );
    // The same number is another caller elsewhere.
    callers
        .create(other.company, &draft, at(2))
        .await
        .expect("made");
}
