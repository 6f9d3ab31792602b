import { useState } from "react";
import type { Form } from "../../shared/form";
import { added, changed, removed, restored, type Keyed } from "./rows";

interface Rows<T> {
  version: number;
  items: Keyed<T>[];
}

/** What is done to a list of rows, and the row that was deleted last, to bring it back. */
export function useRows<T>(form: Form<Rows<T>>) {
  const [gone, setGone] = useState<{ row: Keyed<T>; at: number } | null>(null);
  const rows = form.value.items;
  const put = (items: Keyed<T>[]) => {
    form.put("items", items);
  };
  return {
    rows,
    /** Only while the deletion is not saved. */
    gone: form.dirty ? (gone?.row ?? null) : null,
    put,
    add: (row: T) => {
      put(added(rows, row));
    },
    edit: (key: string, change: Partial<T>) => {
      put(changed(rows, key, change));
    },
    remove: (row: Keyed<T>) => {
      setGone({ row, at: rows.findIndex(({ key }) => key === row.key) });
      put(removed(rows, row.key));
    },
    restore: () => {
      if (gone) put(restored(rows, gone.row, gone.at));
      setGone(null);
    },
    forget: () => {
      setGone(null);
    },
  };
}
