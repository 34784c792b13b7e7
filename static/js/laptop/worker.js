// The service worker of one-laptop mode: gives the page where there is no line. It keeps only the page and what it is
// drawn with, the same for every assessment; what was recorded lies in the machine's database.
import { fill, pageOr, tidy } from "../rate/keep.js";

const { version, assets, patience } = self.LAPTOP;
const page = new URL(registration.scope).pathname;
const OURS = "laptop-" + page + "-",
  CACHE = OURS + version;
const kept = () => caches.match(page);

addEventListener("install", (event) => event.waitUntil(fill(CACHE, [page], assets)));
addEventListener("activate", (event) => event.waitUntil(tidy(OURS, CACHE)));
addEventListener("fetch", (event) => {
  const { request } = event,
    { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === page) event.respondWith(pageOr(fetch(request), kept, kept, patience));
  else if (assets.includes(pathname)) event.respondWith(caches.match(request).then((one) => one || fetch(request)));
});
