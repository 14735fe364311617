import type { InputBlock, PlainTextOption } from '@slack/types';

export const words = (text: string) => ({ type: 'plain_text' as const, text });

/** An input as the bot's form has it. */
export const rateInput: InputBlock = {
  type: 'input',
  block_id: 'rate',
  label: words('Messages per second'),
  hint: words('10 per second takes about 2 minutes.'),
  element: {
    type: 'number_input',
    action_id: 'rate',
    is_decimal_allowed: false,
    min_value: '1',
    max_value: '50',
    initial_value: '10',
  },
};

export const destinationInput = (first: PlainTextOption, ...others: PlainTextOption[]): InputBlock => ({
  type: 'input',
  block_id: 'to',
  label: words('Destination'),
  element: {
    type: 'static_select',
    action_id: 'to',
    options: [first, ...others],
    initial_option: first,
  },
});

export const reasonInput: InputBlock = {
  type: 'input',
  block_id: 'why',
  label: words('Reason'),
  element: {
    type: 'plain_text_input',
    action_id: 'why',
    multiline: true,
    min_length: 3,
    max_length: 300,
    placeholder: words('What was fixed?'),
  },
};
