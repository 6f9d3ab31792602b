import type { CallCard } from "./wire";

export type Question = CallCard["questions"][number];

/** Answers as they are typed, by the question's id. */
export type Typed = Record<string, string>;

const NUMBER = /^-?\d{1,15}([.,]\d{1,6})?$/;

/** What is wrong with an answer before it is sent; the server looks as well. */
export function flawOf(question: Question, value: string): "required" | "number" | null {
  const given = value.trim();
  if (given === "") return question.required ? "required" : null;
  if (question.answer.kind === "number" && !NUMBER.test(given.replace(/\s/g, ""))) return "number";
  return null;
}

/** What is sent: the questions that were answered, in their order. */
export function given(questions: readonly Question[], typed: Typed): { question: string; value: string }[] {
  return questions.flatMap(({ id }) => {
    const value = (typed[id] ?? "").trim();
    return value === "" ? [] : [{ question: id, value }];
  });
}

/** Puts words into a text where the caret is, apart from what stands around. */
export function insert(text: string, from: number, to: number, words: string): { text: string; caret: number } {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const lead = before === "" || /\s$/.test(before) ? "" : " ";
  const tail = after === "" || /^\s/.test(after) ? "" : " ";
  const put = before + lead + words;
  return { text: put + tail + after, caret: put.length };
}
