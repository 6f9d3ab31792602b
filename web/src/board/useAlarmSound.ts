import { useCallback, useEffect, useState } from "react";

const KEPT = "telefonistka.board.sound";
const AGAIN_MS = 20_000;
const TONE_HZ = 660;
const TONE_S = 0.25;
const LOUDNESS = 0.15;

/** Two short tones. */
function sound(context: AudioContext) {
  for (const start of [context.currentTime, context.currentTime + 2 * TONE_S]) {
    const gain = context.createGain();
    gain.gain.setValueAtTime(LOUDNESS, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    const tone = context.createOscillator();
    tone.frequency.value = TONE_HZ;
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
  }
}

/** Sounds while there is an alarm, where this screen is to: at once, and then every 20 s. */
export function useAlarmSound(alarmed: boolean): { on: boolean; turn: (on: boolean) => void } {
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) === "on");
  const turn = useCallback((next: boolean) => {
    localStorage.setItem(KEPT, next ? "on" : "off");
    setOn(next);
  }, []);
  useEffect(() => {
    if (!on || !alarmed) return;
    const context = new AudioContext();
    void context.resume();
    sound(context);
    const timer = setInterval(() => {
      sound(context);
    }, AGAIN_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [on, alarmed]);
  return { on, turn };
}
