import { change, tellAlso } from './draft.ts';
import { giveUpIfHopeless } from './give-up.ts';
import { blindAfter, delayWhileBlind, nextLookAfter } from './pace.ts';
import type { Sighting } from './sighting.ts';
import type { Decision } from './telling.ts';
import type { Turn } from './turn.ts';
import type { Blindness } from './watch.ts';

/** A watch that can be seen only now and then would fill the thread otherwise. */
const mostBlindnessesTold = 3;

type BlindTurn = Turn & { sighting: Extract<Sighting, { kind: 'not-seen' }> };

/** AWS could not be asked: look again later and later, and say so after five minutes. */
export function nothingSeen(decision: Decision, turn: BlindTurn): Decision {
  const { sighting, now, settings, random } = turn;
  const { blind, unseenLooks } = decision.watch;
  const longer: Blindness = {
    since: blind?.since ?? sighting.at,
    looks: (blind?.looks ?? 0) + 1,
    problem: sighting.problem,
    told: blind?.told ?? false,
  };
  const noted = sayBlind(change(decision, { blind: longer, unseenLooks: unseenLooks + 1 }), longer, now);
  const delay = delayWhileBlind(noted.watch, now, settings, random);
  const next = change(noted, { nextLookAt: nextLookAfter(noted.watch, now, delay) });
  return giveUpIfHopeless(next, now);
}

function sayBlind(decision: Decision, blind: Blindness, now: number): Decision {
  const ordinal = decision.watch.blindnessesTold + 1;
  if (blind.told || now - blind.since < blindAfter || ordinal > mostBlindnessesTold) return decision;
  const notice = { kind: 'cannot-see' as const, problem: blind.problem, forMs: now - blind.since };
  return change(tellAlso(decision, notice, ordinal), {
    blind: { ...blind, told: true },
    blindnessesTold: ordinal,
  });
}

/** SQS answered again. `quietly`: what is said next makes it plain anyway. */
export function seeingAgain(decision: Decision, now: number, quietly = false): Decision {
  const { blind, blindnessesTold } = decision.watch;
  if (!blind) return decision;
  const notice = { kind: 'can-see-again' as const, forMs: Math.max(0, now - blind.since) };
  const said = blind.told && !quietly ? tellAlso(decision, notice, blindnessesTold) : decision;
  return change(said, { blind: undefined });
}
