import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { carry } from "../api/client";
import type { Language } from "../api/types";
import { textsOf, type Part } from "./parts";
import { ru } from "./ru";

const KEPT = "telefonistka.language";

/** The language that this browser last used; Russian at first. */
export function keptLanguage(): Language {
  return localStorage.getItem(KEPT) === "en" ? "en" : "ru";
}

/** The parts that pages here have asked for so far. */
const wanted = new Set<Part>();
const fetched = new Set<string>();

/** Fetches texts of parts, each once. */
async function fetchTexts(language: Language, parts: Iterable<Part>) {
  await Promise.all(
    [...parts].map(async (part) => {
      const name = `${language} ${part}`;
      if (fetched.has(name)) return;
      i18next.addResourceBundle(language, "translation", await textsOf(language, part), true, true);
      fetched.add(name);
    }),
  );
}

/** Readies the texts that a place has for itself. */
export async function readTexts(...parts: Part[]) {
  for (const part of parts) wanted.add(part);
  await fetchTexts(i18next.language === "en" ? "en" : "ru", parts);
}

/** Turns the whole interface to a language; its texts are fetched when first needed. */
export async function speak(language: Language) {
  if (language === "en" && !i18next.hasResourceBundle("en", "translation")) {
    const { en } = await import("./en");
    i18next.addResourceBundle("en", "translation", en, true, true);
  }
  await fetchTexts(language, wanted);
  localStorage.setItem(KEPT, language);
  carry({ language });
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
  // A page may have asked for more of them meanwhile.
  await fetchTexts(language, wanted);
}

/** Readies the texts before anything is drawn. */
export async function startTexts() {
  await i18next.use(initReactI18next).init({
    lng: "ru",
    fallbackLng: "ru",
    resources: { ru: { translation: ru } },
    interpolation: { escapeValue: false },
    returnNull: false,
    // Texts of a place may come after it is drawn, where the language was turned meanwhile.
    react: { bindI18nStore: "added" },
  });
  await speak(keptLanguage());
}
