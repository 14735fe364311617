import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = fileURLToPath(new URL('../..', import.meta.url));

export const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(project, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function textOf(page: string): string {
  return readFileSync(join(project, page), 'utf8');
}

/** `mark`: the comment above the block, which says why the block is not run here. */
export type Block = { page: string; mark: string | undefined; text: string };

export function blocksOf(page: string, language: string): Block[] {
  const pattern = new RegExp(`(?:<!-- ([^\\n]*) -->\\n)?^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm');
  return [...textOf(page).matchAll(pattern)].map(([, mark, text = '']) => ({ page, mark, text }));
}

/** The rows of the tables under a heading, by their first cell. */
export function firstCells(page: string, heading: string): string[] {
  const [, section = ''] = textOf(page).split(new RegExp(`^#+ ${heading}\\n`, 'm'));
  const [own = ''] = section.split(/^#+ /m);
  return [...own.matchAll(/^\| (.*?) \|/gm)].map(([, cell = '']) => cell);
}
