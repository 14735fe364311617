/** `https://…/api/` with its slash at the end, or why the text will not do. The words never repeat it. */
export function parseSlackApiUrl(text: string): { ok: true; url: string } | { ok: false; message: string } {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//i.test(text)) return wrong('is not a URL that begins with https://');
  if (url.username !== '' || url.password !== '') return wrong('must not hold a user name or password');
  if (url.search !== '' || url.hash !== '') return wrong('must end with its path, without ? or #');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return wrong('must begin with https://; plain http is only for this machine (localhost)');
  }
  return { ok: true, url: url.href.endsWith('/') ? url.href : `${url.href}/` };
}

function wrong(message: string) {
  return { ok: false as const, message };
}

/** `URL` has already made `127.1` and `0x7f000001` the usual four numbers. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
