import { anything, byType, flag, list, numeric, oneOf, type Rule, shape, upTo } from './rules.ts';

const style = shape(
  {},
  { bold: flag, italic: flag, strike: flag, code: flag, underline: flag, highlight: flag },
);
const longest = 40_000;
const many = 2_000;

const leaf = byType({
  text: shape({ text: upTo(longest) }, { style }),
  link: shape({ url: upTo(3_000) }, { text: upTo(longest), unsafe: flag, style }),
  emoji: shape({ name: upTo(255) }, { unicode: upTo(255), url: upTo(3_000), skin_tone: numeric, style }),
  user: shape({ user_id: upTo(255) }, { style }),
  usergroup: shape({ usergroup_id: upTo(255) }, { style }),
  team: shape({ team_id: upTo(255) }, { style }),
  channel: shape({ channel_id: upTo(255) }, { style }),
  broadcast: shape({ range: oneOf('here', 'channel', 'everyone') }, { style }),
  color: shape({ value: upTo(20) }, { style }),
  date: shape(
    { timestamp: numeric, format: upTo(255) },
    { url: upTo(3_000), fallback: upTo(longest), style },
  ),
});

const leaves = list(leaf, { max: many });
const section = shape({ elements: leaves });

const part = byType({
  rich_text_section: section,
  rich_text_quote: shape({ elements: leaves }, { border: numeric }),
  rich_text_preformatted: shape(
    { elements: list(byType({ text: anything, link: anything, emoji: anything }), { max: many }) },
    { border: numeric, language: upTo(50) },
  ),
  rich_text_list: shape(
    {
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: section }), { min: 1, max: many }),
    },
    { indent: numeric, offset: numeric, border: numeric },
  ),
});

export const richText: Rule = shape({ elements: list(part, { min: 1, max: many }) }, { block_id: upTo(255) });
