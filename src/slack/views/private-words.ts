import { explainProblem } from '../../domain/explain-problem.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Refusal } from '../../operations/access.ts';
import { actionIds } from '../action-ids.ts';
import { actions, button, context, type Message, section } from '../blocks.ts';
import { writeButtonValue } from '../button-value.ts';
import { codeSpan, escaped, mrkdwn } from '../text.ts';
import { placeOf } from './card.ts';

/** A section holds 3,000 characters. */
const roomInSection = 2_900;

/** A few lines for one person's eyes, with the id that finds them in the log. */
export function privateWords(lines: readonly string[], errorId?: string): Message {
  const id = errorId === undefined ? [] : [`Error id ${errorId}`];
  return {
    text: [...lines, ...id].join('\n'),
    blocks: [...paragraphs(lines).map(section), ...id.map(context)],
  };
}

function paragraphs(lines: readonly string[]): string[] {
  const done: string[] = [];
  for (const line of lines) {
    const joined = `${done.at(-1) ?? ''}\n${line}`;
    if (done.length > 0 && joined.length <= roomInSection) done[done.length - 1] = joined;
    else done.push(line);
  }
  return done;
}

export function problemView(queue: Queue, problem: Problem, errorId: string): Message {
  const { meaning, remedy } = explainProblem(problem, queue);
  return privateWords(
    [`⚠️ *Could not check* ${codeSpan(queue.name)}`, mrkdwn(meaning), mrkdwn(remedy)],
    errorId,
  );
}

export function refusalView(refusal: Refusal, errorId: string): Message {
  return privateWords([`🔒 ${refusalInWords(refusal)}`], errorId);
}

function refusalInWords(refusal: Refusal): string {
  switch (refusal.reason) {
    case 'external-person':
      return 'People of other workspaces may not use this bot here. Ask a colleague in the workspace that runs it.';
    case 'channel':
      return `This bot may not be used in this channel. Use it in ${channelsInWords(refusal.allowed)}.`;
    case 'person':
      return `You are not on the list of people who may use this bot. Ask whoever runs it to add you${groupsInWords(refusal.userGroups)}.`;
    case 'groups-unknown':
      return 'Slack did not say who is in the user groups that may use this bot, so the answer is no for now. Try again in a minute. If it stays so, the bot needs the scope `usergroups:read`.';
    case 'queue-elsewhere':
      return `${codeSpan(refusal.queue.alias)} may not be checked in this channel. Use ${channelsInWords(refusal.queue.channels)}.`;
  }
}

function channelsInWords(channels: readonly string[]): string {
  return channels
    .slice(0, 5)
    .map((id) => `<#${id}>`)
    .join(' or ');
}

function groupsInWords(groups: readonly string[]): string {
  return groups.length === 0 ? '' : ' or one of your user groups';
}

/** More would not fit into a message when all names are long. */
const choicesShown = 6;

/** A name that several queues share. */
export function choiceView(typed: string, queues: readonly Queue[], asked: number): Message {
  const more = queues.length - choicesShown;
  const rest = more > 0 ? ` These are the first ${choicesShown}; the ARN names any other.` : '';
  return withQueueButtons(
    [`${codeSpan(typed, 100)} names ${queues.length} queues. Which one?${rest}`],
    queues.slice(0, choicesShown),
    asked,
  );
}

export function unknownQueueView(
  { typed, nearest, asked }: { typed: string; nearest: readonly Queue[]; asked: number },
  command: string,
  errorId: string,
): Message {
  const words = [`There is no queue ${codeSpan(typed, 100)} among those this channel may see.`];
  const all = `Type \`${command}\` to see them all.`;
  if (nearest.length === 0) return privateWords([...words, all], errorId);
  const view = withQueueButtons([...words, `Did you mean one of these? ${all}`], nearest, asked);
  const id = `Error id ${errorId}`;
  return { text: `${view.text}\n${id}`, blocks: [...view.blocks, context(id)] };
}

function withQueueButtons(lines: string[], queues: readonly Queue[], asked: number): Message {
  const names = queues.map((queue) => `• ${codeSpan(queue.name)} ${escaped(placeOf(queue))}`);
  const said = [...lines, ...names].join('\n');
  return {
    text: said,
    blocks: [
      section(said),
      actions(
        queues.map((queue, i) =>
          button(
            `${actionIds.showQueue}:${i}`,
            queues.length === 1 ? queue.alias : `${queue.alias} · ${queue.account.label} · ${queue.region}`,
            writeButtonValue({ q: queue.arn, n: asked }),
          ),
        ),
      ),
    ],
  };
}
