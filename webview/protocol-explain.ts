/** The way of an address, and what becomes of an access, in the panel. The shapes are the machine's own. */

export interface ReadOnTheWay {
  /** `PTE`, `rp0.config.MEMORY_BASE` */
  readonly what: string;
  /** Where it lies, as translate takes it. */
  readonly at: string;
  readonly value: string;
  readonly bits: readonly {
    readonly name: string;
    readonly bits: readonly [msb: number, lsb: number];
    readonly value: string;
    readonly meaning?: string;
  }[];
}

export interface HopRow {
  readonly kind: string;
  readonly title: string;
  readonly address: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly reads: readonly ReadOnTheWay[];
}

/** Another address of the same byte. */
export interface Alias {
  readonly space: string;
  readonly address: string;
  /** What leads from there. */
  readonly by: string;
}

export interface TranslationView {
  readonly input: string;
  readonly dead: boolean;
  readonly sentence: string;
  readonly hops: readonly HopRow[];
  readonly aliases: readonly Alias[];
}

export interface ExplainQuestion {
  /** Absent: the last access that failed. */
  readonly address?: string;
  readonly write: boolean;
}

/** The bits that decide. */
export interface Decider {
  readonly register: string;
  readonly at: string;
  readonly value: string;
  readonly field: string;
  readonly bits: readonly [msb: number, lsb: number];
  readonly is: string;
  readonly wants: string;
}

/** A change that would make the access succeed. */
export interface Mend {
  readonly sentence: string;
  /** For the Debug Console: `wr edu.config.COMMAND.MEMORY 1`. */
  readonly command?: string;
  /** The same on a real machine. */
  readonly shell?: string;
  /** A line that the driver lacks. */
  readonly edit?: { readonly line: string; readonly where: string; readonly header: string };
}

export interface Explanation {
  readonly input: string;
  readonly access: "read" | "write";
  readonly bytes: number;
  readonly initiator: string;
  readonly answered: boolean;
  readonly hops: readonly HopRow[];
  /** Index of the hop where it dies. */
  readonly dies?: number;
  readonly sentence: string;
  readonly decides?: Decider;
  /** What the initiator gets. */
  readonly sees: string;
  /** Bits that the access sets in status registers. */
  readonly status: readonly { readonly id: string; readonly doc: string }[];
  /** What Linux would log. */
  readonly log: readonly string[];
  readonly mends: readonly Mend[];
  readonly notes: readonly string[];
}
