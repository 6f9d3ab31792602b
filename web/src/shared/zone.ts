import { createContext, use } from "react";
import { useTranslation } from "react-i18next";
import { browserZone, clock, dateIn, exactly, moment } from "./time";

/** The zone that times are shown in: the company's in the cabinet, the browser's elsewhere. */
export const Zone = createContext<string | null>(null);

/** Ways to show a time, in the zone and language at hand. */
export function useTimes() {
  const zone = use(Zone) ?? browserZone();
  const { t, i18n } = useTranslation();
  return {
    zone,
    clock: (at: string) => clock(at, zone),
    moment: (at: string) => moment(at, zone, t),
    /** 14:05 where it is today, else with its day. */
    until: (at: string) =>
      dateIn(new Date(at), zone) === dateIn(new Date(), zone) ? clock(at, zone) : moment(at, zone, t),
    exactly: (at: string) => exactly(at, zone, i18n.language),
  };
}
