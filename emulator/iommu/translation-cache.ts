/**
 * What a remapping unit remembers (Intel VT-d 3.4, 6.2): context entries by requester, pages by domain. Software that
 * changes a table says so, or the unit goes on with what it knew: that is how a stale translation lives on.
 * It is a cache: not part of the machine's state.
 */
import { PAGE_SIZE } from "../core/address";
import type { Context, Leaf } from "./remapping-tables";

/** Pages that fit; the oldest makes room. */
const PAGES = 256;

export class TranslationCache {
  readonly #contexts = new Map<number, Context>();
  /** By domain and page number. */
  readonly #pages = new Map<string, Leaf>();

  context(requester: number): Context | undefined {
    return this.#contexts.get(requester);
  }

  keepContext(requester: number, context: Context): void {
    this.#contexts.set(requester, context);
  }

  leaf(domain: number, address: bigint): Leaf | undefined {
    return this.#pages.get(keyOf(domain, address));
  }

  keepLeaf(domain: number, address: bigint, leaf: Leaf): void {
    const [oldest] = this.#pages.keys();
    if (this.#pages.size >= PAGES && oldest !== undefined) this.#pages.delete(oldest);
    this.#pages.set(keyOf(domain, address), leaf);
  }

  forgetContexts(): void {
    this.#contexts.clear();
  }

  forgetEverything(): void {
    this.forgetContexts();
    this.#pages.clear();
  }

  forgetDomain(domain: number): void {
    for (const key of this.#pages.keys()) if (key.startsWith(`${domain}:`)) this.#pages.delete(key);
  }

  /** `pages` is a power of two, and `address` aligned to it. */
  forgetPages(domain: number, address: bigint, pages: number): void {
    const first = address / BigInt(PAGE_SIZE);
    for (let page = 0n; page < BigInt(pages); page++) this.#pages.delete(`${domain}:${first + page}`);
  }
}

function keyOf(domain: number, address: bigint): string {
  return `${domain}:${address / BigInt(PAGE_SIZE)}`;
}
