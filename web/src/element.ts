/** `<points-by-category>`: where a member's points come from, and when. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fetchReport, LoadError, reportUrl } from "./api.ts";
import { renderDonut } from "./donut.ts";
import { fill, Formatter, wholeShares } from "./format.ts";
import { nextStop } from "./keys.ts";
import { renderLegend } from "./legend.ts";
import { Motion } from "./motion.ts";
import { renderNudge } from "./nudge.ts";
import { hasFallback, languageOf, PageWatcher, schemeOf } from "./page.ts";
import { slots } from "./palette.ts";
import { renderPatterns } from "./patterns.ts";
import { readoutLeft } from "./readout.ts";
import { renderEmpty, renderError, renderSkeleton } from "./states.ts";
import { type Strings, wordsFor } from "./strings.ts";
import { styles } from "./styles.ts";
import { renderTable } from "./table.ts";
import { axisOf, renderTimeline } from "./timeline.ts";
import { type Active, CHARTS, type ChartKind, type Report, WINDOWS } from "./types.ts";
import { points, sum, type View, visible } from "./view.ts";

/** A change of any of these asks the endpoint again. */
const ASKED = ["endpoint", "window", "bucket", "credentials"] as const;

@customElement("points-by-category")
export class PointsByCategory extends LitElement {
  static override styles = styles;

  /** Address of the by-category endpoint. Nothing is asked while it is empty. */
  @property() endpoint = "";
  @property() window = "last_30_days";
  /** Null lets the endpoint choose what suits the window. */
  @property() bucket: string | null = null;
  @property() chart: ChartKind = "both";
  /** A BCP 47 tag; empty takes the language the page declares. */
  @property() locale = "";
  @property() credentials: RequestCredentials = "same-origin";
  @property({ attribute: "sign-in-url" }) signInUrl = "";
  /** Where each activity type is done: the page's own addresses for suggestions without one. */
  @property({ type: Object }) links: Readonly<Record<string, string>> | null = null;
  /** Other words for what the element says; see strings.ts for their names. */
  @property({ attribute: false }) strings: Partial<Strings> = {};

  @state() private report: Report | null = null;
  @state() private error: LoadError | null = null;
  @state() private loading = false;
  @state() private hiddenKeys: ReadonlySet<string> = new Set();
  @state() private active: Active | null = null;
  @state() private plot: { readonly width: number; readonly height: number } = { width: 0, height: 0 };
  @state() private sliceStop = 0;
  @state() private rowStop = -1;

