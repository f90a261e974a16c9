/** A conversation with the debug adapter as a text that reads like a dialogue: kept in test/golden/dap. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { root } from "../support/paths.mjs";
import { Conversation } from "./conversation";

const folder = path.join(root, "test/golden/dap");
const drivers = `${path.join(root, "test/host/drivers")}/`;

export class Dialogue {
  readonly #talk: Conversation;
  readonly #lines: string[] = [];

  private constructor(talk: Conversation) {
    this.#talk = talk;
  }

  static async open(): Promise<Dialogue> {
    return new Dialogue(await Conversation.open());
  }

  /** The answer's body; a refusal is written down too. */
  async ask(command: string, given: object = {}): Promise<unknown> {
    this.#write("client", command, given);
    try {
      const { body } = await this.#talk.client.customRequest(command, given);
      this.#write("adapter", "", body ?? {});
      return body;
    } catch (error) {
      this.#write("adapter", "refuses", { message: (error as Error).message });
      return undefined;
    }
  }

  async hear(event: string): Promise<void> {
    this.#write("event", event, (await this.#talk.heard(event)).body as object);
  }

  async close(): Promise<void> {
    await this.#talk.close();
  }

  /** Compares with the golden text; `ROOTPORT_GOLDEN=write` writes it anew. */
  async endAs(name: string): Promise<void> {
    await this.#talk.close();
    const file = path.join(folder, `${name}.txt`);
    const text = `${this.#lines.join("\n").trimStart()}\n`;
    if (process.env["ROOTPORT_GOLDEN"] === "write") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(
      existsSync(file) ? readFileSync(file, "utf8") : `no ${file}: run with ROOTPORT_GOLDEN=write`,
    );
  }

  #write(who: "client" | "adapter" | "event", what: string, content: object): void {
    const mark = { client: "→", adapter: "←", event: "⋯" }[who];
    if (who === "client") this.#lines.push("");
    this.#lines.push(`${mark} ${what}`.trimEnd(), ...written(content, "    "));
  }
}

/** One value a line, indented; no quotes, no braces. */
function written(value: unknown, indent: string): string[] {
  const entries = Object.entries(value ?? {}).filter(([, each]) => each !== undefined);
  return entries.flatMap(([name, each]) => {
    if (typeof each === "object" && each !== null && Object.keys(each).length > 0)
      return [`${indent}${name}:`, ...written(each, `${indent}  `)];
    const text = typeof each === "object" ? (Array.isArray(each) ? "none" : "nothing") : String(each);
    return [`${indent}${name}: ${text.replaceAll(drivers, "").replaceAll("\n", `\n${indent}  `)}`];
  });
}
