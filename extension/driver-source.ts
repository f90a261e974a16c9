/** What makes a TypeScript file a driver, seen from its text. */

const linuxImport = /^[ \t]*(?:import|export)\b[^;"']*["']linux\/[\w-]+["']/m;

/** It imports from the kernel's headers. */
export const isDriver = (text: string): boolean => linuxImport.test(text);

/** Zero-based line of the first import from `linux/`: where the code lenses stand. -1 when there is none. */
export function firstLinuxImport(text: string): number {
  const at = linuxImport.exec(text)?.index;
  return at === undefined ? -1 : text.slice(0, at).split("\n").length - 1;
}
