import { describe, expect, it } from "vitest";
import { merge, mergeRows } from "./merge";

const parts = (values: Record<string, unknown>) =>
  Object.entries(values).map(([key, value]) => ({ key, name: key, value }));

describe("two people's changes", () => {
  it("stand together where they don't touch", () => {
    const merged = merge(
      parts({ name: "A", site: "a.ru", phone: "1" }),
      parts({ name: "B", site: "a.ru", phone: "1" }),
      parts({ name: "A", site: "b.ru", phone: "1" }),
    );
    expect(merged.parts).toEqual(parts({ name: "B", site: "b.ru", phone: "1" }));
    expect([merged.mine, merged.theirs, merged.both]).toEqual([["name"], ["site"], []]);
  });

  it("keep one's own where both changed the same, and name it", () => {
    const merged = merge(parts({ name: "A" }), parts({ name: "B" }), parts({ name: "C" }));
    expect(merged.parts).toEqual(parts({ name: "B" }));
    expect(merged.both).toEqual(["name"]);
    expect(merge(parts({ name: "A" }), parts({ name: "B" }), parts({ name: "B" })).both).toEqual([]);
  });
});

describe("two people's rows", () => {
  const row = (id: string | null, name: string, extension = "", key = id ?? name) => ({
    id,
    name,
    extension,
    key,
  });
  const rows = (base: ReturnType<typeof row>[], mine: typeof base, theirs: typeof base) =>
    mergeRows(
      { base, mine, theirs },
      ({ name }) => name.toLowerCase(),
      ({ name }) => name,
    );

  it("are added and deleted by both", () => {
    const base = [row("1", "Sales"), row("2", "Service")];
    const merged = rows(
      base,
      [row("1", "Sales"), row("2", "Service"), row(null, "Store")],
      [row("2", "Service"), row("3", "Law")],
    );
    expect(merged.rows.map(({ id, name }) => [id, name])).toEqual([
      ["2", "Service"],
      ["3", "Law"],
      [null, "Store"],
    ]);
  });

  it("come back as new where one changed what the other deleted", () => {
    const merged = rows([row("1", "Sales")], [row("1", "Sales", "10")], []);
    expect(merged.rows.map(({ id, extension }) => [id, extension])).toEqual([[null, "10"]]);
    expect(merged.both).toEqual(["Sales"]);
  });

  it("are one row where both added the same", () => {
    const merged = rows([], [row(null, "Sales", "10")], [row("1", "sales", "11")]);
    expect(merged.rows.map(({ id, extension }) => [id, extension])).toEqual([["1", "10"]]);
  });
});
