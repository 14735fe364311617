import { type Comparison, explainSurvey, type FoundDlq, type Survey } from '../../domain/discovery/survey.ts';
import { phrase, visible } from '../../domain/wording.ts';
import { type Paint, sentence } from './paint.ts';

const sourcesShown = 5;

/** `orders, payments and 3 more` */
export function sourcesInWords({ sources }: FoundDlq): string {
  const more = sources.length - sourcesShown;
  return `${sources.slice(0, sourcesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What could not be listed, with what to do, and DLQs that a redrive policy names but that do not exist. */
export function surveyNotes(surveys: readonly Survey[], paint: Paint): string[] {
  const unseen = oneForEachRole(surveys).flatMap((survey) => {
    const said = explainSurvey(survey);
    return said
      ? [`${paint('red', '✗')} ${sentence(said.meaning, paint)}`, `    → ${sentence(said.remedy, paint)}`]
      : [];
  });
  const asOneself = surveys.flatMap(({ insteadOf, place }) => {
    if (!insteadOf) return [];
    const said = phrase`${place.account.label} in ${place.region} was read with your own credentials: ${insteadOf.arn} isn't allowed to list queues there, or doesn't exist yet.`;
    return [`${paint('yellow', '–')} ${sentence(said, paint)}`];
  });
  const dangling = surveys.flatMap((survey) =>
    survey.dangling.map(
      ({ source, target }) =>
        `${paint('yellow', '–')} The DLQ of ${source} does not exist: ${paint('cyan', visible(target))}`,
    ),
  );
  return [...unseen, ...asOneself, ...dangling];
}

/** A role that cannot be assumed is named once, with all its regions. */
function oneForEachRole(surveys: readonly Survey[]): Survey[] {
  const refused = surveys.filter(({ awsError }) => awsError?.kind === 'role-refused');
  const ofAccounts = Map.groupBy(refused, ({ place }) => place.account.id);
  const folded = [...ofAccounts.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const region = [first, ...others].map(({ place }) => place.region).join(', ');
    return [{ ...first, place: { ...first.place, region } }];
  });
  return [...folded, ...surveys.filter((survey) => !refused.includes(survey))];
}

export function differences({ missing, gone }: Comparison): string[] {
  return [
    ...missing.map((dlq) => `not listed: ${dlq.arn} (DLQ of ${sourcesInWords(dlq)})`),
    ...gone.map(({ alias, arn }) => `gone: ${alias} (${arn})`),
  ];
}

export function countOfDlqs(count: number): string {
  return count === 1 ? '1 DLQ' : `${count} DLQs`;
}
