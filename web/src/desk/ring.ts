import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { canChoose, chosenFor, playOn, USUAL } from "./speakers";

const TONES_HZ = [440, 554];
const PERIOD_MS = 2400;
const TONE_S = 0.4;
const LOUDNESS = 0.12;
const FLASH_MS = 900;

/** Where the ringing is played. */
interface Bell {
  context: AudioContext;
  into: AudioNode;
  stop: () => void;
}

/** A bell on the device that was chosen for it. */
function bell(): Bell {
  const context = new AudioContext();
  void context.resume();
  const device = chosenFor("ring");
  if (device === USUAL || !canChoose()) {
    return { context, into: context.destination, stop: () => void context.close() };
  }
  // Not every browser lets a context choose its device; an element does everywhere.
  const into = context.createMediaStreamDestination();
  const out = new Audio();
  out.srcObject = into.stream;
  void playOn(out, device).then(() => out.play().catch(() => undefined));
  return {
    context,
    into,
    stop: () => {
      out.srcObject = null;
      void context.close();
    },
  };
}

/** Rings once, to hear where and how loud. */
export function ringOnce() {
  const { context, into, stop } = bell();
  chime(context, into);
  setTimeout(stop, PERIOD_MS);
}

/** Two soft tones, as often as a telephone rings. */
function chime(context: AudioContext, into: AudioNode) {
  TONES_HZ.forEach((frequency, index) => {
    const start = context.currentTime + index * TONE_S;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain).connect(into);
    tone.start(start);
    tone.stop(start + TONE_S);
  });
}

function setIcon(href: string) {
  document.querySelector('link[rel="icon"]')?.setAttribute("href", href);
}

/** Rings: in the speakers, in the tab's title and in its sign. */
export function useRinging(who: string | null) {
  const { t } = useTranslation();
  const title = who === null ? null : t("desk.titleRinging", { company: who });
  useEffect(() => {
    if (title === null) return;
    const before = document.title;
    const { context, into, stop } = bell();
    chime(context, into);
    document.title = title;
    setIcon("/favicon-ringing.svg");
    const ring = setInterval(() => {
      chime(context, into);
    }, PERIOD_MS);
    const flash = setInterval(() => {
      document.title = document.title === title ? before : title;
    }, FLASH_MS);
    return () => {
      clearInterval(ring);
      clearInterval(flash);
      stop();
      document.title = before;
      setIcon("/favicon.svg");
    };
  }, [title]);
}
