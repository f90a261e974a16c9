/**
 * The condition of a watchpoint: `$value & 1 && $old == 0`, as in C, over what an access is. Numbers are unsigned and have
 * 64 bits. Compiled once, to closures; nothing of JavaScript can be reached from it.
 */
import { parseNumber } from "../core/hex";

/** What a condition may ask of an access. */
export interface Circumstances {
  /** What is read, or about to be written; of a field, its bits. */
  readonly value: bigint;
  /** What is there before. */
  readonly old: bigint;
  /** Bytes. */
  readonly size: number;
  /** The device's name in the machine, empty where none is. */
  readonly dev: string;
  /** `0000:01:00.0`, empty where no device is. */
  readonly bdf: string;
  readonly initiator: "cpu" | "dma";
}

type Value = bigint | string;
type Run = (given: Circumstances) => Value;
interface Term {
  readonly type: "number" | "text";
  readonly run: Run;
}

export type Condition = (given: Circumstances) => boolean;

class ConditionError extends Error {}

const VARIABLES: Readonly<Record<string, Term>> = {
  $value: { type: "number", run: ({ value }) => value },
  $old: { type: "number", run: ({ old }) => old },
  $size: { type: "number", run: ({ size }) => BigInt(size) },
  $dev: { type: "text", run: ({ dev }) => dev },
  $bdf: { type: "text", run: ({ bdf }) => bdf },
  $initiator: { type: "text", run: ({ initiator }) => initiator },
};

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const bit = (value: boolean): bigint => (value ? 1n : 0n);
type Operator = (left: bigint, right: bigint) => bigint;

/** Each list binds tighter than the one before it. */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { "|": (a, b) => a | b },
  { "^": (a, b) => a ^ b },
  { "&": (a, b) => a & b },
  { "==": (a, b) => bit(a === b), "!=": (a, b) => bit(a !== b) },
  {
    "<=": (a, b) => bit(a <= b),
    ">=": (a, b) => bit(a >= b),
    "<": (a, b) => bit(a < b),
    ">": (a, b) => bit(a > b),
  },
  { "<<": (a, b) => (b > 63n ? 0n : wrap(a << b)), ">>": (a, b) => a >> b },
  { "+": (a, b) => wrap(a + b), "-": (a, b) => wrap(a - b) },
  { "*": (a, b) => wrap(a * b) },
];
const TOKEN =
  /\s*(?:(0[xb][0-9a-f_]+|\d+)|(\$\w+)|"([^"]*)"|'([^']*)'|(\|\||&&|===?|!==?|<<|>>|<=|>=|[-+*&|^~!<>()]))/iy;

/** The condition, or a sentence that says what is wrong with its text. */
export function parseCondition(text: string): Condition | string {
  try {
    const { run } = new Parser(text).whole();
    return (given) => truth(run(given));
  } catch (error) {
    if (error instanceof ConditionError) return error.message;
    throw error;
  }
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly RegExpExecArray[];
  #at = 0;

  constructor(text: string) {
    this.#text = text.trim();
    this.#tokens = tokens(this.#text);
  }

  whole(): Term {
    const term = this.#or();
    if (this.#at < this.#tokens.length) throw this.#cannot();
    return term;
  }

  #or(): Term {
    let left = this.#and();
    while (this.#take("||")) left = logical(left, this.#and(), (a, b) => truth(a) || truth(b()));
    return left;
  }

  #and(): Term {
    let left = this.#binary(0);
    while (this.#take("&&")) left = logical(left, this.#binary(0), (a, b) => truth(a) && truth(b()));
    return left;
  }

  #binary(level: number): Term {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (let sign = this.#sign(operators); sign !== undefined; sign = this.#sign(operators)) {
      left = combined(sign, { left, right: this.#binary(level + 1), operator: operators[sign] as Operator });
    }
    return left;
  }

  #unary(): Term {
    if (this.#take("!")) {
      const { run } = this.#unary();
      return { type: "number", run: (given) => bit(!truth(run(given))) };
    }
    if (this.#take("~")) return numeric("~", this.#unary(), (value) => wrap(~value));
    if (this.#take("-")) return numeric("-", this.#unary(), (value) => wrap(-value));
    return this.#primary();
  }

  #primary(): Term {
    if (this.#take("(")) {
      const inside = this.#or();
      if (!this.#take(")")) throw new ConditionError(`A ")" is missing in "${this.#text}"`);
      return inside;
    }
    const [, number, variable, double, single] = this.#tokens[this.#at] ?? [];
    const text = double ?? single;
    const term = number ? constant(number) : variable ? named(variable) : undefined;
    if (!term && text === undefined) throw this.#cannot();
    this.#at++;
    return term ?? { type: "text", run: () => text ?? "" };
  }

  #sign(operators: Readonly<Record<string, unknown>>): string | undefined {
    const written = this.#tokens[this.#at]?.[5];
    const sign = written === "===" ? "==" : written === "!==" ? "!=" : written;
    if (sign === undefined || !(sign in operators)) return undefined;
    this.#at++;
    return sign;
  }

  #take(sign: string): boolean {
    const found = this.#tokens[this.#at]?.[5] === sign;
    if (found) this.#at++;
    return found;
  }

  #cannot(): ConditionError {
    const token = this.#tokens[this.#at]?.[0].trim();
    if (token === undefined) return new ConditionError(`The condition "${this.#text}" ends too early`);
    return new ConditionError(`Cannot read "${token}" in the condition "${this.#text}"`);
  }
}

function tokens(text: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (!token) throw new ConditionError(`Cannot read "${text.slice(at).trim()}" in the condition "${text}"`);
    found.push(token);
  }
  return found;
}

function constant(text: string): Term {
  const value = parseNumber(text);
  if (value === undefined) throw new ConditionError(`"${text}" is no number of 64 bits`);
  return { type: "number", run: () => value };
}

function named(name: string): Term {
  const term = VARIABLES[name];
  if (term) return term;
  throw new ConditionError(`There is no ${name}: a condition knows ${Object.keys(VARIABLES).join(", ")}`);
}

/** Texts are compared; all else is done to numbers. */
function combined(
  sign: string,
  { left, right, operator }: { left: Term; right: Term; operator: Operator },
): Term {
  if (left.type === "text" && right.type === "text" && (sign === "==" || sign === "!=")) {
    return {
      type: "number",
      run: (given) => bit((left.run(given) === right.run(given)) === (sign === "==")),
    };
  }
  needNumber(sign, left);
  needNumber(sign, right);
  return {
    type: "number",
    run: (given) => operator(left.run(given) as bigint, right.run(given) as bigint),
  };
}

function logical(left: Term, right: Term, join: (left: Value, right: () => Value) => boolean): Term {
  return { type: "number", run: (given) => bit(join(left.run(given), () => right.run(given))) };
}

function numeric(sign: string, term: Term, operator: (value: bigint) => bigint): Term {
  needNumber(sign, term);
  return { type: "number", run: (given) => operator(term.run(given) as bigint) };
}

function needNumber(sign: string, { type }: Term): void {
  if (type === "text")
    throw new ConditionError(`"${sign}" needs numbers: a text can only be compared with a text`);
}

function truth(value: Value): boolean {
  return typeof value === "string" ? value !== "" : value !== 0n;
}
