//! The order of service records (RFC 2782).

/// By priority, and among equals by chance after their weight (RFC 2782).
pub(super) fn in_order(
    mut records: Vec<(u16, u16, String, u16)>,
    mut chance: impl FnMut(u32) -> u32,
) -> Vec<(String, u16)> {
    records.sort_by_key(|(priority, weight, ..)| (*priority, *weight));
    let mut ordered = Vec::with_capacity(records.len());
    while let Some((priority, ..)) = records.first() {
        let equals = records.iter().take_while(|(p, ..)| p == priority).count();
        let total = records[..equals]
            .iter()
            .map(|(_, weight, ..)| u32::from(*weight))
            .sum();
        let drawn = chance(total);
        let mut sum = 0;
        let at = records[..equals]
            .iter()
            .position(|(_, weight, ..)| {
                sum += u32::from(*weight);
                sum >= drawn
            })
            .unwrap_or(0);
        let (_, _, target, port) = records.remove(at);
        ordered.push((target, port));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn service_records_stand_in_the_order_of_their_priority_and_weight() {
        let record = |priority, weight, name: &str| (priority, weight, name.to_owned(), 5060);
        let records = vec![
            record(20, 0, "last"),
            record(10, 10, "light"),
            record(10, 90, "heavy"),
        ];
        let names = |chance: u32| {
            in_order(records.clone(), |below| chance.min(below))
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(5), ["light", "heavy", "last"]);
        assert_eq!(names(50), ["heavy", "light", "last"]);
    }

    #[test]
    fn over_many_calls_equals_are_met_after_their_weight() {
        let record = |weight, name: &str| (10, weight, name.to_owned(), 5060);
        let records = vec![record(25, "quarter"), record(75, "rest")];
        // Every number that chance can give.
        let first = |drawn: u32| in_order(records.clone(), |_| drawn)[0].0.clone();
        let quarter = (1..=100).filter(|n| first(*n) == "quarter").count();
        assert_eq!(quarter, 25);
    }
}
