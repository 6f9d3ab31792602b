import { beforeEach, describe, expect, it } from "vitest";
import { begin, forget, keep, kept, prune } from "./draft";
import type { CallCard } from "./wire";

class Shelf {
  readonly #items = new Map<string, string>();
  get length() {
    return this.#items.size;
  }
  key(index: number) {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.#items.set(key, value);
  }
  removeItem(key: string) {
    this.#items.delete(key);
  }
}

const call = {
  id: "a",
  caller_name: "",
  caller_phone: "+79261234567",
  caller_phone_shown: "+7 (926) 123-45-67",
} as CallCard;

describe("a draft", () => {
  let shelf = new Shelf();
  beforeEach(() => {
    shelf = new Shelf();
  });

  it("begins with what is known of the caller", () => {
    expect(begin(call, "id", 1)).toEqual({
      id: "id",
      recipient: null,
      caller_name: "",
      caller_phone: "+7 (926) 123-45-67",
      text: "",
      answers: {},
      urgent: false,
      at: 1,
    });
  });

  it("survives a reload, and goes when it was sent", () => {
    const draft = { ...begin(call, "id", 1), text: "Перезвонить" };
    keep(shelf, "a", draft);
    expect(kept(shelf, "a")).toEqual(draft);
    forget(shelf, "a");
    expect(kept(shelf, "a")).toBeNull();
  });

  it("is forgotten after a day, and others' keys are left alone", () => {
    keep(shelf, "old", begin(call, "1", 0));
    keep(shelf, "new", begin(call, "2", 86_400_000));
    shelf.setItem("telefonistka.draft.broken", "{");
    shelf.setItem("other", "1");
    prune(shelf, 86_400_001);
    expect(kept(shelf, "old")).toBeNull();
    expect(kept(shelf, "new")?.id).toBe("2");
    expect(shelf.getItem("telefonistka.draft.broken")).toBeNull();
    expect(shelf.getItem("other")).toBe("1");
  });
});
