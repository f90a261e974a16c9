/** `npm run golden [-- FOLDER]`: how much of what real Linux printed we print, topology by topology. */
import { existsSync } from "node:fs";
import type { AssignPolicy } from "../../emulator/linux/kernel";
import { blind } from "./blind";
import { pciNames, printed, recorded, type Texts, topologies, topology } from "./golden";

const FORMATS = [
  "iomem.txt",
  "ioports.txt",
  "resource.txt",
  "lspci-tv.txt",
  "lspci-mm.txt",
  "lspci-vvv.txt",
] as const;
const PLACES = ["iomem.txt", "ioports.txt", "resource.txt"] as const;
/** A driver that claims something at boot is no part of placement. */
const DRIVER_CLAIMS = /^ *[0-9a-f-]+ : shpchp\n/gm;
const USUAL_FOLDER = "../shared/golden";

const names = pciNames();
const given = process.argv[2] ?? USUAL_FOLDER;
const folder = existsSync(given) ? given : undefined;

interface Score {
  right: number;
  of: number;
  /** What is not right, or why nothing is. */
  readonly wrong: string[];
}

function score(
  texts: Texts,
  { source, assign, files }: { source: Texts; assign: AssignPolicy; files: readonly string[] },
): Score {
  const result: Score = { right: 0, of: files.length, wrong: [] };
  try {
    const found = printed(source, { assign, names });
    for (const file of files) {
      if (
        found[file] === (assign === "as-is" ? recorded(texts, file) : texts[file]?.replace(DRIVER_CLAIMS, ""))
      )
        result.right++;
      else result.wrong.push(file.replace(".txt", ""));
    }
  } catch (error) {
    result.wrong.push(error instanceof Error ? error.message : String(error));
  }
  return result;
}

function total(scores: readonly Score[]): string {
  const sum = (pick: (score: Score) => number) => scores.reduce((all, it) => all + pick(it), 0);
  return `${sum((it) => it.right)}/${sum((it) => it.of)}`;
}

const all = { formats: [] as Score[], placement: [] as Score[] };
console.log(`${"topology".padEnd(24)} formats (as-is)  placement (blind; after firmware where it assigned)`);
for (const name of topologies(folder)) {
  const boots = Object.entries(topology(name, folder));
  const formats = boots.map(([, texts]) => score(texts, { source: texts, assign: "as-is", files: FORMATS }));
  const placement = boots.map(([variant, texts]) => {
    const assign = variant === "seabios" ? "firmware" : "scratch";
    return score(texts, { source: blind(texts), assign, files: PLACES });
  });
  const wrong = [...new Set([...formats, ...placement].flatMap((it) => it.wrong))].join(", ");
  console.log(
    `${name.padEnd(24)} ${total(formats).padEnd(16)} ${total(placement).padEnd(8)} ${wrong.slice(0, 100)}`,
  );
  all.formats.push(...formats);
  all.placement.push(...placement);
}
console.log(`${"all".padEnd(24)} ${total(all.formats).padEnd(16)} ${total(all.placement)}`);
