// A tsserver plugin, loaded by VS Code's TypeScript: `linux/*` resolves in files that no tsconfig covers.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const headers = join(__dirname, "..", "..", "dist", "types", "linux");

/** The header's resolution, or undefined when `specifier` names none. */
function header(specifier) {
  const name = /^linux\/([\w-]+)$/.exec(specifier)?.[1];
  const resolvedFileName = join(headers, `${name}.d.ts`);
  if (name === undefined || !existsSync(resolvedFileName)) return undefined;
  return { resolvedModule: { resolvedFileName, extension: ".d.ts", isExternalLibraryImport: true } };
}

module.exports = () => ({
  create({ languageService, languageServiceHost: host }) {
    const resolve = host.resolveModuleNameLiterals?.bind(host);
    if (resolve) {
      host.resolveModuleNameLiterals = (literals, ...rest) =>
        resolve(literals, ...rest).map((found, i) =>
          found.resolvedModule ? found : (header(literals[i].text) ?? found),
        );
    }
    return languageService;
  },
});
