import { checkboxes, externalSelect, plainText, radioButtons, staticSelect } from './element-rules.ts';
import { anything, byType, flag, list, numeric, oneOf, type Rule, shape, upTo } from './rules.ts';

const common = { action_id: upTo(255), focus_on_load: flag, placeholder: plainText(150) };
const dispatch = {
  dispatch_action_config: shape(
    {},
    { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { min: 1, max: 2 }) },
  ),
};
const numberText = upTo(30);

const textInput = shape(
  {},
  {
    ...common,
    ...dispatch,
    initial_value: upTo(3_000, 0),
    multiline: flag,
    min_length: numeric,
    max_length: numeric,
  },
);

const numberInput = shape(
  { is_decimal_allowed: flag },
  { ...common, ...dispatch, initial_value: numberText, min_value: numberText, max_value: numberText },
);

/** Elements that this sandbox knows only by name: their content is not checked. */
const looselyChecked = [
  'channels_select',
  'conversations_select',
  'datepicker',
  'datetimepicker',
  'email_text_input',
  'file_input',
  'multi_channels_select',
  'multi_conversations_select',
  'multi_external_select',
  'multi_static_select',
  'multi_users_select',
  'rich_text_input',
  'timepicker',
  'url_text_input',
  'users_select',
];

const inputElement = byType({
  ...Object.fromEntries(looselyChecked.map((type) => [type, anything])),
  plain_text_input: textInput,
  number_input: numberInput,
  static_select: staticSelect,
  external_select: externalSelect,
  radio_buttons: radioButtons,
  checkboxes,
});

export const input: Rule = shape(
  { label: plainText(2_000), element: inputElement },
  { block_id: upTo(255), hint: plainText(2_000), optional: flag, dispatch_action: flag },
);
