import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { carry } from "../api/client";
import type { Language } from "../api/types";
import { ru } from "./ru";

const KEPT = "telefonistka.language";

/** The language that this browser last used; Russian at first. */
export function keptLanguage(): Language {
  return localStorage.getItem(KEPT) === "en" ? "en" : "ru";
}

/** Turns the whole interface to a language; its texts are fetched when first needed. */
export async function speak(language: Language) {
  if (language === "en" && !i18next.hasResourceBundle("en", "translation")) {
    const { en } = await import("./en");
    i18next.addResourceBundle("en", "translation", en);
  }
  localStorage.setItem(KEPT, language);
  carry({ language });
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** Readies the texts before anything is drawn. */
export async function startTexts() {
  await i18next.use(initReactI18next).init({
    lng: "ru",
    fallbackLng: "ru",
    resources: { ru: { translation: ru } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(keptLanguage());
}
