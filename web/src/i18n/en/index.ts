import { app } from "./app";
import { common } from "./common";
import { home } from "./home";
import { session } from "./session";

/** The texts in English that pages begin with. */
export const en = { ...common, ...session, ...home, ...app };
