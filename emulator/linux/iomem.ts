/** A resource tree as /proc/iomem and /proc/ioports list it (kernel/resource.c, r_show). */
import { hex } from "../core/hex";
import type { ResourceLine } from "../machine/views";
import type { Resource } from "./resource";

/** The kernel indents no deeper. */
const DEEPEST = 5;

export function resourceLines(root: Resource): readonly ResourceLine[] {
  return [...root.walk()].map(({ resource: { name, start, end }, depth }) => ({
    depth: Math.min(depth, DEEPEST),
    start: hex(start),
    end: hex(end),
    name,
  }));
}
