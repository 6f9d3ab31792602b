import { app } from "./app";
import type { board } from "./board";
import { common } from "./common";
import type { desk } from "./desk";
import { home } from "./home";
import type { integrations } from "./integrations";
import type { lines } from "./lines";
import type { platform } from "./platform";
import { session } from "./session";
import type { settings } from "./settings";

/** The texts in Russian that pages begin with; those of single places are fetched with them. */
export const ru = { ...common, ...session, ...home, ...app };

/** Every text of the interface. */
export type Texts = typeof ru & typeof lines & typeof settings & typeof integrations & typeof desk & typeof board & typeof platform;
