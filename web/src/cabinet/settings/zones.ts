/** Russia's zones from west to east: the ones that are chosen most come first. */
export const RUSSIAN = [
  "Europe/Kaliningrad",
  "Europe/Moscow",
  "Europe/Samara",
  "Asia/Yekaterinburg",
  "Asia/Omsk",
  "Asia/Krasnoyarsk",
  "Asia/Irkutsk",
  "Asia/Yakutsk",
  "Asia/Vladivostok",
  "Asia/Magadan",
  "Asia/Kamchatka",
] as const;

/** The zone's distance from UTC now, as UTC+3. */
export function offset(zone: string, at = new Date()): string {
  try {
    const parts = new Intl.DateTimeFormat("en", {
      timeZone: zone,
      timeZoneName: "shortOffset",
    }).formatToParts(at);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    return name.replace("GMT", "UTC");
  } catch {
    return "";
  }
}

/** Every zone that the browser knows, and the one in use even where it does not. */
export function others(current: string): string[] {
  const russian: readonly string[] = RUSSIAN;
  const known = Intl.supportedValuesOf("timeZone").filter((zone) => !russian.includes(zone));
  return known.includes(current) || russian.includes(current) ? known : [current, ...known];
}
