// How the scripts see a page. Which kind of element a selector finds is known by the template and by the browser tests,
// not by TypeScript: what is looked up so may be any element. What scripts hand to each other is typed.

interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  querySelector(selectors: string): any;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface NonElementParentNode {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  getElementById(elementId: string): any;
}

interface Document {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  getElementById(elementId: string): any;
}

/** An event of the page, of a form's field or button, or one of ours with its detail. */
interface PageEvent extends Event {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly target: any;
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own
  readonly detail?: any;
  // biome-ignore lint/suspicious/noExplicitAny: a button
  readonly submitter?: any;
}

/** An event of a service worker. */
interface WorkerEvent extends Event {
  readonly request: Request;
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<Response | undefined>): void;
}

interface WindowEventMap {
  install: WorkerEvent;
  activate: WorkerEvent;
  fetch: WorkerEvent;
  sync: WorkerEvent;
}

interface DocumentEventMap {
  say: CustomEvent<string>;
  signed: CustomEvent<"in" | "out">;
  // biome-ignore-start lint/suspicious/noExplicitAny: what htmx tells
  "htmx:beforeSwap": CustomEvent<any>;
  "htmx:afterSettle": CustomEvent<any>;
  "htmx:afterRequest": CustomEvent<any>;
  "htmx:responseError": CustomEvent<any>;
  "htmx:sendError": CustomEvent<any>;
  // biome-ignore-end lint/suspicious/noExplicitAny: what htmx tells
}

// What the server writes at the beginning of a service worker, and what not every browser has.
interface Window {
  RATE: { version: string; shell: string; assets: string[]; root: string; patience: number };
  LAPTOP: { version: string; assets: string[]; patience: number };
  SyncManager?: unknown;
}

interface ServiceWorkerRegistration {
  readonly sync: { register(tag: string): Promise<void> };
}

declare const registration: ServiceWorkerRegistration;
