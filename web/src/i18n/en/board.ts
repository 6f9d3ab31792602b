import type { board as russian } from "../ru/board";
import type { Translation } from "../translation";

/** The board, for supervisors. */
export const board: Translation<typeof russian> = {
  board: {
    title: "Board",
    now: "Now",
    operators: "Operators",
    nobody: "No operator is at a desk",
    nobodyHint: "Everybody who opens the operator's desk appears here.",
    companies: "Who is waited for",
    nobodyWaits: "Nobody is waiting.",
    waits_one: "{{count}} waiting",
    waits_other: "{{count}} waiting",
    onHold: "On hold",
    way: { listen: "Listen", whisper: "Whisper", barge: "Barge in" },
    wayOf: "{{way}}: {{name}}",
    hint: {
      listen: "You hear both, nobody hears you",
      whisper: "You hear both, the operator alone hears you",
      barge: "All hear all",
    },
    other: {
      listen: "{{name}} listens",
      whisper: "{{name}} whispers",
      barge: "{{name}} is in the talk",
    },
    stateOf: "Operator's state: {{name}}",
    changeState: "Change the state",
    part: "Your part in the conversation",
    connecting: "Connecting the sound",
    leave: "Leave",
  },
};
