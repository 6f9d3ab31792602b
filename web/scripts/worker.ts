import { createHash } from "node:crypto";
import { build, type Plugin, type Rollup } from "vite";

/** Pages that work without a network, and the windows that they open. */
const OFFLINE = /\/src\/(app\/|session\/SignIn|shared\/ConfirmWindow|cabinet\/home\/Player|i18n\/en\/index)/;

/** Alphabets that nobody writes in here. */
const STRANGE = /-ext-|vietnamese|greek/;

/** Files of `public` that the app shows. */
const PUBLIC = ["/favicon.svg", "/manifest.webmanifest", "/icons/icon-192.png", "/icons/badge-96.png"];

/** Vite's notes beside a chunk. */
interface Noted {
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}

/** Everything that the app's pages load, of a build. */
function shellOf(bundle: Rollup.OutputBundle): string[] {
  const files = new Set<string>();
  const seen = new Set<string>();
  const take = (name: string) => {
    const chunk = bundle[name];
    if (seen.has(name) || chunk?.type !== "chunk") return;
    seen.add(name);
    files.add(name);
    const { viteMetadata } = chunk as Noted;
    for (const file of [...(viteMetadata?.importedCss ?? []), ...(viteMetadata?.importedAssets ?? [])]) {
      files.add(file);
    }
    chunk.imports.forEach(take);
    for (const later of chunk.dynamicImports) {
      const asked = bundle[later];
      if (asked?.type === "chunk" && OFFLINE.test(asked.facadeModuleId ?? "")) take(later);
    }
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === "chunk" && chunk.isEntry) take(chunk.fileName);
  }
  return [...files].filter((file) => !STRANGE.test(file)).sort().map((file) => `/${file}`);
}

/** Builds the app's service worker, one file at the root, which knows the names of the build's files. */
export function worker(entry: string): Plugin {
  return {
    name: "telefonistka-worker",
    apply: "build",
    async generateBundle(_, bundle) {
      const shell = [...shellOf(bundle), ...PUBLIC];
      const index = bundle["index.html"];
      const page = index?.type === "asset" ? String(index.source) : "";
      const name = createHash("sha256").update(JSON.stringify(shell)).update(page).digest("hex").slice(0, 12);
      const made = await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: { SHELL: JSON.stringify(shell), BUILD: JSON.stringify(name) },
        build: {
          write: false,
          target: "es2022",
          rollupOptions: { input: entry, output: { format: "iife", entryFileNames: "sw.js" } },
        },
      });
      const [output] = Array.isArray(made) ? made : [made];
      const chunk = output && "output" in output ? output.output[0] : undefined;
      if (!chunk) this.error("the service worker was not built");
      this.emitFile({ type: "asset", fileName: "sw.js", source: chunk.code });
    },
  };
}
