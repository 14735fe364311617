import { expect, test } from 'vitest';
import { describeWithBrowser } from '../../support/browser.ts';
import { everyBlock, message, pageState, tsBefore } from './page-fixture.ts';
import { usePage } from './page-in-browser.ts';

const showing = (...blocks: unknown[]) => pageState({ messages: [message({ ts: tsBefore(1), blocks })] });

describeWithBrowser('blocks on the page', () => {
  const { open, slack } = usePage();

  test('draws each of the 20 types, or a box', async () => {
    const page = await open(showing(...Object.values(everyBlock).map(({ block }) => block)));
    const body = page.locator('.message-body');
    const unseen = [];
    for (const [type, { seen }] of Object.entries(everyBlock)) {
      const found = /^\[|^hr$/.test(seen) ? body.locator(seen) : body.getByText(seen);
      if (!(await found.first().isVisible())) unseen.push(type);
    }
    expect({ types: Object.keys(everyBlock).length, unseen }).toEqual({ types: 20, unseen: [] });
  });

  test('an unknown block shows its type and, opened, its JSON', async () => {
    const page = await open(showing({ type: 'hologram', depth: 3 }));
    await page.getByText('hologram is not supported by this sandbox').click();
    expect(await page.getByText('"depth": 3').isVisible()).toBe(true);
  });

  test('shows a box for a block that fails, and the rest of its message', async () => {
    const page = await open(
      showing(
        { type: 'rich_text', elements: 7 },
        { type: 'header', text: { type: 'plain_text', text: 'Still here' } },
      ),
    );
    expect(await page.getByText("rich_text couldn't be shown").isVisible()).toBe(true);
    expect(await page.getByRole('heading', { name: 'Still here' }).isVisible()).toBe(true);
  });

  test('text that Slack would not parse pings no one, in any block', async () => {
    const raw = '<!channel> @here *z*';
    const escaped = '&lt;!channel&gt; @here';
    const page = await open(
      showing(
        {
          type: 'section',
          text: { type: 'mrkdwn', text: escaped },
          fields: [{ type: 'plain_text', text: raw }],
        },
        { type: 'table', rows: [[{ type: 'raw_text', text: raw }]] },
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: raw }] }],
        },
        { type: 'card', title: { type: 'plain_text', text: raw }, body: { type: 'mrkdwn', text: escaped } },
      ),
    );
    expect(await page.locator('[data-broadcast]').count()).toBe(0);
    slack().show(showing({ type: 'section', text: { type: 'mrkdwn', text: 'hear, <!channel>' } }));
    await page.locator('[data-broadcast="channel"]').waitFor();
  });

  test("shows times in the reader's time zone", async () => {
    const text = '<!date^1700000000^{date_num} {time}|fallback>';
    const tokyo = await open(showing({ type: 'section', text: { type: 'mrkdwn', text } }), {
      timezoneId: 'Asia/Tokyo',
    });
    const utc = await open(showing({ type: 'section', text: { type: 'mrkdwn', text } }), {
      timezoneId: 'UTC',
    });
    const words = [tokyo, utc].map((page) => page.locator('.message-body time').textContent());
    expect(await Promise.all(words)).toEqual(['2023-11-15 07:13', '2023-11-14 22:13']);
  });

  test('loads fonts, symbols, and emoji with the page, and nothing from elsewhere', async () => {
    const page = await open(
      showing({ type: 'section', text: { type: 'mrkdwn', text: '✓ █ :tada: `code`' } }),
    );
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.reload();
    await page.locator('.message-body').waitFor();
    await page.evaluate('document.fonts.ready');
    const loaded = await page.evaluate(
      `[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family.replaceAll('"', ''))`,
    );
    expect(loaded).toEqual(expect.arrayContaining(['Page Lato', 'Page Symbols', 'Page Emoji', 'Page Mono']));
    expect(requested.filter((url) => !url.startsWith(slack().url) && !url.startsWith('data:'))).toEqual([]);
  });

  test('shows a script link as text', async () => {
    const page = await open(
      showing({
        type: 'section',
        text: { type: 'mrkdwn', text: '<javascript:alert(1)|here> <https://x.example|there>' },
      }),
    );
    const links = await page.locator('.message-body a').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(['https://x.example']);
  });
});
