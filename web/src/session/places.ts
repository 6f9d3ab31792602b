import type { Role } from "../api/types";

/** Where people work; each is a frame of its own, at an address of its name. */
export const places = ["app", "cabinet", "desk", "platform"] as const;

/** A place to work at. */
export type Place = (typeof places)[number];

const admitted: Record<Place, readonly string[]> = {
  app: ["employee", "company_admin"],
  cabinet: ["company_admin", "employee"],
  desk: ["operator"],
  platform: ["platform_admin"],
};

/** Roles by how much of the day they take: the place of the first is where its holder begins. */
const order: readonly Role[] = ["company_admin", "operator", "platform_admin", "employee"];

/** Whether these roles open the place. */
export function opens(place: Place, roles: readonly Role[]): boolean {
  return roles.some((role) => admitted[place].includes(role));
}

/** Where the holder of a role works first of all; an employee lives in the app, whatever the device. */
const own: Partial<Record<Role, Place>> = { company_admin: "cabinet" };

/** The places that these roles open, the one to begin at first. */
export function placesOf(roles: readonly Role[]): Place[] {
  const held = order.filter((role) => roles.includes(role));
  const open = held.flatMap((role) => {
    const all = places.filter((place) => admitted[place].includes(role));
    const first = own[role];
    return first ? [first, ...all] : all;
  });
  return [...new Set(open)];
}

/** Where somebody with these roles begins; the profile where no place is open. */
export function homeOf(roles: readonly Role[]): `/${Place}` | "/account" {
  const [first] = placesOf(roles);
  return first ? `/${first}` : "/account";
}
