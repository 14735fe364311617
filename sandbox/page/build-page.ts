import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export type PageFile = { type: string; body: Buffer | string };

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  woff2: 'font/woff2',
};

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https: http:; frame-src https:">
<title>dlq-tasks sandbox</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%234a154b'/%3E%3Cpath d='M8 10h16M8 16h16M8 22h8' stroke='white' stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/assets/main.css">
<script type="module" src="/assets/main.js"></script>
</head>
<body><div id="root"></div></body>
</html>
`;

/** Bundles the page in memory, fonts included, and returns the file at a path, or undefined. */
export async function buildPage(): Promise<(path: string) => PageFile | undefined> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./app/main.tsx', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    charset: 'utf8',
    outdir: '/assets',
    assetNames: '[name]',
    loader: { '.woff2': 'file', '.woff': 'empty' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const files = new Map<string, PageFile>([['/', { type: 'text/html; charset=utf-8', body: html }]]);
  for (const { path, contents } of outputFiles) {
    const name = basename(path);
    const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    files.set(`/assets/${name}`, { type, body: Buffer.from(contents) });
  }
  return (path) => files.get(path);
}
