import { app } from "./app";
import { common } from "./common";
import { desk } from "./desk";
import { home } from "./home";
import { integrations } from "./integrations";
import { lines } from "./lines";
import { platform } from "./platform";
import { session } from "./session";
import { settings } from "./settings";

/** Every text of the interface in Russian. */
export const ru = { ...common, ...session, ...platform, ...home, ...lines, ...settings, ...integrations, ...desk, ...app };

export type Texts = typeof ru;
