import { useEffect } from "react";
import { useTranslation } from "react-i18next";

const TONES_HZ = [440, 554];
const PERIOD_MS = 2400;
const TONE_S = 0.4;
const LOUDNESS = 0.12;
const FLASH_MS = 900;

/** Two soft tones, as often as a telephone rings. */
function chime(context: AudioContext) {
  TONES_HZ.forEach((frequency, index) => {
    const start = context.currentTime + index * TONE_S;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain).connect(context.destination);
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
    const context = new AudioContext();
    void context.resume();
    chime(context);
    document.title = title;
    setIcon("/favicon-ringing.svg");
    const ring = setInterval(() => {
      chime(context);
    }, PERIOD_MS);
    const flash = setInterval(() => {
      document.title = document.title === title ? before : title;
    }, FLASH_MS);
    return () => {
      clearInterval(ring);
      clearInterval(flash);
      void context.close();
      document.title = before;
      setIcon("/favicon.svg");
    };
  }, [title]);
}
