import type { Language } from "../api/types";

/** Texts that single places have: most visits see one or two of them. */
export type Part = "lines" | "settings" | "integrations" | "desk" | "board" | "platform";

const files = {
  ru: {
    lines: async () => (await import("./ru/lines")).lines,
    settings: async () => (await import("./ru/settings")).settings,
    integrations: async () => (await import("./ru/integrations")).integrations,
    desk: async () => (await import("./ru/desk")).desk,
    board: async () => (await import("./ru/board")).board,
    platform: async () => (await import("./ru/platform")).platform,
  },
  en: {
    lines: async () => (await import("./en/lines")).lines,
    settings: async () => (await import("./en/settings")).settings,
    integrations: async () => (await import("./en/integrations")).integrations,
    desk: async () => (await import("./en/desk")).desk,
    board: async () => (await import("./en/board")).board,
    platform: async () => (await import("./en/platform")).platform,
  },
} satisfies Record<Language, Record<Part, () => Promise<object>>>;

/** Fetches the texts of a part. */
export function textsOf(language: Language, part: Part): Promise<object> {
  return files[language][part]();
}
