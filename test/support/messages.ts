import { expect } from 'vitest';
import type { Message } from '../../src/slack/block-kit.ts';

/**
 * Slack tokens that the bot writes on purpose: a date in the reader's time zone, a channel's or a person's
 * name.
 */
const ownTokens = /<!date\^\d+\^[^|<>]*\|[^<>]*>|<#[CG][A-Z0-9]+>|<@[UW][A-Z0-9]+>/g;

type Leaf = { type: string; text: string };

/** Every text of a message that Slack would parse, and the fallback text, which is parsed too. */
function parsedTexts(message: Message): string[] {
  const found: string[] = [message.text];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, text } = value as Partial<Leaf>;
    if (type === 'mrkdwn' && typeof text === 'string') found.push(text);
    Object.values(value).forEach(walk);
  };
  walk(message.blocks);
  return found;
}

/** Mentions nobody, links nowhere, fits into Slack's limits and contains no undefined or NaN. */
export function expectFitForSlack(message: Message): void {
  for (const text of parsedTexts(message)) {
    expect(text.replace(ownTokens, '')).not.toMatch(/[<>]/);
    expect(text.replace(ownTokens, '').replace(/`[^`\n]*`/g, '')).not.toMatch(
      /https?:\/\/|\bNaN\b|\bundefined\b|\bnull\b|Infinity/,
    );
    expect(text).not.toMatch(/(?:[2-9]\d\d|1[1-9]\d|10[1-9]) %/);
  }
  expect(message.text.trim()).not.toBe('');
  expect(message.blocks.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(message).length).toBeLessThan(9_000);
}

/** A message as plain lines, for readable snapshots. */
export function readable({ text, blocks }: Message): string {
  return `\n${blocks.map(readableBlock).join('\n')}\n--- as plain text ---\n${text}\n`;
}

function readableBlock(block: Message['blocks'][number]): string {
  switch (block.type) {
    case 'header':
      return `# ${block.text.text}`;
    case 'section':
      return [
        ...(block.text ? [block.text.text] : []),
        ...(block.fields ?? []).map((field) => `| ${field.text}`),
        ...(block.accessory ? [readableElement(block.accessory)] : []),
      ].join('\n');
    case 'context':
      return block.elements
        .map((element) => ('text' in element ? `(${element.text})` : element.type))
        .join('\n');
    case 'actions':
      return block.elements.map(readableElement).join('\n');
    case 'table':
      return block.rows
        .map((row) => row.map((cell) => ('text' in cell ? cell.text : JSON.stringify(cell))).join(' | '))
        .join('\n');
    default:
      return JSON.stringify(block);
  }
}

function readableElement(element: object): string {
  const { action_id, text, placeholder, value, url } = element as Record<string, unknown>;
  const label = `[${((text ?? placeholder) as { text: string }).text}] ${action_id}`;
  return placeholder === undefined ? `${label} ${value ?? url}` : label;
}
