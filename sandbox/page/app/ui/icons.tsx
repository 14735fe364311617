import type { ReactNode } from 'react';

const shapes = {
  hash: <path d="M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5" />,
  lock: <path d="M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9" />,
  close: <path d="m5 5 10 10M15 5 5 15" />,
  menu: <path d="M3 5.5h14M3 10h14M3 14.5h14" />,
  more: <path d="M10 4.5v.01M10 10v.01M10 15.5v.01" strokeWidth="2.6" />,
  reply: (
    <path d="M17 10c0 3.3-3.1 6-7 6-1 0-2-.2-2.9-.5L3.5 16.5l1-2.7C3.6 12.7 3 11.4 3 10c0-3.3 3.1-6 7-6s7 2.7 7 6z" />
  ),
  send: <path d="M3.5 3.5 17 10 3.5 16.5 5 10zM5 10h6" />,
  chevron: <path d="m5.5 8 4.5 4.5L14.5 8" />,
  eye: (
    <path d="M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z" />
  ),
  alert: <path d="M10 3 18 16.5H2zM10 8v4M10 14.4v.01" />,
  play: <path d="M6 4v12l10-6z" />,
  flask: <path d="M8 3h4M8.5 3v5L4 16.5h12L11.5 8V3M6 13h8" />,
  check: <path d="m4.5 10.5 3.5 3.5 7.5-8" />,
  home: <path d="M3 9.5 10 4l7 5.5M5 8.5V16h3.5v-4h3v4H15V8.5" />,
  box: <path d="M3.5 6.5 10 3l6.5 3.5v7L10 17l-6.5-3.5zM3.5 6.5 10 10l6.5-3.5M10 10v7" />,
} satisfies Record<string, ReactNode>;

export function Icon({ name }: { name: keyof typeof shapes }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
