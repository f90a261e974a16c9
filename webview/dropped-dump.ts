/** What `lspci` or /proc of a real machine printed, dropped or pasted on the panel: it becomes a machine. */

/** A text, and the name of the machine it describes. */
export interface Dump {
  readonly name: string;
  readonly text: string;
}

/** More than this is no text that somebody copied by mistake. */
const LEAST = 40;

/** `00:1f.3 Audio device: …`, `40000000-afffffff : PCI Bus`: a line of lspci, or of /proc/iomem. */
const printed = /^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] \S|^ *[0-9a-f]{4,}-[0-9a-f]{4,} : \S/m;

const looksPrinted = (text: string): boolean => text.length >= LEAST && printed.test(text);

async function dumpIn(data: DataTransfer | null): Promise<Dump | undefined> {
  const file = data?.files[0];
  const pasted = data?.getData("text/plain") ?? "";
  const text = file ? await file.text() : pasted;
  const name = file?.name.replace(/\.\w+$/, "") ?? "pasted";
  return looksPrinted(text) ? { name, text } : undefined;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement ||
  /^VSCODE-TEXT-?FIELD$/.test((target as Element | null)?.nodeName ?? "");

/** `take` gets every dump that is dropped, or pasted beside the fields. */
export function awaitDumps(take: (dump: Dump) => void): void {
  const give = async (data: DataTransfer | null): Promise<void> => {
    const dump = await dumpIn(data);
    if (dump) take(dump);
  };
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    void give(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    if (!isTyping(event.target)) void give(event.clipboardData);
  });
}
