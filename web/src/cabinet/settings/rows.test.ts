import { describe, expect, it } from "vitest";
import { added, imported, keyed, removed, restored } from "./rows";

interface Row {
  id: string | null;
  email: string;
  name: string;
}

const saved = keyed<Row>([
  { id: "1", email: "a@x.ru", name: "A" },
  { id: "2", email: "b@x.ru", name: "B" },
]);

describe("rows of a file", () => {
  it("update those that are known, saved or not, and add the others", () => {
    const table = added(saved, { id: null, email: "c@x.ru", name: "C" });
    const rows = imported(
      table,
      [
        { id: "2", email: "b@x.ru", name: "Boris" },
        { id: null, email: "C@x.ru", name: "Clara" },
        { id: null, email: "d@x.ru", name: "D" },
      ],
      ({ email }) => email.toLowerCase(),
    );
    expect(rows.map(({ id, name }) => [id, name])).toEqual([
      ["1", "A"],
      ["2", "Boris"],
      [null, "Clara"],
      [null, "D"],
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(4);
  });

  it("come in again as new where the saved row was deleted here", () => {
    const rows = imported(removed(saved, "1"), [{ id: "1", email: "a@x.ru", name: "A" }], ({ email }) => email);
    expect(rows.at(-1)?.id).toBeNull();
  });
});

describe("a deleted row", () => {
  it("comes back where it stood", () => {
    const [first] = saved;
    if (!first) throw new Error("no row");
    expect(restored(removed(saved, first.key), first, 0)).toEqual(saved);
  });
});
