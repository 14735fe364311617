/** `https://…/api/` with a trailing slash, or why the text is wrong. The message never repeats it. */
export function parseSlackApiUrl(text: string): { ok: true; url: string } | { ok: false; message: string } {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//i.test(text)) return wrong('must be a URL that begins with https://');
  if (url.username !== '' || url.password !== '') return wrong('must not contain a user name or password');
  if (url.search !== '' || url.hash !== '') return wrong('must not contain ? or #');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return wrong('must begin with https://; http:// works only for localhost');
  }
  return { ok: true, url: url.href.endsWith('/') ? url.href : `${url.href}/` };
}

function wrong(message: string) {
  return { ok: false as const, message };
}

/** `URL` has already normalized `127.1` and `0x7f000001`. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
