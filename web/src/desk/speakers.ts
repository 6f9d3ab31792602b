import { useCallback, useEffect, useState } from "react";

/** What is played: the other side's voice, or the ringing of a call. */
export type Played = "voice" | "ring";

const KEPT: Record<Played, string> = {
  voice: "telefonistka.speaker",
  ring: "telefonistka.ringer",
};

/** The device of this computer's own choice. */
export const USUAL = "default";

/** Where something is played, as it was chosen here. */
export function chosenFor(played: Played): string {
  return localStorage.getItem(KEPT[played]) ?? USUAL;
}

/** Whether this browser can play on a device that is chosen. */
export function canChoose(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Plays an element on a device; on the usual one where that is not there. */
export async function playOn(element: HTMLMediaElement, device: string): Promise<void> {
  if (!canChoose()) return;
  const id = device === USUAL ? "" : device;
  if (element.sinkId === id) return;
  try {
    await element.setSinkId(id);
  } catch {
    // The headset of last time may be at home.
    await element.setSinkId("").catch(() => undefined);
  }
}

export interface Speakers {
  devices: MediaDeviceInfo[];
  chosen: Record<Played, string>;
  choose: (played: Played, device: string) => void;
}

/** The devices to play on; browsers name them once the microphone is allowed. */
export function useSpeakers(onVoice: (device: string) => void): Speakers {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [chosen, setChosen] = useState({ voice: chosenFor("voice"), ring: chosenFor("ring") });
  useEffect(() => {
    const list = async () => {
      const all = await navigator.mediaDevices.enumerateDevices();
      setDevices(all.filter(({ kind, deviceId }) => kind === "audiooutput" && deviceId !== ""));
    };
    void list();
    const changed = () => void list();
    navigator.mediaDevices.addEventListener("devicechange", changed);
    return () => {
      navigator.mediaDevices.removeEventListener("devicechange", changed);
    };
  }, []);
  const choose = useCallback(
    (played: Played, device: string) => {
      localStorage.setItem(KEPT[played], device);
      setChosen((before) => ({ ...before, [played]: device }));
      if (played === "voice") onVoice(device);
    },
    [onVoice],
  );
  return { devices, chosen, choose };
}
