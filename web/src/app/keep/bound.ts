import type { Message, MessageDetails } from "../../message/contract";

/** A message as it is kept on the device. */
export interface Kept {
  row: Message;
  details?: MessageDetails;
}

/** Messages that are kept: about what somebody gets in a month. Each has a few kilobytes. */
export const KEPT_MAX = 200;
/** The newest of them are kept whole. */
export const WHOLE_MAX = 40;

/** What is to be written, and what goes. */
export interface Change {
  put: Kept[];
  drop: string[];
}

const newest = (a: Kept, b: Kept) => b.row.created_at.localeCompare(a.row.created_at);

/**
 * What of a device's messages changes when the server told a page of its list.
 * A beginning is the newest of all there are: who is kept from that time and
 * not told any more is not the reader's any more.
 */
export function received(kept: readonly Kept[], rows: readonly Message[], beginning: boolean): Change {
  const known = new Map(kept.map((it) => [it.row.id, it]));
  const told = new Set(rows.map(({ id }) => id));
  const since = rows.at(-1)?.created_at ?? "";
  const lost = beginning
    ? kept.filter(({ row }) => row.created_at >= since && !told.has(row.id)).map(({ row }) => row.id)
    : [];
  const gone = new Set(lost);
  const fresh = rows.map((row): Kept => {
    const details = known.get(row.id)?.details;
    return details ? { row, details } : { row };
  });
  const all = [...kept.filter(({ row }) => !told.has(row.id) && !gone.has(row.id)), ...fresh].sort(newest);
  const over = all.slice(KEPT_MAX).map(({ row }) => row.id);
  const dropped = new Set([...lost, ...over]);
  const put = fresh.filter(({ row }) => !dropped.has(row.id));
  return { put, drop: [...dropped].filter((id) => known.has(id)) };
}

/** The newest messages of which the details are missing, or are of before the last change. */
export function toFetch(kept: readonly Kept[], most: number): string[] {
  return [...kept]
    .sort(newest)
    .slice(0, most)
    .filter(({ row, details }) => !details || !alike(row, details.message))
    .map(({ row }) => row.id);
}

/** Whether the details are those of the row: reading and its deliveries tell of each change. */
function alike(row: Message, of: Message): boolean {
  return (
    row.state === of.state &&
    row.assignee_name === of.assignee_name &&
    row.accepted_at === of.accepted_at &&
    row.closed_at === of.closed_at &&
    row.deliveries.length === of.deliveries.length
  );
}

/** The kept messages without the details of the old ones. */
export function lightened(kept: readonly Kept[]): Kept[] {
  return [...kept]
    .sort(newest)
    .slice(WHOLE_MAX)
    .filter(({ details }) => details)
    .map(({ row }) => ({ row }));
}

/** Letters and digits, the way people look for them. */
const plain = (text: string) => text.toLowerCase().replaceAll("ё", "е");

/** The kept messages that a filter asks for, the newest first. */
export function found(
  kept: readonly Kept[],
  { state, search }: { state?: string | undefined; search?: string | undefined },
): Message[] {
  const words = plain(search ?? "").split(/\s+/).filter(Boolean);
  const digits = (search ?? "").replace(/\D/g, "");
  return [...kept]
    .sort(newest)
    .map(({ row }) => row)
    .filter((row) => !state || row.state === state)
    .filter((row) => {
      if (words.length === 0) return true;
      const text = plain([row.caller_name, row.text, row.recipient_name].join(" "));
      const inText = words.every((word) => text.includes(word));
      return inText || (digits.length > 2 && row.caller_phone.replace(/\D/g, "").includes(digits));
    });
}
