/** Tells the views when to look again: at most ten times a second, and only while somebody looks. */
import type { Phase } from "./protocol";

const PERIOD_MS = 100;

export interface Watched {
  readonly revision: number;
  readonly phase: Phase;
}

export class Changes {
  readonly #watched: Watched;
  readonly #tell: (change: Watched) => void;
  #timer: NodeJS.Timeout | undefined;
  #told = -1;

  constructor(watched: Watched, tell: (change: Watched) => void) {
    this.#watched = watched;
    this.#tell = tell;
  }

  set visible(visible: boolean) {
    clearInterval(this.#timer);
    this.#timer = visible ? setInterval(() => this.#look(), PERIOD_MS) : undefined;
    this.#timer?.unref();
  }

  #look(): void {
    const { revision, phase } = this.#watched;
    if (revision === this.#told) return;
    this.#told = revision;
    this.#tell({ revision, phase });
  }
}
