import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { worker } from "./scripts/worker.ts";

const server = process.env.SERVER ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react(), worker("src/app/worker/sw.ts")],
  build: {
    // The Content-Security-Policy knows no data: addresses, so nothing is put inline.
    assetsInlineLimit: 0,
    target: "es2022",
    rollupOptions: {
      output: {
        // What most pages need comes in one file: apart, its many small ones are a tenth heavier packed.
        codeSplitting: {
          groups: [
            {
              name: "shared",
              test: /node_modules|src\/(shared|shell|session|api|i18n)/,
              minShareCount: 10,
            },
            // Likewise the icons of some pages: single ones are mostly the file around them.
            { name: "icons", test: /node_modules\/@tabler/, minShareCount: 4 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/api": { target: server, ws: true } },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
