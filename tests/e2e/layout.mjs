// What a page looks like, measured.

export const WIDTHS = [280, 320, 400, 500];

/** Elements of a frame that stick out of it sideways, unless something around them scrolls or cuts. */
export function overflowing(frame) {
  return frame.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const isCut = (element) => {
      for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
        if (getComputedStyle(around).overflowX !== "visible") return true;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll("*")].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (right > wide + 1 || left < -1) && !isCut(element);
    });
    const found = out.map((element) => element.outerHTML.slice(0, 160));
    const scrolled = document.documentElement.scrollWidth;
    return scrolled > wide ? [`the page is ${scrolled} px wide in ${wide}`, ...found] : found;
  });
}

/** Gives the panel another width. */
export const setWidth = (page, width) =>
  page.evaluate((pixels) => document.getElementById("dock").style.setProperty("--width", `${pixels}px`), width);

/** What has the focus, and whether that shows. */
export const focused = (frame) =>
  frame.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    // The parts of a date mark themselves.
    const isDate = element.matches("input[type=datetime-local]");
    const isMarked = isDate || (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    // A field inside a marked box shows it, too.
    const box = element.closest(":focus-within:not(body, html)");
    return { html: element.outerHTML.slice(0, 160), isMarked, isBoxed: box !== null && box !== element };
  });
