import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const folder = "extension";
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".ts"))
  .map((name) =>
    ts.createSourceFile(name, readFileSync(`${folder}/${name}`, "utf8"), ts.ScriptTarget.Latest, true),
  );

function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodes(child);
}

const isTranslation = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && /^(t|vscode\.l10n\.t)$/.test(node.expression.getText());

const translations = sources.flatMap((source) => [...nodes(source)].filter(isTranslation));

const json = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
const placeholders = (text: string): string => [...new Set(text.match(/\{\d+\}/g))].toSorted().join();

describe("the texts of the extension", () => {
  const texts = translations.flatMap(({ arguments: [text] }) =>
    text && ts.isStringLiteralLike(text) ? [text.text] : [],
  );

  it("are literals where they are translated, so that they can be collected", () => {
    const other = translations.filter(({ arguments: [text] }) => !text || !ts.isStringLiteralLike(text));
    expect(other.map((call) => call.getText())).toEqual([]);
  });

  it("stand in l10n/bundle.l10n.json, all of them and no other (vitest -u writes it)", async () => {
    const bundle = Object.fromEntries([...new Set(texts)].toSorted().map((text) => [text, text]));
    await expect(`${JSON.stringify(bundle, undefined, 2)}\n`).toMatchFileSnapshot(
      "../../l10n/bundle.l10n.json",
    );
  });

  it("get as many values as they have places for", () => {
    const wrong = translations.filter(({ arguments: [text, ...values] }) => {
      const places = text && ts.isStringLiteralLike(text) ? new Set(text.text.match(/\{\d+\}/g)).size : 0;
      return places !== values.length;
    });
    expect(wrong.map((call) => call.getText())).toEqual([]);
  });

  it("are translated wherever VS Code shows them", () => {
    const shown = /^(title|placeHolder|prompt|openLabel|saveLabel|tooltip)$/;
    const raw = sources.flatMap((source) =>
      [...nodes(source)].filter((node) => {
        if (ts.isPropertyAssignment(node))
          return (
            shown.test(node.name.getText()) &&
            isText(node.initializer) &&
            /[a-z]{3}/i.test(node.initializer.getText().replace(/\$\{[^}]*\}/g, ""))
          );
        if (!ts.isCallExpression(node)) return false;
        const [first] = node.arguments;
        return (
          /show(Error|Warning|Information)Message$/.test(node.expression.getText()) &&
          !!first &&
          isText(first)
        );
      }),
    );
    expect(raw.map((node) => `${node.getSourceFile().fileName}: ${node.getText()}`)).toEqual([]);
  });
});

const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

describe("the texts of the manifest", () => {
  const manifest = readFileSync("package.json", "utf8");
  const wanted = new Set([...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key = ""]) => key));
  const texts = json("package.nls.json");

  it("stand in package.nls.json, all of them and no other", () => {
    expect(Object.keys(texts).toSorted()).toEqual([...wanted].toSorted());
  });
});

describe("a translation", () => {
  const languages = readdirSync("l10n").flatMap(
    (name) => /^bundle\.l10n\.(\w+)\.json$/.exec(name)?.[1] ?? [],
  );

  it.each(languages)("into %s has no text that is gone, and the same places for values", (language) => {
    const pairs = [
      [json("l10n/bundle.l10n.json"), json(`l10n/bundle.l10n.${language}.json`)],
      [json("package.nls.json"), json(`package.nls.${language}.json`)],
    ] as const;
    for (const [own, other] of pairs) {
      expect(Object.keys(other).filter((key) => own[key] === undefined)).toEqual([]);
      for (const [key, text] of Object.entries(other))
        expect(placeholders(text), key).toBe(placeholders(own[key] ?? ""));
    }
  });
});
