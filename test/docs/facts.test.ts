import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliCommands } from '../../src/cli/run-cli.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { trustPolicy } from '../../src/domain/policies.ts';
import { createPrometheusMetrics } from '../../src/metrics/prometheus.ts';
import { commandName, commandTable } from '../../src/slack/commands.ts';
import { blocksOf, firstCells, pages, project, textOf } from './pages.ts';

const sources = new Set(
  readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).map((path) => basename(path)),
);

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  test('links only to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(
      ([, link, src]) => link ?? src ?? '',
    );
    const broken = links.filter((link) => !/^https?:/.test(link) && !isThere(page, link));
    expect(broken).toEqual([]);
  });

  test('names only files that exist', () => {
    const isMap = /ARCHITECTURE|CONTRIBUTING/.test(page);
    const name = isMap ? /`((?:[\w-]+\/)+[\w.-]*)`/g : /`((?:src|test|bench|docs|iam|deploy)\/[\w./-]+)`/g;
    const names = [...text.matchAll(name)].map(([, found = '']) => found);
    const isFile = (path: string) =>
      ['', 'src', 'src/entry'].some((folder) => existsSync(join(project, folder, path)));
    const isFolder = /^(?:local|durable|sqlite|dynamodb|lambda)\/$/;
    expect(names.filter((path) => !isFile(path) && !isFolder.test(path))).toEqual([]);
    const alone = [...text.matchAll(/`([\w-]+\.ts)`/g)].map(([, found = '']) => found);
    expect(alone.filter((found) => !sources.has(found))).toEqual([]);
  });
});

function isThere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(project, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** The anchors that GitHub creates for headings. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each([
  ['README.md', 200],
  ['CONTRIBUTING.md', 60],
  ['ARCHITECTURE.md', 130],
])('%s has at most %d lines', (page, most) => {
  expect(textOf(page).trimEnd().split('\n').length).toBeLessThanOrEqual(most);
});

test.each(['README.md', 'docs/settings.md'])('the settings in %s have no fault', (page) => {
  const parsed = blocksOf(page, 'yaml').map(({ text }) => parseSettings(text));
  expect(parsed.length).toBeGreaterThan(0);
  expect(parsed.filter(({ ok }) => !ok)).toEqual([]);
});

test('docs/settings.md has every variable, and no other', () => {
  const source = textOf('src/config/environment.ts');
  const variables = [...source.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => `\`${name}\``);
  const rows = firstCells('docs/settings.md', 'Environment').filter((cell) => cell.startsWith('`'));
  expect(rows.toSorted()).toEqual(variables.toSorted());
});

test('docs/operate.md has every metric, and no other', async () => {
  const none = () => ({});
  const given = { watches: none, undelivered: none, socketConnected: () => true, storeFails: () => false };
  const types = (await createPrometheusMetrics(given).text()).matchAll(/^# TYPE (dlq_tasks_\w+)/gm);
  const rows = firstCells('docs/operate.md', 'Health and metrics').flatMap(
    (cell) => /^`(dlq_tasks_\w+)/.exec(cell)?.[1] ?? [],
  );
  expect(rows.toSorted()).toEqual([...types].map(([, name]) => name).toSorted());
});

test('docs/commands.md has every command of the command line', () => {
  const rows = firstCells('docs/commands.md', 'On the command line').join('\n');
  expect(cliCommands.filter(({ name }) => !rows.includes(`npx dlq-tasks ${name}`))).toEqual([]);
});

test.each(['README.md', 'docs/commands.md'])('%s has every command of Slack', (page) => {
  const usages = commandTable.map(({ usage }) => `| \`${`${commandName} ${usage}`.trim()}\``);
  expect(usages.filter((usage) => !textOf(page).includes(usage))).toEqual([]);
});

test('docs/aws.md shows the trust policy that dlq-tasks policy prints', () => {
  const principal = 'arn:aws:iam::999900001111:role/dlq-tasks-bot';
  const policy = trustPolicy({ arn: '', externalId: 'choose-one' }, principal);
  expect(blocksOf('docs/aws.md', 'json').map(({ text }) => JSON.parse(text))).toContainEqual(policy);
});
