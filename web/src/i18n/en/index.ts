import { app } from "./app";
import { common } from "./common";
import { desk } from "./desk";
import { home } from "./home";
import { integrations } from "./integrations";
import { lines } from "./lines";
import { platform } from "./platform";
import { session } from "./session";
import { settings } from "./settings";

/** Every text of the interface in English. */
export const en = { ...common, ...session, ...platform, ...home, ...lines, ...settings, ...integrations, ...desk, ...app };
