/** Watchpoints written in the driver's source: `// @watch edu.STATUS w if $value & 1`. */
import type { SourceWatchpoint } from "../driver-thread-protocol";

const COMMENT = /\/\/\s*@watch\s+(.*\S)/;

export function watchComments(path: string, source: string): SourceWatchpoint[] {
  return source.split("\n").flatMap((text, index) => {
    const spec = COMMENT.exec(text)?.[1];
    const line = index + 1;
    return spec === undefined ? [] : [{ id: `source:${path}:${line}`, spec, path, line }];
  });
}
