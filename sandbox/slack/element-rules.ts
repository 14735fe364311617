import {
  allOf,
  anything,
  byType,
  complaint,
  flag,
  list,
  numeric,
  oneOf,
  type Rule,
  shape,
  upTo,
} from './rules.ts';

export const plainText = (max: number): Rule =>
  byType({ plain_text: shape({ text: upTo(max) }, { emoji: flag }) });

export const anyText = (max: number): Rule =>
  byType({
    plain_text: shape({ text: upTo(max) }, { emoji: flag }),
    mrkdwn: shape({ text: upTo(max) }, { verbatim: flag }),
  });

const confirm = shape(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
);

const option = shape({ text: anyText(75), value: upTo(150) }, { description: anyText(75), url: upTo(3_000) });

const actionable = { action_id: upTo(255), confirm, focus_on_load: flag };

const button = shape(
  { text: plainText(75) },
  {
    ...actionable,
    url: upTo(3_000),
    value: upTo(2_000, 0),
    style: oneOf('primary', 'danger'),
    accessibility_label: upTo(75),
  },
);

export const staticSelect: Rule = allOf(
  shape(
    {},
    {
      ...actionable,
      placeholder: plainText(150),
      options: list(option, { min: 1, max: 100 }),
      option_groups: list(shape({ label: plainText(75), options: list(option, { min: 1, max: 100 }) }), {
        min: 1,
        max: 100,
      }),
      initial_option: option,
    },
  ),
  (value, at) =>
    hasOneOf(value, 'options', 'option_groups') ? [] : complaint('missing required field: options', at),
);

export const externalSelect = shape(
  {},
  { ...actionable, placeholder: plainText(150), initial_option: option, min_query_length: numeric },
);

const fewOptions = list(option, { min: 1, max: 10 });

export const radioButtons = shape({ options: fewOptions }, { ...actionable, initial_option: option });

export const checkboxes = shape({ options: fewOptions }, { ...actionable, initial_options: fewOptions });

const overflow = shape({ options: list(option, { min: 1, max: 5 }) }, actionable);

export const image: Rule = allOf(
  shape(
    { alt_text: upTo(2_000) },
    { image_url: upTo(3_000), slack_file: anything, title: plainText(2_000), block_id: upTo(255) },
  ),
  (value, at) =>
    hasOneOf(value, 'image_url', 'slack_file') ? [] : complaint('missing required field: image_url', at),
);

/** Elements that this sandbox knows only by name: their content is not checked. */
const looselyChecked = [
  'datepicker',
  'datetimepicker',
  'multi_static_select',
  'multi_users_select',
  'multi_channels_select',
  'multi_conversations_select',
  'multi_external_select',
  'users_select',
  'channels_select',
  'conversations_select',
  'rich_text_input',
  'timepicker',
  'workflow_button',
];

const interactive: Record<string, Rule> = {
  ...Object.fromEntries(looselyChecked.map((type) => [type, anything])),
  button,
  static_select: staticSelect,
  external_select: externalSelect,
  overflow,
  radio_buttons: radioButtons,
  checkboxes,
};

export const actionElement = byType(interactive);
export const accessory = byType({ ...interactive, image });
export const contextElement = byType({
  image,
  plain_text: shape({ text: upTo(3_000) }, { emoji: flag }),
  mrkdwn: shape({ text: upTo(3_000) }, { verbatim: flag }),
});

export function hasOneOf(value: unknown, ...names: string[]): boolean {
  return typeof value === 'object' && value !== null && names.some((name) => name in value);
}
