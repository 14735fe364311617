import { describe, expect, test } from 'vitest';
import { cliCommands } from '../../src/cli/run-cli.ts';
import { typed } from './a-terminal.ts';

describe('help', () => {
  test.each(['help', '--help', '-h'])('%s shows every command with an example', async (word) => {
    const { code, out, err } = await typed([word]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, gives, examples } of cliCommands) {
      expect(out).toContain(gives);
      expect(out).toContain(`  dlq-tasks ${examples[0]}\n`);
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  test.each(cliCommands.map(({ name }) => name))(
    'of %s is the same in all three ways of asking',
    async (name) => {
      const first = await typed([name, '--help']);
      expect(first).toEqual({ code: 0, err: '', out: expect.stringContaining('Examples:') });
      expect(await typed(['help', name])).toEqual(first);
      expect(await typed([name, '-h'])).toEqual(first);
    },
  );

  test('of a command shows its options', async () => {
    const { out } = await typed(['help', 'manifest']);
    expect(out).toMatchInlineSnapshot(`
      "dlq-tasks manifest --http <url> | --socket

      Prints the Slack app's manifest to paste at api.slack.com/apps, or a link that fills it in.

        --http <url>   Slack calls the bot at this HTTPS URL
        --socket       Socket Mode: the bot calls Slack
        --link         print a link that opens "Create an app" with the manifest filled in
        --json         as JSON, for scripts and the Slack CLI
        --user-groups  include the scope that access.userGroups needs

      Examples:
        dlq-tasks manifest --socket --link
        dlq-tasks manifest --http https://dlq-tasks.mycompany.example
        dlq-tasks manifest --socket > manifest.yml
      "
    `);
  });
});

test.each([
  [[], 'No command given.\nSee: dlq-tasks help\n'],
  [['statsu'], 'There is no command "statsu". Did you mean status?\nSee: dlq-tasks help\n'],
  [['doc'], 'There is no command "doc". Did you mean doctor?\nSee: dlq-tasks help\n'],
  [
    ['xyzzyx'],
    'There is no command "xyzzyx". Commands: status, watch, history, actions, doctor, discover, manifest, policy, serve, demo.\nSee: dlq-tasks help\n',
  ],
  [['help', 'wach'], 'There is no command "wach". Did you mean watch?\nSee: dlq-tasks help\n'],
  [['status'], 'An argument is missing. Usage: dlq-tasks status <queue> [n]\nSee: dlq-tasks status --help\n'],
  [['doctor', 'now'], 'Unexpected argument: "now". Usage: dlq-tasks doctor\nSee: dlq-tasks doctor --help\n'],
  [
    ['status', 'a', '--jsn'],
    'There is no option --jsn. Did you mean --json?\nSee: dlq-tasks status --help\n',
  ],
  [['status', 'a', '--quickly'], "Unknown option '--quickly'.\nSee: dlq-tasks status --help\n"],
  [['status', 'a', '11'], '"11" is not a number from 1 to 10.\nSee: dlq-tasks status --help\n'],
  [['manifest'], 'Specify either --http <url> or --socket.\nSee: dlq-tasks manifest --help\n'],
  [['manifest', '--http'], "Option '--http <value>' argument missing.\nSee: dlq-tasks manifest --help\n"],
  [
    ['manifest', '--http', 'http://bot.example.com'],
    'Slack needs a URL that starts with https:// and has no ?, # or password.\nSee: dlq-tasks manifest --help\n',
  ],
])('typed wrongly: %j', async (words, err) => {
  expect(await typed(words)).toEqual({ code: 2, out: '', err });
});

test('reports a bug on stderr and exits with 1', async () => {
  const interruption = () => {
    throw new Error('boom');
  };
  const { code, out, err } = await typed(['demo'], { interruption });
  expect({ code, out, err: err.split('\n')[0] }).toEqual({
    code: 1,
    out: '',
    err: 'dlq-tasks failed unexpectedly. Error: boom',
  });
});
