import "driver.js/dist/driver.css";
import "./guide.css";
import { type Driver, driver } from "driver.js";
import type { Stop, StopId } from "./stops";

export interface Words {
  progress: string;
  next: string;
  back: string;
  done: string;
  close: string;
  stop: (id: StopId) => { title: string; text: string };
}

/** Until a screen shows what is pointed at; after that, the words are shown in the middle. */
const PATIENCE = 4_000;
const ANNOUNCED = ["aria-haspopup", "aria-expanded", "aria-controls"];

const isSeen = (element: Element) => element.getClientRects().length > 0;
const seen = (target: string) => [...document.querySelectorAll(`[data-tour~="${target}"]`)].find(isSeen);

/** Walks from stop to stop; Escape, the cross and a click beside it end the tour. Calls back how it ended, once. */
export function guide(stops: Stop[], words: Words, onEnd: (how: "done" | "skipped") => void): Driver {
  let how: "done" | "skipped" = "skipped";
  let isOnTheWay = false;
  const show = async (n: number) => {
    const stop = stops[n];
    if (!stop || isOnTheWay) return;
    isOnTheWay = true;
    await stop.go();
    isOnTheWay = false;
    if (tour.isActive()) tour.moveTo(n);
  };
  const finish = () => {
    how = "done";
    tour.destroy();
  };
  const tour = driver({
    steps: stops.map(({ id, target, align }) => ({
      element: () => seen(target) as Element,
      popover: { title: words.stop(id).title, description: words.stop(id).text, align },
    })),
    waitForElement: PATIENCE,
    animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    duration: 150,
    overlayColor: "var(--overlay)",
    overlayOpacity: 1,
    stagePadding: 6,
    stageRadius: 8,
    popoverClass: "engage-tour",
    popoverOffset: 12,
    disableActiveInteraction: true,
    showProgress: true,
    progressText: words.progress,
    nextBtnText: words.next,
    prevBtnText: words.back,
    doneBtnText: words.done,
    onNextClick: (_element, _step, { index = 0 }) => (index + 1 < stops.length ? void show(index + 1) : finish()),
    onPrevClick: (_element, _step, { index = 0 }) => void show(index - 1),
    onPopoverRender: ({ closeButton, nextButton }) => {
      closeButton.setAttribute("aria-label", words.close);
      queueMicrotask(() => nextButton.focus());
    },
    // The element itself opens nothing: it is only pointed at.
    onHighlighted: (element) => ANNOUNCED.forEach((name) => element?.removeAttribute(name)),
    onDestroyed: () => onEnd(how),
  });
  void stops[0]?.go().then(() => tour.drive());
  return tour;
}
