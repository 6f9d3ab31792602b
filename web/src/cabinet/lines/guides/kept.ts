/** What of the guides this browser keeps: which PBX a line has, and which steps are done. */
const KEPT = "telefonistka.guide";

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`${KEPT}.${key}`) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown) {
  try {
    localStorage.setItem(`${KEPT}.${key}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing forgets the ticks with the page.
  }
}

/** The PBX chosen for a line. */
export function keptPbx(line: string): string | null {
  const kept = read(line);
  return typeof kept === "string" ? kept : null;
}

/** Keeps the PBX chosen for a line. */
export function keepPbx(line: string, pbx: string | null) {
  write(line, pbx);
}

/** The steps of a guide that are done for a line. */
export function keptSteps(line: string, pbx: string): number[] {
  const kept = read(`${line}.${pbx}`);
  return Array.isArray(kept) ? kept.filter((step): step is number => typeof step === "number") : [];
}

/** Keeps them. */
export function keepSteps(line: string, pbx: string, steps: readonly number[]) {
  write(`${line}.${pbx}`, steps);
}
