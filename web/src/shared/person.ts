/** A name without its patronymic: «Козлов Дмитрий Сергеевич» is «Козлов Дмитрий» where room is scarce. */
export function shortName(name: string): string {
  const words = name.trim().split(/\s+/);
  return words.length === 3 ? words.slice(0, 2).join(" ") : name;
}
