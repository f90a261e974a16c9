/** What a view looks at besides the state: asked once, answered again at each change, until something else is asked. */
export class LiveQuestion<Asked, Answer> {
  readonly #answer: (asked: Asked) => Promise<Answer>;
  readonly #tell: (answer: Answer) => void;
  #asked: Asked | undefined;
  #waits = false;
  #again = false;

  /** A rejected answer is none: a process that dies says so itself. */
  constructor(answer: (asked: Asked) => Promise<Answer>, tell: (answer: Answer) => void) {
    this.#answer = answer;
    this.#tell = tell;
  }

  get asked(): Asked | undefined {
    return this.#asked;
  }

  /** Undefined: nobody looks any more. */
  async ask(asked: Asked | undefined): Promise<void> {
    this.#asked = asked;
    await this.refresh();
  }

  /** One answer at a time: what is asked meanwhile is asked once more when it is there. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#waits) return;
    this.#waits = true;
    while (this.#again && this.#asked !== undefined) {
      this.#again = false;
      const asked = this.#asked;
      const answer = await this.#answer(asked).catch(() => undefined);
      if (answer && asked === this.#asked) this.#tell(answer);
    }
    this.#waits = false;
  }
}
