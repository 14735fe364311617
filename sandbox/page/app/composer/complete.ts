import type { PageState } from '../../../slack/page-contract.ts';

export type Completion = {
  /** The whole text after the completion. */
  text: string;
  shown: string;
  about: string;
};

export type Help = {
  completions: Completion[];
  /** The unfinished name of a command is preselected; a word after it is selected only by arrows or Tab. */
  isFirstChosen: boolean;
  hint?: { command: string; usageHint: string };
};

const mostShown = 8;
const nothing: Help = { completions: [], isFirstChosen: false };

/** What the composer offers for this text, given the bot's commands and words. */
export function complete(text: string, known: Pick<PageState, 'commands' | 'completions'>): Help {
  if (!text.startsWith('/') || text.includes('\n')) return nothing;
  const space = text.indexOf(' ');
  if (space < 0) return completeCommand(text, known.commands);
  const command = known.commands.find((one) => one.command === text.slice(0, space));
  return command ? completeWord(text, command, known.completions) : nothing;
}

function completeCommand(text: string, commands: PageState['commands']): Help {
  const completions = commands
    .filter(({ command }) => command.startsWith(text.toLowerCase()))
    .map(({ command, usageHint, description }) => {
      return { text: `${command} `, shown: `${command} ${usageHint}`.trim(), about: description };
    });
  return { completions, isFirstChosen: !commands.some(({ command }) => command === text) };
}

function completeWord(text: string, command: PageState['commands'][number], words: string[]): Help {
  const typed = text.slice(text.lastIndexOf(' ') + 1);
  const before = text.slice(0, text.length - typed.length);
  const lower = typed.toLowerCase();
  const starting = words.filter((word) => word.toLowerCase().startsWith(lower));
  const containing = words.filter((word) => word.toLowerCase().indexOf(lower) > 0);
  const taken = new Set(before.split(' '));
  const completions = [...starting, ...containing]
    .filter((word) => word !== typed && !taken.has(word))
    .slice(0, mostShown)
    .map((word) => ({ text: `${before}${word} `, shown: word, about: '' }));
  return { completions, isFirstChosen: false, hint: command };
}
