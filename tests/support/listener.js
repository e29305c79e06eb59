/* What a screen reader would say by itself: the live regions of a page, by the rules of WAI-ARIA, as a list of texts in `window.heard`; `window.hear()` waits for one. */
(() => {
  const heard = (window.heard = []);
  const waiting = [];
  window.hear = () => heard.length > 0 || new Promise((resolve) => waiting.push(resolve));
  const BY_ROLE = { status: "polite", log: "polite", alert: "assertive" };
  const elementOf = (node) => (node instanceof Element ? node : node.parentElement);
  const livenessOf = (element) => element.getAttribute("aria-live") ?? BY_ROLE[element.getAttribute("role")];
  const isRegion = (element) => Boolean(livenessOf(element));
  const isAlert = (element) => element.getAttribute("role") === "alert";

  /** The nearest region decides: one that is off inside of one that is polite is silent. */
  function regionOf(node) {
    const region = elementOf(node)?.closest("[aria-live], [role=status], [role=log], [role=alert]");
    return region && livenessOf(region) !== "off" ? region : null;
  }

  function isThere(element) {
    return element.isConnected && element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden=true]");
  }

  function words(node) {
    if (node instanceof Text) return node.data;
    if (!(node instanceof Element) || node.getAttribute("aria-hidden") === "true" || !node.checkVisibility({ visibilityProperty: true })) return "";
    return node.getAttribute("aria-label") ?? node.getAttribute("alt") ?? [...node.childNodes].map(words).join(" ");
  }

  function isAtomic(region) {
    return region.getAttribute("aria-atomic") === "true" || ["status", "alert"].includes(region.getAttribute("role"));
  }

  /** What is said about a node that has come or changed: its region as a whole, or itself. */
  function topic(node) {
    const region = regionOf(node);
    if (!region || !isThere(region) || !isThere(elementOf(node))) return [];
    // A region that comes with its first words is not read out, except for an alert.
    if (fresh.has(region) && !isAlert(region)) return [];
    return [isAtomic(region) ? region : node];
  }

  function about({ type, target, addedNodes }) {
    if (type === "childList") return [...addedNodes].flatMap((node) => [...topic(node), ...alertsIn(node)]);
    // What is shown again inside of a region is an addition; a region that is itself shown again is not, but an alert is.
    if (type === "attributes") return [...(isRegion(target) ? [] : topic(target)), ...[target, ...target.querySelectorAll("*")].filter((each) => isAlert(each) && isThere(each))];
    const isHeard = regionOf(target)?.getAttribute("aria-relevant") !== "additions";
    return isHeard ? topic(target) : [];
  }

  const alertsIn = (node) => (node instanceof Element ? [...node.querySelectorAll("[role=alert]")].filter(isThere) : []);

  let fresh = new Set();
  function listen(changes) {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element);
    fresh = new Set(added.flatMap((node) => [node, ...node.querySelectorAll("*")]));
    for (const node of new Set(changes.flatMap(about))) {
      const said = words(node).replace(/\s+/gu, " ").trim();
      if (said) heard.push(said);
    }
    if (heard.length) waiting.splice(0).forEach((resolve) => resolve());
  }

  addEventListener("DOMContentLoaded", () =>
    new MutationObserver(listen).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["hidden"] }),
  );
})();
