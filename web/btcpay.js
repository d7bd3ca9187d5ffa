// Shows an invoice of this server in a frame over a shop's page. Shops load it from /modal/btcpay.js and speak to window.btcpay.
(() => {
  /** @typedef {string | { paymentMethodId?: string } | null | undefined} Choice a payment method, or an object that names one */
  const page = /** @type {any} */ (window);
  if (page.btcpay) {
    console.warn("btcpay.js is on this page twice; the first one stays.");
    return;
  }

  const here = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;
  let origin = new URL(here).origin;
  let isOpen = false;
  let entering = () => {};
  let leaving = () => {};
  /** @type {(event: MessageEvent) => void} */
  let receiving = () => {};

  const frame = document.createElement("iframe");
  frame.name = "btcpay";
  frame.title = "Payment";
  frame.allow = "clipboard-write";
  Object.assign(frame.style, { display: "none", position: "fixed", inset: "0", width: "100%", height: "100%", border: "0", zIndex: "2000" });

  const showFrame = () => {
    if (!frame.isConnected) document.body.append(frame);
    entering();
    frame.style.display = "block";
  };

  const hideFrame = () => {
    leaving();
    isOpen = false;
    frame.style.display = "none";
    frame.remove();
  };

  /** @param {string} invoiceId @param {Choice} [choice] */
  const appendInvoiceFrame = (invoiceId, choice) => {
    const method = typeof choice === "string" ? choice : choice?.paymentMethodId;
    isOpen = true;
    document.body.append(frame);
    frame.src = `${origin}/i/${encodeURIComponent(invoiceId)}${method ? "/" + encodeURIComponent(method) : ""}?view=modal`;
  };

  addEventListener("message", event => {
    if (!isOpen || event.source !== frame.contentWindow || event.origin !== new URL(origin).origin) return;
    if (event.data === "loaded") showFrame();
    else if (event.data === "close") hideFrame();
    receiving(event);
  });

  page.btcpay = {
    showFrame,
    hideFrame,
    showInvoice: appendInvoiceFrame,
    appendInvoiceFrame,
    /** @param {string} invoiceId @param {Choice} [choice] */
    appendAndShowInvoiceFrame: (invoiceId, choice) => {
      appendInvoiceFrame(invoiceId, choice);
      showFrame();
    },
    /** @param {() => void} handler */
    onModalWillEnter: handler => { entering = handler; },
    /** @param {() => void} handler */
    onModalWillLeave: handler => { leaving = handler; },
    /** @param {(event: MessageEvent) => void} handler */
    onModalReceiveMessage: handler => { receiving = handler; },
    /** @param {string} prefix */
    setApiUrlPrefix: prefix => { origin = prefix.replace(/\/+$/, ""); },
  };
})();
