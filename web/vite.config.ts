import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.SERVER ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    // The Content-Security-Policy knows no data: addresses, so nothing is put inline.
    assetsInlineLimit: 0,
    target: "es2022",
  },
  server: {
    proxy: { "/api": { target: server, ws: true } },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
