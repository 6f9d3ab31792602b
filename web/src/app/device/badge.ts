interface Badging {
  setAppBadge?: (count: number) => Promise<void>;
  clearAppBadge?: () => Promise<void>;
}

/** Puts the number on the app's sign, where the system shows one. */
export async function setBadge(count: number): Promise<void> {
  const badging = navigator as Badging;
  if (count > 0) await badging.setAppBadge?.(count);
  else await badging.clearAppBadge?.();
}

export async function clearBadge(): Promise<void> {
  await setBadge(0);
}
