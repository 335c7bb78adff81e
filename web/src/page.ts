/** What the element takes from the page it stands in. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

export type Scheme = "light" | "dark" | "inherit";

/**
 * Say which scheme `element` stands in.
 *
 * A `data-theme` on the element or around it wins. Else the page's own `color-scheme` is inherited
 * by CSS. A page that declares neither is dark when it writes in light letters.
 */
export function schemeOf(element: Element): Scheme {
  const theme = element.closest("[data-theme]")?.getAttribute("data-theme")?.toLowerCase() ?? "";
  if (theme.includes("dark")) return "dark";
  if (theme.includes("light")) return "light";
  const style = getComputedStyle(element);
  if (style.colorScheme !== "normal") return "inherit";
  return isLight(style.color) ? "dark" : "light";
}

/** Whether a computed `rgb(...)` colour is nearer to white than to black. */
export function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 140;
}

/** The language declared for `element`, else the reader's. */
export function languageOf(element: Element): string {
  return element.closest("[lang]")?.getAttribute("lang") || navigator.language;
}

/** Whether the page put something between the tags to show until the charts are there. */
export function hasFallback(element: Element): boolean {
  return [...element.childNodes].some((node) =>
    node instanceof Element
      ? node.slot === ""
      : node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
  );
}

/** Asks for a new rendering whenever the page may have changed its scheme or its direction. */
export class PageWatcher implements ReactiveController {
  private readonly media = matchMedia("(prefers-color-scheme: dark)");
  private readonly observer = new MutationObserver(() => this.host.requestUpdate());
  private readonly changed = (): void => this.host.requestUpdate();

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.media.addEventListener("change", this.changed);
    const watched = { attributeFilter: ["data-theme", "class", "style", "dir", "lang"] };
    for (const node of [document.documentElement, document.body]) this.observer.observe(node, watched);
  }

  hostDisconnected(): void {
    this.media.removeEventListener("change", this.changed);
    this.observer.disconnect();
  }
}
