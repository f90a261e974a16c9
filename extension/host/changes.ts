/** Tells the views when to look again: at most ten times a second; while nobody looks, only of a new phase. */
import type { Phase } from "./protocol";

const PERIOD_MS = 100;

export interface Watched {
  readonly revision: number;
  readonly phase: Phase;
}

export class Changes {
  readonly #watched: Watched;
  readonly #tell: (change: Watched) => void;
  #looking: NodeJS.Timeout | undefined;
  #due: NodeJS.Timeout | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;
  #told = -1;

  constructor(watched: Watched, tell: (change: Watched) => void) {
    this.#watched = watched;
    this.#tell = tell;
  }

  set visible(visible: boolean) {
    clearInterval(this.#looking);
    this.#looking = visible ? setInterval(() => this.soon(), PERIOD_MS) : undefined;
    this.#looking?.unref();
  }

  /** The phase is another one: told even to somebody who sees no more than a word in the status bar. */
  soon(): void {
    const wait = Math.max(0, this.#lastLook + PERIOD_MS - performance.now());
    this.#due ??= setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    this.#due = undefined;
    this.#lastLook = performance.now();
    const { revision, phase } = this.#watched;
    if (revision === this.#told) return;
    this.#told = revision;
    this.#tell({ revision, phase });
  }
}
