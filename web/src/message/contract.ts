import type { components } from "../api/schema.gen";

type Schemas = components["schemas"];

/** A message as a list shows it to the viewer. */
export type Message = Schemas["MessageRow"];
/** How far a message has come with the company's people. */
export type MessageState = Schemas["MessageState"];
/** One way of a message to one addressee. */
export type Delivery = Schemas["DeliveryRow"];
export type Channel = Schemas["Channel"];
/** The rungs of the ladder that a delivery climbs. */
export type Rung = Schemas["DeliveryState"];
/** What happened to a message, and when. */
export type StoryRow = Schemas["MessageTimelineRow"];
export type MessageEvent = Schemas["MessageEvent"];

/** A message whole: with its call and all that happened to it. */
export interface MessageDetails {
  message: Message;
  call: Schemas["CallRow"];
  timeline: StoryRow[];
}

export type Presence = Schemas["Presence"];
export type Quiet = Schemas["Quiet"];
export type Absence = Schemas["Absence"];
/** How somebody can be reached, and when not. */
export type Reach = Schemas["Reach"];
export type Summary = Schemas["Summary"];
export type Me = Schemas["Myself"];
export type Colleague = Schemas["ColleagueRow"];

/** Whom a step of «Порядок оповещения» tells. */
export type Target = Schemas["StepTarget"];
export type Step = Schemas["EscalationStep"];
export type Policy = Schemas["EscalationPolicy"];
/** The policy of the company, or of a department that has its own. */
export type Escalation = Schemas["EscalationRow"];
export type Shift = Schemas["Shift"];
/** Hours of a day in which nobody is on duty; midnight is the day's end. */
export type Gap = Schemas["Gap"];
export type Rota = Schemas["RotaView"];

/** A call that operators owe: the message is read to somebody whom nothing else reached. */
export type Task = Schemas["TaskRow"];
export type TaskOutcome = Schemas["TaskOutcome"];
