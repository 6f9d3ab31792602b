import type { TFunction } from "i18next";
import { ru } from "../i18n/ru";

type Known = keyof typeof ru.demo.callers;

/** The name of a demo's caller, in words where they are known. */
export function callerName(caller: string, t: TFunction): string {
  return caller in ru.demo.callers ? t(`demo.callers.${caller as Known}`) : caller;
}
