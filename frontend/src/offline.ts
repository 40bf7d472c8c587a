/** A page for no connection, kept by the browser: in large type for whoever reads so on this device. */
const LARGE = "silin-large-type";

function remember(root: HTMLElement): void {
  if (root.hasAttribute("data-offline-page")) {
    if (localStorage.getItem(LARGE)) root.dataset["mode"] = "elder";
  } else if (root.dataset["mode"] === "elder") localStorage.setItem(LARGE, "1");
  else localStorage.removeItem(LARGE);
}

export function startOffline(): void {
  try {
    remember(document.documentElement);
  } catch {
    // a browser that keeps nothing shows standard type
  }
  const manifest = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
  if (!manifest || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => void navigator.serviceWorker.register(new URL("offline.js", manifest.href)).catch(() => undefined));
}
