/** A wording with the names put in, as the operator will say it. */
export function say(text: string, names: { company: string; operator: string }): string {
  return text.replaceAll("{company}", names.company).replaceAll("{operator}", names.operator);
}
