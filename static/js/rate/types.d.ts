// What the scripts of a device hand to each other. No program is made of this file.

/** A cell's answer as the form says it: one level ("0"–"4", "none"), or [agree, use of the reason, reason]. */
export type Answer = string[];

/** What the server holds of a cell: its version, then the answer. */
export type Held = [version: number, ...answer: Answer];
export type HeldAnswers = Record<string, Record<string, Held>>;

/** One thing that waits. Each is kept for the membership (`membership`) that gave it. */
export interface Item {
  membership: string;
  code: string;
  cell: string; // "3/p1", "3/a"; "hand-in"; "switch" of what is for oneself
  m?: string; // the mutation's name
  b?: number; // the version that it was given upon
  d?: number; // the decision
  s?: number | null; // the sheet
  t?: number; // when, in ms
  answer?: Answer;
  refused?: string;
  theirs?: Answer; // of a session on one laptop: what somebody else saved meanwhile
  v?: number; // and its version
  tick?: boolean;
  on?: boolean;
}

export type Partner = [number: number, name: string, acronym: string, side: string];
export type Decision = [number: number, wording: string, original: string, language?: string];

/** What the server says about a sheet; `device.sheet` in Python puts it together. */
export interface SheetData {
  code: string;
  title: string;
  due: string | null; // the last day to answer
  mail: boolean; // whether this person has an e-mail address
  first: string;
  promise: string | string[];
  under: string[];
  pledge: string[];
  offered: boolean; // whether a small side's tick is asked for
  k: number;
  sides: Record<string, string>;
  mine: number; // one's own partner
  partners: Partner[];
  columns: number[]; // partners, in the order of the review
  decisions: Decision[];
  membership: string;
  sheet: number | null;
  answers: HeldAnswers;
  // Of a session on one laptop, for each decision: what was planned, which are settled, who speaks when; and its rules.
  actions?: Record<string, Answer[]>;
  settled?: number[];
  order?: Record<string, number[]>;
  rules?: string[];
  tick: boolean;
  receipt?: { n: number; c: string; at: number } | null;
  changed?: number | null;
}

export interface SheetRow {
  kind?: string;
  owner: string;
  code: string;
  membership: string;
  data: SheetData;
}

export interface Sealed {
  iv: BufferSource;
  box: ArrayBuffer;
}

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever came; each field is looked at before it is believed
  body: any;
}

export type Tell = (what: string, item?: Item, sentence?: string) => unknown;
export type Kind = "queue" | "sheets";

/** What a tab tells the others: whose answers of which assessment changed, or that this phone is cleared. */
export interface TabMessage {
  membership?: string;
  code?: string;
  cleared?: boolean;
}
