/** Places of the machine as links: in drivers' comments, in the output's log and in every terminal. */
import * as vscode from "vscode";
import { isDriver } from "./driver-source";
import type { MachineHost } from "./machine-host";
import { type PlaceWord, placesIn } from "./place-words";

/** Where a link in a document is looked for: in a driver only in what is no code, for there numbers are numbers. */
const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//g;
const LONGEST = 1_000_000;

const documents: vscode.DocumentSelector = [{ language: "typescript", scheme: "file" }, { scheme: "output" }];

function wordsOf(document: vscode.TextDocument, host: MachineHost): readonly PlaceWord[] {
  const { state } = host;
  const text = document.getText().slice(0, LONGEST);
  if (!state) return [];
  if (document.uri.scheme === "output") return placesIn(text, state);
  if (!isDriver(text)) return [];
  return [...text.matchAll(COMMENT)].flatMap(({ 0: comment, index }) =>
    placesIn(comment, state).map((word) => ({ ...word, start: word.start + index })),
  );
}

const commandOf = (place: string): vscode.Uri =>
  vscode.Uri.parse(`command:rootport.reveal?${encodeURIComponent(JSON.stringify([place]))}`);

class PlaceLink extends vscode.TerminalLink {
  readonly place: string;

  constructor({ start, length, place }: PlaceWord) {
    super(start, length, vscode.l10n.t("Show in Rootport"));
    this.place = place;
  }
}

export function placeLinks(host: MachineHost): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDocumentLinkProvider(documents, {
      provideDocumentLinks: (document) =>
        wordsOf(document, host).map(({ start, length, place }) => {
          const range = new vscode.Range(document.positionAt(start), document.positionAt(start + length));
          const link = new vscode.DocumentLink(range, commandOf(place));
          link.tooltip = vscode.l10n.t("Show in Rootport");
          return link;
        }),
    }),
    vscode.window.registerTerminalLinkProvider({
      provideTerminalLinks: ({ line }) =>
        host.state ? placesIn(line, host.state).map((word) => new PlaceLink(word)) : [],
      handleTerminalLink: async ({ place }: PlaceLink) => {
        await vscode.commands.executeCommand("rootport.reveal", place);
      },
    }),
  );
}
