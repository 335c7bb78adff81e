/** The same numbers as a plain table, for those who would rather read than look. */
import { html, nothing, type TemplateResult } from "lit";
import { fill } from "./format.ts";
import { sum, type View } from "./view.ts";

export function renderTable(view: View): TemplateResult {
  const { report, format, strings } = view;
  const span = spanOf(view);
  const cells = (values: readonly number[]): TemplateResult[] =>
    [...values, sum(values)].map((value) => html`<td>${format.number(value)}</td>`);
  return html`<details class="table" part="table">
    <summary>${strings.showTable}</summary>
    <div class="scroller" role="region" tabindex="0" aria-labelledby="caption">
      <table>
        <caption id="caption">${fill(strings.tableCaption, { span })}</caption>
        <thead>
          <tr>
            <th scope="col">${strings.date}</th>
            ${report.categories.map(({ label }) => html`<th scope="col">${label}</th>`)}
            <th scope="col">${strings.total}</th>
          </tr>
        </thead>
        ${
          report.series.length > 0
            ? html`<tbody>
                ${report.series.map(
                  ({ date, values }) =>
                    html`<tr><th scope="row">${format.bucketName(date, report.bucket)}</th>${cells(values)}</tr>`,
                )}
              </tbody>`
            : nothing
        }
        <tfoot>
          <tr><th scope="row">${strings.total}</th>${cells(report.totals)}</tr>
        </tfoot>
      </table>
    </div>
  </details>`;
}

/** The time the report covers, in words: its dates where they are known, else the window's name. */
function spanOf({ report, format, strings }: View): string {
  const first = report.series[0];
  const last = report.series.at(-1);
  if (report.span) return format.span(...report.span, "day");
  if (first && last) return format.span(first.date, last.date, report.bucket);
  return strings[report.window] ?? report.window;
}
