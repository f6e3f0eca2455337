/**
 * Asks an address again and again (`as`: "json" or "text"), and hands over what is new. What was not changed since comes
 * as 304 and costs nothing. A page that nobody sees asks nothing; one that is open for long asks seldom.
 */
const TIRED_MS = 30_000;

export function poll(url, { everyMs, tiredAfterMs = Infinity, as = "json" }, tell) {
  const began = Date.now();
  let known = "";
  let timer = 0;

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const headers = { Accept: "application/json, */*", ...(known && { "If-None-Match": known }) };
      const answer = await fetch(url, { headers, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
      if (answer.ok) {
        known = answer.headers.get("ETag") || "";
        tell(await answer[as]());
      }
    } catch {
      // No line at the moment: the next turn asks again.
    }
    timer = setTimeout(ask, Date.now() - began > tiredAfterMs ? Math.max(everyMs, TIRED_MS) : everyMs);
  }

  document.addEventListener("visibilitychange", ask);
  timer = setTimeout(ask, everyMs);
}
