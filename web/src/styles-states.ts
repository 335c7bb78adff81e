/** How loading, failure and emptiness look. */
import { css } from "lit";

export const stateStyles = css`
  .state {
    display: grid;
    justify-items: center;
    gap: 0.375rem;
    padding: 2.5rem 1rem;
    color: var(--_soft);
    text-align: center;
  }
  .state p {
    max-inline-size: 26rem;
  }
  .state .title {
    color: var(--_ink);
    font-size: 1.125rem;
  }
  .state svg {
    width: 3.5rem;
    height: 3.5rem;
    margin-block-end: 0.5rem;
    padding: 0.625rem;
    border-radius: 50%;
    background: var(--_fill);
    fill: none;
    stroke: var(--_accent);
    stroke-width: 3;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .action {
    margin-block-start: 0.875rem;
    padding: 0.5625rem 1.25rem;
    border: 0;
    border-radius: 2rem;
    background: var(--_accent);
    color: var(--_on-accent);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }

  .skeleton {
    display: grid;
    gap: 2rem;
    animation: breathe 1.6s ease-in-out infinite;
  }
  .skeleton .ring {
    inline-size: 15rem;
    aspect-ratio: 1;
    margin-inline: auto;
    border: 2.125rem solid var(--_fill);
    border-radius: 50%;
  }
  .skeleton .lines {
    display: grid;
    gap: 0.875rem;
    align-content: center;
  }
  .skeleton .lines span {
    block-size: 1.5rem;
    border-radius: 0.5rem;
    background: var(--_fill);
  }
  .skeleton .columns {
    display: flex;
    gap: 2.5%;
    align-items: end;
    block-size: 14.5rem;
  }
  .skeleton .columns span {
    flex: 1;
    block-size: 38%;
    border-radius: 0.375rem 0.375rem 0.125rem 0.125rem;
    background: var(--_fill);
  }
  .skeleton .columns .h1 {
    block-size: 62%;
  }
  .skeleton .columns .h2 {
    block-size: 24%;
  }
  .skeleton .columns .h3 {
    block-size: 80%;
  }
  .skeleton .columns .h4 {
    block-size: 46%;
  }
  .skeleton .columns .h5 {
    block-size: 92%;
  }
  .skeleton .columns .h6 {
    block-size: 55%;
  }
  @keyframes breathe {
    50% {
      opacity: 0.5;
    }
  }

  @container (min-width: 34rem) {
    .skeleton {
      grid-template-columns: 15rem 1fr;
      gap: 2rem 2.5rem;
    }
    .skeleton .columns {
      grid-column: 1 / -1;
    }
  }
  @container (min-width: 60rem) {
    .skeleton {
      grid-template: auto 1fr / 19rem 1fr;
      gap: 1.75rem 4rem;
    }
    .skeleton .columns {
      grid-area: 1 / 2 / span 2;
      block-size: 100%;
    }
  }
`;
