//! What lines have learnt of handing callers over.

use model::id::LineId;
use model::transfer::TransferWay;
use store::Store;

use crate::world::{World, at};

stories! {
    a_way_that_failed_is_remembered_until_it_works
}

async fn a_way_that_failed_is_remembered_until_it_works(store: Store) {
    let world = World::new(&store, "Ромашка").await;
    let lines = store.lines();
    let failed = async || {
        let mut failed = lines.failed_ways(world.line).await.expect("ways");
        failed.sort_unstable();
        failed
    };
    assert_eq!(failed().await, []);
    for (way, seconds) in [
        (TransferWay::Refer, 1),
        (TransferWay::Code, 2),
        (TransferWay::Refer, 3),
    ] {
        let learnt = lines.learn_way(world.line, way, false, at(seconds)).await;
        learnt.expect("learnt");
    }
    let both = [(TransferWay::Refer, at(3)), (TransferWay::Code, at(2))];
    assert_eq!(failed().await, both);
    let works = lines.learn_way(world.line, TransferWay::Refer, true, at(4));
    works.await.expect("learnt");
    assert_eq!(failed().await, both[1..]);
    // Of no line.
    let nobody = LineId(uuid::Uuid::nil());
    let learnt = lines.learn_way(nobody, TransferWay::Code, false, at(5));
    learnt.await.expect("nothing to learn");
    assert_eq!(lines.failed_ways(nobody).await.expect("ways"), []);
}