  private readonly motion = new Motion(this);
  private language = "";
  private formatter = new Formatter("en");
  private abort: AbortController | null = null;
  private readonly sizes = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {};
    this.plot = { width: Math.floor(width), height: Math.floor(height) };
  });
  private measured: Element | null = null;

  constructor() {
    super();
    new PageWatcher(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.pointerElsewhere);
    if (this.hasUpdated && this.report === null) void this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.pointerElsewhere);
    this.abort?.abort();
  }

  /** Ask the endpoint again; resolves when the answer is on show, or the reason there is none. */
  async refresh(): Promise<void> {
    this.abort?.abort();
    if (this.endpoint === "") return;
    const abort = new AbortController();
    this.abort = abort;
    this.loading = true;
    const url = reportUrl(this.endpoint, this.window, this.bucket, this.ownerDocument.baseURI);
    try {
      this.accept(await fetchReport(url, this.credentials, abort.signal));
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof LoadError)) throw error;
      this.error = error;
    } finally {
      if (this.abort === abort) this.loading = false;
    }
    await this.updateComplete;
    this.dispatchEvent(new CustomEvent(this.error ? "points-error" : "points-load", { bubbles: true, composed: true }));
  }

  private accept(report: Report): void {
    const before = this.report;
    const dates = (from: Report | null): string => from?.series.map(({ date }) => date).join() ?? "";
    this.report = report;
    this.error = null;
    this.active = null;
    this.rowStop = report.series.length - 1;
    this.aim(dates(before) === dates(report));
  }

  private aim(sameRows: boolean): void {
    const { report } = this;
    if (!report) return;
    const shown = this.shown(report);
    this.motion.aim(
      {
        totals: visible(report.totals, shown).map((value) => Math.max(0, value)),
        rows: report.series.map(({ values }) => visible(values, shown)),
      },
      sameRows,
    );
  }

  private shown(report: Report): boolean[] {
    return report.categories.map(({ key }) => !this.hiddenKeys.has(key));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const language = this.locale || languageOf(this);
    if (language !== this.language) this.formatter = new Formatter(language);
    this.language = language;
    if (ASKED.some((name) => changed.has(name))) void this.refresh();
  }

  protected override updated(): void {
    const plot = this.renderRoot.querySelector(".plot");
    if (plot !== this.measured) {
      this.sizes.disconnect();
      if (plot) this.sizes.observe(plot);
      this.measured = plot;
    }
    this.placeReadout();
  }

  /** Through the object model, not a style attribute: a strict content security policy allows it. */
  private placeReadout(): void {
    const card = this.renderRoot.querySelector<HTMLElement>(".readout");
    const row = this.active?.row;
    if (!card || !this.report || row === null || row === undefined) return;
    const view = this.view(this.report);
    const axis = axisOf(view);
    const left = readoutLeft(axis.x(row), card.offsetWidth, this.plot.width, axis.bar / 2 + 10);
    card.style.setProperty("transform", `translateX(${left}px)`);
  }

  private readonly pointerElsewhere = (event: Event): void => {
    if (this.active && !event.composedPath().includes(this)) this.active = null;
  };

  private readonly touch = (active: Active | null): void => {
    if (active?.row !== this.active?.row || active?.category !== this.active?.category) this.active = active;
  };

  private readonly toggle = (category: number): void => {
    const key = this.report?.categories[category]?.key;
    if (key === undefined) return;
    const hidden = new Set(this.hiddenKeys);
    if (!hidden.delete(key)) hidden.add(key);
    this.hiddenKeys = hidden;
    this.active = null;
    this.aim(true);
  };

  private pickWindow(key: string): void {
    this.window = key;
    this.dispatchEvent(new CustomEvent("points-window", { bubbles: true, composed: true, detail: { window: key } }));
  }

  private async keydown(event: KeyboardEvent): Promise<void> {
    if (event.key === "Escape") this.active = null;
    const target = event.target as Element;
    const kind = target.hasAttribute("data-slice") ? "slice" : target.hasAttribute("data-row") ? "row" : null;
    if (kind === null) return;
    const stops = [...this.renderRoot.querySelectorAll(`[data-${kind}]`)];
    const next = nextStop(event.key, stops.indexOf(target), stops.length, this.rightToLeft, kind === "slice");
    const chosen = next === null ? undefined : stops[next];
    if (!chosen) return;
    event.preventDefault();
    const stop = Number(chosen.getAttribute(`data-${kind}`));
    if (kind === "slice") this.sliceStop = stop;
    else this.rowStop = stop;
    await this.updateComplete;
    (chosen as SVGElement).focus();
  }

  private get rightToLeft(): boolean {
    return getComputedStyle(this).direction === "rtl";
  }

  private get words(): Strings {
    return { ...wordsFor(this.language), ...this.strings } as Strings;
  }

  private view(report: Report): View {
    const shown = this.shown(report);
    const totals = visible(report.totals, shown);
    return {
      report,
      chart: CHARTS.includes(this.chart) ? this.chart : "both",
      shown,
      slots: slots(report.categories.map(({ key }) => key)),
      shares: wholeShares(totals),
      total: sum(totals),
      frame: this.motion.current,
      format: this.formatter,
      strings: this.words,
      links: this.links ?? {},
      active: this.active,
      rightToLeft: this.rightToLeft,
      ...this.plot,
      sliceStop: this.sliceStop,
      rowStop: this.rowStop,
      touch: this.touch,
    };
  }

  protected override render(): TemplateResult {
    const ready = this.report !== null && this.error === null;
    return html`<div class="card scheme-${schemeOf(this)}" part="card" aria-busy=${this.loading}
      @keydown=${this.keydown}>
      <header>
        <slot name="heading"></slot>
        ${this.endpoint === "" ? nothing : this.renderWindows()}
      </header>
      <p class="hidden-visually" role="status">${this.status()}</p>
      <div class="body ${this.loading ? "loading" : ""}">${this.renderBody()}</div>
      ${ready ? nothing : html`<slot></slot>`}
    </div>`;
  }

  private renderBody(): TemplateResult | typeof nothing {
    if (this.error) return renderError(this.error, this.words, this.signInUrl, () => void this.refresh());
    if (this.report) return this.renderReport(this.view(this.report));
    return this.loading && !hasFallback(this) ? renderSkeleton() : nothing;
  }

  private renderReport(view: View): TemplateResult {
    const { report, chart, strings } = view;
    const empty = [report.totals, ...report.series.map(({ values }) => values)].flat().every((value) => value === 0);
    const timeline = chart !== "donut" && report.series.length > 0;
    return html`${renderPatterns(view.slots)}
      ${
        empty
          ? renderEmpty(strings, this.window !== "all_time")
          : html`<div class="charts chart-${timeline ? chart : "donut"}">
              <div class="whole">
                ${chart === "bars" || chart === "area" ? nothing : renderDonut(view)}
                ${renderLegend(view, this.toggle)}
              </div>
              ${timeline ? renderTimeline(view) : nothing}
            </div>`
      }
      ${
        report.adjustments === 0
          ? nothing
          : html`<p class="adjustments">${fill(strings.adjustments, { points: points(view, report.adjustments, true) })}</p>`
      }
      ${report.nudge ? renderNudge(view, report.nudge) : nothing} ${empty ? nothing : renderTable(view)}`;
  }

  private renderWindows(): TemplateResult {
    const { words } = this;
    return html`<fieldset class="windows" part="windows">
      <legend class="hidden-visually">${words.windows}</legend>
      ${WINDOWS.map(
        (key) => html`<label>
          <input type="radio" name="window" .value=${key} .checked=${this.window === key}
            @change=${() => this.pickWindow(key)} /><span>${words[key]}</span>
        </label>`,
      )}
    </fieldset>`;
  }

  private status(): string {
    const { words, report } = this;
    if (this.loading) return words.loading;
    if (!report || this.error) return "";
    return fill(words.loaded, {
      window: words[report.window as keyof Strings] ?? "",
      points: points({ format: this.formatter, strings: words }, sum(report.totals)),
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "points-by-category": PointsByCategory;
  }
}
